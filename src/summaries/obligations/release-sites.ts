/** Where a function releases things, without asking when: evidence for ownership, not proof of release. */
import type { Effect, ResourceKind, Slot } from '../../effects/effect.ts';
import { inputsWith, receiverInput } from '../../effects/inputs.ts';
import { capturedPlace, functionFacts } from '../../engine/function-facts.ts';
import { slotPlaces } from '../../engine/slots.ts';
import type { Argument, BlockId, CallInstruction, ClosureInstruction, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import { entryBlock, reaches, walkBlocks } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { mayHoldResource } from '../may-hold.ts';
import { isRuledOutByLiteral } from '../calls/model-knowledge.ts';
import { placeName } from '../place-names.ts';

export interface ReleaseSite {
  readonly place: PlaceId;
  /** null: whatever it is. */
  readonly resource: ResourceKind | null;
  /** Only an exception leads there: it cleans up after a failure, and says nothing of success. */
  readonly isAfterFailure: boolean;
  /** A function of the scan, or one made here, releases it sometimes: at the end of a file, on a retry. */
  readonly isOccasional: boolean;
  /** It depends on what the call answers: `rows.Next()` releases once there are no more. */
  readonly isByAnswer: boolean;
  /** The releasing call; null where a closure does it. */
  readonly span: Span | null;
  /** The call with `$` for what it releases, where it is a method without arguments: `$.close()`. */
  readonly written: string | null;
  /** What the method is given besides. */
  readonly args: ReleaseArguments;
  /** A method of another object, of which nobody knows the body, is called like a release of something else, or ends a record. */
  readonly isOfAnother: boolean;
  /** The call does nothing but release, by its name: `close()`, `closeQuietly(f)`, and not `save(path)`. */
  readonly isPlain: boolean;
  /** Where the call is, or the closure is made. */
  readonly block: BlockId;
  readonly index: number;
}

/** Of a method without any; numbers and the like, which mean the same anywhere, `shutdown(true)`; others. */
export type ReleaseArguments = 'none' | 'literal' | 'other';

/** Where in a function something stands. */
export interface Position {
  readonly block: BlockId;
  readonly index: number;
}

type SitePosition = Position & Pick<ReleaseSite, 'isAfterFailure'>;
type ReleaseEffect = Extract<Effect, { kind: 'release' }>;

/** Releases in the function's own body and, by capture, in its closures. */
export function releaseSites(demand: Demand, scope: Scope): readonly ReleaseSite[] {
  const sites: ReleaseSite[] = [];
  const normal = blocksReachedNormally(scope.fn);
  for (const block of scope.fn.blocks) {
    const isAfterFailure = !normal.has(block.id);
    for (const [index, instruction] of block.instructions.entries()) {
      const at = { isAfterFailure, block: block.id, index };
      const call = instruction.op === 'spawn' ? instruction.call : instruction;
      if (call.op === 'call')
        sites.push(...releasedByCall(demand, scope, call, at), ...releasedByOwn(demand, scope, call, at));
      if (instruction.op === 'closure') sites.push(...releasedByClosure(demand, scope, instruction, at));
    }
  }
  return sites;
}

function releasedByCall(demand: Demand, scope: Scope, call: CallInstruction, at: SitePosition): ReleaseSite[] {
  const known = demand.knowledge(scope, call);
  if (!known.mayRelease && !takesReleaser(demand, scope, call)) return [];
  const facts = functionFacts(scope.fn);
  return known
    .effectsOn(receiverInput | inputsWith(call, (place) => mayHoldResource(scope, place)))
    .flatMap((effect) => {
      if (effect.kind === 'invoke') return releasedByInvoked(demand, scope, call, effect, at);
      const slot = releasedSlot(scope, call, effect);
      if (slot === null) return [];
      const isRelease = effect.kind === 'release';
      const isSure = isRelease && effect.certainty === 'must';
      return slotPlaces(facts, call, slot).map((place) => ({
        place,
        resource: (isRelease ? effect.resource : null) ?? null,
        ...at,
        isOccasional: !isSure && scope.resolved(call).declarations.length > 0,
        isByAnswer: effect.given?.slot.at === 'result',
        span: call.span,
        written: isRelease ? writtenAs(call) : null,
        args: argumentsOf(call, slot),
        isOfAnother: endsRecord(scope, call) || (slot.at === 'param' && isOfAnother(scope, call, place, slot.index)),
        isPlain: isPlain(scope, call, slot),
      }));
    });
}

function releasedSlot(scope: Scope, call: CallInstruction, effect: Effect): Slot | null {
  // On failure alone: it cleans up, and says nothing of success.
  if (effect.on === 'throw') return null;
  if (effect.kind === 'release') {
    // `setAutoCommit(false)` begins a transaction, and ends none.
    return effect.drained === true || isRuledOutByLiteral(call, effect) ? null : effect.slot;
  }
  // `void end(ExecutorService jobs) { runAsync(() -> jobs.shutdown()); }`: by its own name and those it calls, what runs later releases it.
  if (effect.kind !== 'transfer' || effect.to !== 'task') return null;
  const { releaseFunctions, lifecycleEnd } = scope.world.models.conventions;
  const name = calleeLabel(call);
  if (!releaseFunctions.test(name) && !lifecycleEnd.test(name)) return null;
  return scope.resolved(call).declarations.length > 0 ? effect.from : null;
}

function isPlain({ world }: Scope, call: CallInstruction, slot: Slot): boolean {
  const { releaseMethods, releaseFunctions } = world.models.conventions;
  if (call.callee.kind === 'value') return true;
  const name = calleeLabel(call);
  return slot.at === 'receiver' ? releaseMethods.has(name) : releaseFunctions.test(name);
}

/** `jobs.terminateExport(context, name)` ends an export; `pool.releaseConnection(conn)` a connection. */
function isOfAnother(scope: Scope, call: CallInstruction, released: PlaceId, index: number): boolean {
  const { callee, receiver } = call;
  const isBesides = isSaidBesides(scope, call, index);
  if (!isBesides && (callee.kind !== 'method' || receiver === scope.fn.receiver)) return false;
  const name = calleeLabel(call);
  if (!isBesides && scope.world.models.conventions.releaseMethods.has(name)) return false;
  const { models, declarations } = scope.resolved(call);
  if (models.length > 0 || declarations.length > 0) return false;
  const type = scope.typeOf(released);
  const names = [placeName(scope.fn, released), type === null ? null : simpleName(erase(type))];
  return !names.some((one) => one !== null && isNamedIn(name, one));
}

/** `member.close(user, reason)`: who does it to what, and why, is said where a matter is ended, and not where a resource is. */
function endsRecord(scope: Scope, call: CallInstruction): boolean {
  const [by, ...others] = call.args;
  if (call.callee.kind !== 'method' || call.receiver === scope.fn.receiver || by === undefined) return false;
  if (scope.resolved(call).models.length > 0) return false;
  const isCloseable = ({ value }: Argument): boolean | null | undefined => {
    const type = value.kind === 'place' ? scope.typeOf(value.place) : null;
    return type === null ? undefined : scope.world.isCloseable(type);
  };
  return isCloseable(by) === null && others.some((one) => isCloseable(one) === false);
}

/** `sessions.disconnect(session, reason=why)`: how or why, and not what. */
function isSaidBesides({ world }: Scope, { args }: CallInstruction, index: number): boolean {
  return args[index]?.name != null || (index > 0 && !world.isTyped);
}

/** `closeResultStream` speaks of `stream` and `resultStream`, `release_connection` of `conn`. */
function isNamedIn(method: string, name: string): boolean {
  const words = wordsOf(method);
  const meant = wordsOf(name).at(-1) ?? '';
  return (
    meant.length > 2 && words.some((word) => word.startsWith(meant) || (word.length > 2 && meant.startsWith(word)))
  );
}

function wordsOf(name: string): readonly string[] {
  return (name.match(/[\p{Lu}\d]*[\p{Ll}\d]+|\p{Lu}+/gu) ?? []).map((word) => word.toLowerCase());
}

function argumentsOf({ args }: CallInstruction, slot: Slot): ReleaseArguments {
  if (slot.at !== 'receiver' || args.length === 0) return 'none';
  // A text may be what is said at the end: `socket.end('bye')`.
  return args.every(({ value }) => value.kind === 'literal' && value.literal.kind !== 'string') ? 'literal' : 'other';
}

function writtenAs({ callee, args, receiver }: CallInstruction): string | null {
  return callee.kind === 'method' && receiver !== null && args.length === 0 ? `$.${callee.name}()` : null;
}

/**
 * By names alone, as for calls: working out what a closure does takes a simulation for every place it captures, and most
 * closures release nothing.
 */
export function speaksOfReleasing(demand: Demand, scope: Scope): boolean {
  return scope.fn.blocks.some(({ instructions }) =>
    instructions.some((instruction) => {
      if (instruction.op === 'call') return demand.knowledge(scope, instruction).mayRelease;
      return (
        instruction.op === 'closure' && instruction.members.some((member) => demand.closureMayRelease(scope, member.fn))
      );
    }),
  );
}

/** It is handed a function that may release something. */
function takesReleaser(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const { closures } = functionFacts(scope.fn);
  return call.args.some((arg) => {
    const closure = arg.value.kind === 'place' ? closures.get(arg.value.place) : undefined;
    return closure?.members.some((member) => demand.closureMayRelease(scope, member.fn)) === true;
  });
}

/** `connection.ifPresent(one -> one.close())` */
function releasedByInvoked(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  { slot, with: given }: Extract<Effect, { kind: 'invoke' }>,
  at: SitePosition,
): ReleaseSite[] {
  const facts = functionFacts(scope.fn);
  const [place] = slotPlaces(facts, call, slot);
  const closure = place === undefined ? undefined : facts.closures.get(place);
  const effects = closure?.members.flatMap((member) => demand.closureEffects(scope, member.fn)) ?? [];
  return effects.flatMap((effect) => {
    if (effect.kind !== 'release' || effect.slot.at !== 'param') return [];
    const source = given[effect.slot.index];
    const places = source === undefined ? [] : slotPlaces(facts, call, source);
    return places.map((one) => releasedInClosure(one, effect, at));
  });
}

/** `go func(l net.Listener) { server.Serve(l) }(c.listener)`: by a function made here, called with it. */
function releasedByOwn(demand: Demand, scope: Scope, call: CallInstruction, at: SitePosition): ReleaseSite[] {
  const { closures } = functionFacts(scope.fn);
  const closure = call.callee.kind === 'value' ? closures.get(call.callee.place) : undefined;
  const releasers = closure?.members.filter((member) => demand.closureMayRelease(scope, member.fn)) ?? [];
  const effects = releasers.flatMap((member) => demand.closureEffects(scope, member.fn));
  return effects.flatMap((effect) => {
    if (effect.kind !== 'release' || effect.slot.at !== 'param') return [];
    const given = call.args[effect.slot.index]?.value;
    return given?.kind === 'place' ? [releasedInClosure(given.place, effect, at)] : [];
  });
}

function releasedByClosure(demand: Demand, scope: Scope, closure: ClosureInstruction, at: SitePosition): ReleaseSite[] {
  const releasers = closure.members.filter((member) => demand.closureMayRelease(scope, member.fn));
  const effects = releasers.flatMap((member) => demand.closureEffects(scope, member.fn));
  return effects.flatMap((effect) => {
    if (effect.kind !== 'release' || effect.slot.at !== 'capture') return [];
    const place = capturedPlace(functionFacts(scope.fn), closure, effect.slot);
    return place === null ? [] : [releasedInClosure(place, effect, at)];
  });
}

export function isReleasedIn(demand: Demand, scope: Scope, place: PlaceId, resource: ResourceKind): boolean {
  return releasesOf(demand, scope, place, resource).some((site) => !site.isAfterFailure);
}

/** By a method without arguments: what is given to others, `pipeline(response.body, file)`, may be released by its use. */
export function isReleasedByItself(demand: Demand, scope: Scope, place: PlaceId, resource: ResourceKind): boolean {
  return releasesOf(demand, scope, place, resource).some((site) => !site.isAfterFailure && site.written !== null);
}

/** On a path that comes by the position first: what is undone before, or on another path, was somebody else's doing. */
export function isReleasedAfter(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  { block, index }: Position,
): boolean {
  return releasesOf(demand, scope, place, resource).some(
    (site) =>
      !site.isAfterFailure &&
      // A function made before may run after.
      (site.span === null || (site.block === block && site.index > index) || reaches(scope.fn, block, site.block)),
  );
}

/** Where the function releases what is in the place, on whatever path. `resource` null: by what releases anything. */
export function releasesOf(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind | null,
): readonly ReleaseSite[] {
  const groups = demand.groups(scope);
  const group = groups.group(place);
  const through = resource === null ? [] : demand.world.models.resource(resource).through;
  const isMeant = (released: PlaceId): boolean => {
    if (groups.group(released) === group) return true;
    // `response.body.cancel()`, where the body stands for the response.
    const path = through.length > 0 ? scope.fn.places[released] : undefined;
    return path?.kind === 'path' && through.includes(path.fields[0] ?? '') && groups.group(path.root) === group;
  };
  return demand
    .releases(scope)
    .filter((site) => isMeant(site.place) && (site.resource === null || site.resource === resource));
}

function releasedInClosure(place: PlaceId, { resource, certainty }: ReleaseEffect, at: SitePosition): ReleaseSite {
  const unknown = {
    isOccasional: certainty === 'may',
    isByAnswer: false,
    span: null,
    written: null,
    args: 'none' as const,
    isOfAnother: false,
    isPlain: false,
  };
  return { place, resource: resource ?? null, ...at, ...unknown };
}

function blocksReachedNormally(fn: IrFunction): ReadonlySet<BlockId> {
  return new Set(Array.from(walkBlocks(fn, [entryBlock]), ({ id }) => id));
}
