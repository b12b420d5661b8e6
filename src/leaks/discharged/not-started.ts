/**
 * What holds nothing before it is told to start: a server that does not listen yet, a pool nobody has asked for a
 * connection. A function that fails before that leaves nothing behind.
 *
 *     const server = createServer(handle);
 *     const port = portOf(settings);
 *     server.listen(port);
 *
 * So does a collection of what is to be ended, before anything is put into it.
 */
import { GENERIC_RESOURCE } from '../../effects/effect.ts';
import { ownPath } from '../../engine/receiver.ts';
import { blocksPassed, type OpenExit } from '../../engine/state.ts';
import type { BlockId, Instruction, PlaceId, CallInstruction } from '../../ir/ir.ts';
import { callsOf, placesRead } from '../../ir/operands.ts';
import { nullTest, reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { groupsOf } from '../../summaries/functions/flow-groups.ts';

export function withoutNotStarted(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  if (open.length === 0) return open;
  const { resource, seed, call } = obligation;
  const groups = demand.groups(scope);
  const isStartedByUse = scope.world.models.resource(resource).isStartedByUse;
  // Started by any use, it is so by the use of what came with it: a context with the function that ends it.
  const places = isStartedByUse ? [...seed.places, ...call.dests] : seed.places;
  const own = groupsOf(groups, places);
  const isIt = (place: PlaceId): boolean => own.has(groups.group(place));
  const startedBy = startersOf(demand, scope, obligation, isIt);
  if (startedBy === null || startedBy(seed.label) || isStartedInside(scope, obligation, startedBy)) return open;
  const keepers = keepersOf(scope, (place) => groups.group(place), isIt);
  const has = (id: PlaceId): boolean => {
    if (isIt(id)) return true;
    const place = scope.fn.places[id];
    if (place?.kind !== 'path') return keepers.groups.has(groups.group(id));
    return keepers.groups.has(groups.group(place.root)) && place.fields.some((field) => keepers.fields.has(field));
  };
  const isInField = places.some((place) => groups.members(place).some((member) => ownPath(scope.fn, member) !== null));
  const startsWithin = (one: Instruction): boolean =>
    !isStartedByUse && isStartedWithin(scope, one, startedBy, isIt, isInField);
  const isStart = (one: Instruction): boolean =>
    isStartedByUse ? isUse(one, has) : mayStart(one, startedBy, isIt) || startsWithin(one);
  const starts = scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((one) => (one.span.end > seed.span.end && isStart(one) ? [{ block: id, one }] : [])),
  );
  return open.filter((exit) => {
    // The class has it, and starts it elsewhere.
    if (!isStartedByUse && exit.kind !== 'throw' && exit.fields.length > 0) return true;
    const path = new Set(blocksPassed(exit.state));
    const isDone = (block: BlockId, one: Instruction): boolean =>
      (isBefore(one, exit) && !hasFailed(scope, block, one, path)) || (isAt(one, exit) && startsWithin(one));
    return starts.some(
      ({ block, one }) => (path.has(block) && isDone(block, one)) || (!isStartedByUse && isRoundOf(block, path)),
    );
  });

  /** A loop on the way: the path that is told is any of those that differ in nothing else, also the one without a round. */
  function isRoundOf(block: BlockId, path: ReadonlySet<BlockId>): boolean {
    if (!reaches(scope.fn, seed.block, block)) return false;
    return [...path].some((step) => reaches(scope.fn, block, step) && reaches(scope.fn, step, block));
  }
}

type IsStarter = (name: string) => boolean;

/** null: it may hold something from the start. */
function startersOf(
  demand: Demand,
  scope: Scope,
  { call, resource, isPresumed }: Obligation,
  isIt: (place: PlaceId) => boolean,
): IsStarter | null {
  const { models } = scope.world;
  const callsOne = (isStarter: IsStarter): boolean =>
    callsOf(scope.fn).some((one) => one.receiver !== null && isIt(one.receiver) && isStarter(calleeLabel(one)));
  if (resource === GENERIC_RESOURCE) {
    const { startMethods, containerMethods } = models.conventions;
    // What opens something by another call than its constructor has done so.
    if (call.callee.kind !== 'construct' || startMethods === null) return null;
    if (!isPresumed && !isStartedLater(demand, scope, call)) return null;
    // `const disposables = new DisposableCollection(); … disposables.push(listener);`
    const isFilled = call.args.length === 0;
    const isStarter = (name: string): boolean => startMethods.test(name) || (isFilled && containerMethods.test(name));
    return callsOne(isStarter) ? isStarter : null;
  }
  const { startedBy, mayBeStartedBy } = models.resource(resource);
  if (startedBy.size > 0) return (name) => startedBy.has(name);
  const isStarter = (name: string): boolean => mayBeStartedBy.has(name);
  return callsOne(isStarter) ? isStarter : null;
}

/** `new Channel(path)`, whose constructor makes a server that does not listen. */
function isStartedLater(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const { ownerType } = scope.resolved(call);
  const type = ownerType === null ? null : scope.world.project.type(ownerType);
  return type !== null && demand.classes.isStartedLater(type);
}

/** `const client = await connected(options)`: the function that hands it out calls what starts one. */
function isStartedInside(scope: Scope, { call }: Obligation, startedBy: IsStarter): boolean {
  return scope.resolved(call).declarations.some(({ declaration }) => [...declaration.calls].some(startedBy));
}

/** The call that fails itself has not started it. */
function isBefore({ span }: Instruction, exit: OpenExit): boolean {
  return exit.kind !== 'throw' || span.start < exit.span.start;
}

/** `if err := load(ctx); err != nil { return err }`: so has one that gives its failure, where the path takes it for one. */
function hasFailed({ fn }: Scope, at: BlockId, one: Instruction, path: ReadonlySet<BlockId>): boolean {
  const terminator = fn.blocks[at]?.terminator;
  const asked = terminator === undefined ? null : nullTest(terminator);
  if (one.op !== 'call' || asked === null || asked.place !== one.dests.at(-1)) return false;
  return path.has(asked.whereNot) && !path.has(asked.whereNull);
}

/** `send(client, order)`, or `this.send(order)` where the object keeps it: a function of the scan may start it, and fail after that. */
function isStartedWithin(
  scope: Scope,
  one: Instruction,
  startedBy: IsStarter,
  isIt: (place: PlaceId) => boolean,
  isInField: boolean,
): boolean {
  if (one.op !== 'call') return false;
  const hasIt =
    one.args.some(({ value }) => value.kind === 'place' && isIt(value.place)) ||
    (isInField && one.receiver !== null && one.receiver === scope.fn.receiver);
  return hasIt && scope.resolved(one).declarations.some(({ declaration }) => [...declaration.calls].some(startedBy));
}

function isAt({ span }: Instruction, exit: OpenExit): boolean {
  return span.start === exit.span.start && span.end === exit.span.end;
}

/** Whoever else has it may start it. */
function mayStart(one: Instruction, startedBy: IsStarter, isIt: (place: PlaceId) => boolean): boolean {
  if (one.op === 'closure') return one.captures.some(isIt);
  if (one.op !== 'call') return false;
  if (one.receiver !== null && isIt(one.receiver) && startedBy(calleeLabel(one))) return true;
  return one.args.some(({ value }) => value.kind === 'place' && isIt(value.place));
}

/** What has it in a field. */
interface Keepers {
  readonly groups: ReadonlySet<PlaceId>;
  readonly fields: ReadonlySet<string>;
}

/** `s := &Store{ctx: ctx, cancel: cancel}` only keeps it. */
function keepersOf({ fn }: Scope, groupOf: (place: PlaceId) => PlaceId, isIt: (place: PlaceId) => boolean): Keepers {
  const groups = new Set<PlaceId>();
  const fields = new Set<string>();
  for (const { callee, args, dests } of callsOf(fn)) {
    if (callee.kind !== 'construct') continue;
    for (const { name, value } of args) {
      if (value.kind !== 'place' || !isIt(value.place)) continue;
      if (name !== null) fields.add(name);
      for (const dest of dests) groups.add(groupOf(dest));
    }
  }
  return { groups, fields };
}

/** `watch(ctx)`, `s.run()`, `watch(s.ctx)`, and not `s.ready.Set(1)`. */
function isUse(one: Instruction, has: (place: PlaceId) => boolean): boolean {
  if (one.op === 'call' && (one.callee.kind === 'construct' || one.callee.kind === 'aggregate')) return false;
  return (one.op === 'call' || one.op === 'spawn' || one.op === 'closure') && placesRead(one).some(has);
}
