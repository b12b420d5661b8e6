/**
 * Fields a method has to release and does release, but not when something before it throws:
 * `close() { flush(); connection.close(); }`. The duty is the method's from entry on. Only the method that
 * ends the object's life, or the only one to release the field, has it. Releases that fail do not count.
 */
import { GENERIC_RESOURCE, type ResourceKind } from '../../effects/effect.ts';
import { entryFacts } from '../../engine/entry-facts.ts';
import { anyResource } from '../../engine/machine.ts';
import { ownField, ownPath } from '../../engine/receiver.ts';
import { emptyStore } from '../../engine/store.ts';
import type { BlockId, CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import { calleeLabel, resourceOfType } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { heldBefore, type Obligation } from '../../summaries/obligations/obligations.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { entryBlock, reaches } from '../../ir/walk.ts';

/** A delay and its unit. With more it is told what to release: `this.claims.release(id, queue, tenant)`. */
const MOST_OF_AN_END = 2;

export function ownerDuties(demand: Demand, scope: Scope, functionName: string): readonly Obligation[] {
  const { fn } = scope;
  if (fn.kind !== 'method' || fn.receiver === null || !demand.mayRelease(scope)) return [];
  const found: Obligation[] = [];
  const groups = demand.groups(scope);
  const seen = new Set<string>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.op !== 'call' || instruction.receiver === null) continue;
      if (!demand.knowledge(scope, instruction).isRelease || unlocks(scope, instruction)) continue;
      if (isOfScope(scope, instruction) || instruction.args.length > MOST_OF_AN_END) continue;
      if (tellsMore(demand, scope, instruction)) continue;
      const field = groups.members(instruction.receiver).find((member) => ownField(fn, member) !== null);
      const name = field === undefined ? null : ownField(fn, field);
      if (field === undefined || name === null || name === elementField || seen.has(name)) continue;
      seen.add(name);
      if (
        !demand.releases(scope).some((site) => !site.isAfterFailure && groups.group(site.place) === groups.group(field))
      )
        continue;
      if (!endsLife(demand, scope, functionName, name)) continue;
      const [begun, ...others] = beginnings(demand, scope, field, instruction);
      if (others.length > 0) continue;
      const obligation = fieldObligation(demand, scope, field, name, { release: instruction, begun });
      if (obligation !== null) found.push(obligation);
    }
  }
  return found;
}

/** `const update = await this.issue.close(); show(update.state);`: what gives more than that it is done ends no resource. */
function tellsMore(demand: Demand, scope: Scope, { dests: [dest] }: CallInstruction): boolean {
  const results = dest === undefined ? [] : demand.groups(scope).forward(dest);
  return scope.fn.places.some((place) => place.kind === 'path' && results.includes(place.root));
}

function unlocks({ world }: Scope, { callee }: CallInstruction): boolean {
  return callee.kind === 'method' && world.unlocks(callee.name);
}

/** Where a duty begins: the call that takes what is released, and what comes after it. */
interface Beginning {
  readonly call: CallInstruction;
  readonly block: BlockId;
  readonly index: number;
}

/**
 * `await this.lock.acquire(); try { … } finally { this.lock.release(); }`: what the method takes itself is held from
 * there on, and not from entry.
 */
function beginnings(demand: Demand, scope: Scope, field: PlaceId, release: CallInstruction): readonly Beginning[] {
  const names = scope.world.models.conventions.counterparts.get(calleeLabel(release)) ?? [];
  if (names.length === 0) return [];
  const groups = demand.groups(scope);
  return scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((one, at) => {
      if (one.op !== 'call' || one.receiver === null || !names.includes(calleeLabel(one))) return [];
      if (groups.group(one.receiver) !== groups.group(field)) return [];
      const waited = instructions.findIndex(
        (next) => next.op === 'await' && next.source.kind === 'place' && one.dests.includes(next.source.place),
      );
      return [{ call: one, block: id, index: Math.max(at, waited) + 1 }];
    }),
  );
}

/** `try (Held held = lock.hold())`: what the call gave, if it is the field, was none to release before it. */
function isOfScope({ fn }: Scope, { receiver, isImplicit }: CallInstruction): boolean {
  return isImplicit && receiver !== null && valueUses(fn).makers(receiver).length > 0;
}

function endsLife(demand: Demand, scope: Scope, functionName: string, field: string): boolean {
  if (isSetAgain(demand, scope, field)) return false;
  if (scope.world.endsLife(scope.file.index, functionName)) return true;
  // A field no method of this class sets is a superclass's, which has its own end.
  const owner = scope.ownerType === null ? null : scope.world.project.type(scope.ownerType);
  if (owner !== null && !owner.shape.fields.some((one) => one.name === field)) return false;
  if (isAskedFor(scope, field)) return false;
  return !demand.fieldReleases.isByOther(scope.file, field, functionName);
}

/** `this.watch.dispose(); this.watch = watch(folder)`: it gives way to another, and stays where that cannot be had; or the other way round. */
function isSetAgain(demand: Demand, scope: Scope, field: string): boolean {
  const { fn } = scope;
  if (isSetIn(fn, field)) return true;
  const releases = demand.releases(scope).filter(({ place }) => ownPath(fn, place)?.[0] === field);
  return fn.blocks.some(({ id, instructions }) =>
    instructions.some(
      (one, index) =>
        one.op === 'call' &&
        releases.some((site) => (site.block === id ? site.index < index : reaches(fn, site.block, id))) &&
        isSetByOwn(demand, scope, one, field),
    ),
  );
}

/** `reset() { this.journal.close(); this.open(); }`: by another method, after the release. */
function isSetByOwn(demand: Demand, scope: Scope, call: CallInstruction, field: string): boolean {
  if (call.receiver === null || call.receiver !== scope.fn.receiver) return false;
  const { declarations } = scope.resolved(call);
  return declarations.some(
    ({ file, declaration }) =>
      file === scope.file &&
      declaration.owner === scope.owner &&
      demand.body(file, declaration).some(({ fn }) => isSetIn(fn, field)),
  );
}

function isSetIn(fn: IrFunction, field: string): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const dests =
        one.op === 'call' ? one.dests : one.op === 'assign' && one.source.kind !== 'literal' ? [one.dest] : [];
      return dests.some((dest) => ownPath(fn, dest)?.[0] === field);
    }),
  );
}

/**
 * `try { run(); } finally { if (this.store != null) this.store.close(); }` in no end of an object: what is done there may open
 * it, and in front of that there may be none.
 */
function isAskedFor({ fn }: Scope, field: string): boolean {
  return fn.blocks.some(
    ({ terminator, cloneOf }) =>
      cloneOf !== null &&
      terminator.op === 'branch' &&
      terminator.when !== 'unknown' &&
      terminator.when.test === 'null' &&
      ownPath(fn, terminator.when.place)?.[0] === field,
  );
}

/**
 * `for (const one of this.all)` ends a directory's iterator; that says nothing of a field nobody knows the type of. Nor does
 * what is given: `this.model.destroy({ where: { name } })`.
 */
function releasesKind(demand: Demand, scope: Scope, call: CallInstruction, resource: ResourceKind): boolean {
  return demand
    .knowledge(scope, call)
    .effects.some(
      (effect) =>
        effect.kind === 'release' &&
        effect.slot.at === 'receiver' &&
        (effect.resource === undefined || effect.resource === resource),
    );
}

/** `this.out = new DataOutputStream(this.bytes)` in each function of the class that sets it. */
function isMadeInMemory(demand: Demand, scope: Scope, field: string): boolean {
  const { file, owner, world } = scope;
  const makers = file.index.declarations
    .filter((one) => one.owner === owner && one.hasBody)
    .flatMap((one) => demand.body(file, one).slice(0, 1))
    .flatMap((setter) => callsThatMake(setter, field).map((maker) => ({ setter, maker })));
  const isInMemory = (type: string | null): boolean => type !== null && world.isInMemory(type);
  return (
    makers.length > 0 &&
    makers.every(
      ({ setter, maker: { callee, args } }) =>
        callee.kind === 'construct' &&
        args.some(({ value }) => value.kind === 'place' && isInMemory(setter.typeOf(value.place))),
    )
  );
}

function callsThatMake({ fn }: Scope, field: string): readonly CallInstruction[] {
  const uses = valueUses(fn);
  return callsOf(fn).filter(({ dests }) =>
    dests.flatMap((dest) => [dest, ...uses.copies(dest)]).some((place) => ownPath(fn, place)?.[0] === field),
  );
}

function fieldObligation(
  demand: Demand,
  scope: Scope,
  field: PlaceId,
  name: string,
  { release, begun }: { release: CallInstruction; begun: Beginning | undefined },
): Obligation | null {
  const { fn } = scope;
  const type = scope.typeOf(field);
  const isCloseable = type === null ? null : scope.world.isCloseable(type);
  if (isCloseable === false) return null;
  const resource = type === null ? GENERIC_RESOURCE : resourceOfType(scope.world, type);
  if (resource === null || !releasesKind(demand, scope, release, resource)) return null;
  if (type !== null && scope.world.models.type(erase(type))?.wraps != null && isMadeInMemory(demand, scope, name))
    return null;
  const call = begun?.call ?? release;
  return {
    ...heldBefore,
    call,
    resource,
    title: type === null ? 'resource' : simpleName(type),
    family: 'resource',
    typeName: type === null ? calleeLabel(call) : simpleName(type),
    type,
    variable: name,
    shownAs: name,
    isPresumed: isCloseable === null,
    hasSiblingRelease: true,
    span: call.span,
    seed: {
      tracked: { ...anyResource, resource, hasSiblingRelease: true },
      block: begun?.block ?? entryBlock,
      index: begun?.index ?? 0,
      places: [field],
      holders: [],
      isState: false,
      facts:
        begun === undefined ? [emptyStore] : entryFacts(fn, demand.context(scope)).before(begun.block, begun.index),
      span: call.span,
      label: begun === undefined ? '' : calleeLabel(call),
    },
  };
}
