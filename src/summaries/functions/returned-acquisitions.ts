/** What a function acquires and returns, which its callers acquire by calling it, and what tells them whether they did. */
import type { Guard, Slot } from '../../effects/effect.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import { ownField, ownPath } from '../../engine/receiver.ts';
import { simulate, type Simulation } from '../../engine/simulate.ts';
import { read, type Store } from '../../engine/store.ts';
import { TRUE } from '../../engine/value.ts';
import type { CallInstruction, Operand, PlaceId } from '../../ir/ir.ts';
import { callsOf, returnedValues } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Acquisition } from '../calls/call-knowledge.ts';
import { calleeLabel } from '../call-names.ts';
import type { Constants } from '../calls/constants-given.ts';
import type { Demand } from '../demand.ts';
import { failureOf } from './failure.ts';
import { groupsReturned } from './flow-groups.ts';
import { isHeldByOwnField } from '../obligations/held-by-own-field.ts';
import { carrierReturned } from '../obligations/literal-parts.ts';
import { obligations, type Obligation } from '../obligations/obligations.ts';
import { returnedCloser } from './returned-closer.ts';
import { mayReturnEnded } from './returned-ended.ts';
import { factsGiven, isRuledOut, mayLeaveBy } from './ruled-out.ts';

/** `given`: what a call gives the parameters. */
export function returnedAcquisitions(demand: Demand, scope: Scope, given: Constants = []): readonly Acquisition[] {
  const returns = scope.fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.length > 0);
  if (!returns) return [];
  const found: Acquisition[] = [];
  const all = obligations(demand, scope, 'function');
  const facts = factsGiven(demand, scope, given);
  for (const obligation of all) {
    if (obligation.family !== 'resource') continue;
    if (facts !== null && isRuledOut(demand, scope, obligation, given, facts)) continue;
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed);
    const returned = simulation.settled.find(
      (exit) => exit.settlement.kind === 'returned' && (facts === null || mayLeaveBy(exit, facts)),
    );
    if (returned?.settlement.kind !== 'returned') continue;
    const { index } = returned.settlement;
    // What wraps another comes back in its place.
    if (found.some(({ slot }) => slot.at === 'result' && slot.index === index)) continue;
    if (isToldByOtherResult(scope, index)) continue;
    const closer = returnedCloser(demand, scope, obligation, returned);
    if (closer !== null) {
      found.push(...calledToRelease(demand, closer));
      break;
    }
    if (isInOwnField(demand, scope, obligation)) continue;
    const carrier = carrierReturned(demand, scope, obligation, all, index);
    if (carrier === null) continue;
    found.push({
      slot: { at: 'result', index },
      resource: obligation.resource,
      type: obligation.type,
      heldBy: holdersGiven(demand, scope, obligation),
      // What may come back released, or kept by somebody else, is the caller's only if the caller thinks so too.
      isPresumed:
        obligation.isPresumed ||
        isHeldByOwnField(demand, scope, obligation) ||
        mayReturnEnded(demand, scope, obligation, simulation.settled) ||
        mayReturnHarmless(demand, scope, obligation, index),
      given: pairedGuard(scope, index) ?? flagGuard(scope, index) ?? flagBeside(scope, simulation, index),
      isAlone: returned.settlement.alone && returnsSeveral(scope),
      carrier,
    });
  }
  return found;
}

/** `query(connection)` gives what is gone with the connection; what an object has of a field that it ends is gone with the object. */
function holdersGiven(demand: Demand, { fn, file }: Scope, { seed }: Obligation): readonly Slot[] {
  const params = fn.params.flatMap((param, index): Slot[] =>
    seed.holders.includes(param) ? [{ at: 'param', index }] : [],
  );
  const fields = fn.receiver === null ? [] : seed.holders.flatMap((holder) => ownField(fn, holder) ?? []);
  const isOfObject = fields.some((field) => demand.fieldReleases.ends(file, field).length > 0);
  return isOfObject ? [...params, { at: 'receiver' }] : params;
}

/** `s.cancel = cancel; return s`: the object is its own to end, however it does so. */
function isInOwnField(demand: Demand, scope: Scope, { seed }: Obligation): boolean {
  const { ownFields } = functionFacts(scope.fn);
  if (!scope.world.models.conventions.constructsByFields || ownFields.size === 0) return false;
  const groups = demand.groups(scope);
  const held = new Set(seed.places.flatMap((place) => groups.forward(place)));
  return [...ownFields.keys()].some((field) => held.has(field));
}

/** `files.add(file); return file;`: whoever is asked for it has it too, and ends it. */
export function handsOutKept(demand: Demand, scope: Scope): boolean {
  return obligations(demand, scope, 'function').some((obligation) => {
    if (obligation.family !== 'resource') return false;
    const { settled } = simulate(scope.fn, demand.context(scope), obligation.seed);
    const isKept = settled.some(({ settlement: { kind } }) => kind === 'transferred');
    return isKept && mayReturnEnded(demand, scope, obligation, settled);
  });
}

/** Another way out hands out the same kind of thing, of which rules say that nothing is due: callers cannot tell. */
function mayReturnHarmless(demand: Demand, scope: Scope, { call, type }: Obligation, index: number): boolean {
  if (type === null) return false;
  const groups = demand.groups(scope);
  const returned = groupsReturned(scope.fn, groups, index);
  const { elementGetters } = scope.world.models.conventions;
  return scope.fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const dest = one.op === 'call' && one.span.start !== call.span.start ? one.dests[index] : undefined;
      if (one.op !== 'call' || dest === undefined || !returned.has(groups.group(dest))) return false;
      const { models, resultType } = scope.resolved(one);
      // `kept.remove(key)`: rules speak of the collection, and not of what is in it.
      if (elementGetters.test(calleeLabel(one))) return false;
      return models.length > 0 && resultType === type && demand.knowledge(scope, one).acquisitions.length === 0;
    }),
  );
}

/**
 * `return nil, nil` and `return reader, &location`: there is the one where there is the other. null: nobody says so, or an
 * error does.
 */
function pairedGuard(scope: Scope, index: number): Guard | null {
  if (failureOf(scope) !== null) return null;
  const returned = returnedValues(scope.fn);
  const [first] = returned;
  const other = first?.length === 2 ? 1 - index : -1;
  if (other < 0 || !returned.some((values) => isNull(values[index]))) return null;
  const isPaired = returned.every((values) => isNull(values[index]) === isNull(values[other]));
  return isPaired ? { slot: { at: 'result', index: other }, is: 'set' } : null;
}

/** `return nil, false, nil` and `return file, true, nil`: there is one where the flag says so. */
function flagGuard({ fn }: Scope, index: number): Guard | null {
  const returned = returnedValues(fn);
  const flag = returned[0]?.findIndex((value) => booleanOf(value) !== null) ?? -1;
  const isTold = returned.every((values) => booleanOf(values[flag]) === !isNull(values[index]));
  return flag >= 0 && isTold && returned.some((values) => isNull(values[index]))
    ? { slot: { at: 'result', index: flag }, is: 'true' }
    : null;
}

/** `return conn, true`, and `return` of named results elsewhere: wherever it is handed out, the flag beside it is true. */
function flagBeside({ fn }: Scope, { settled }: Simulation, index: number): Guard | null {
  const returned = returnedValues(fn);
  const ways = settled.flatMap(({ settlement, state }) => {
    if (settlement.kind !== 'returned' || settlement.index !== index) return [];
    const terminator = state.path === null ? undefined : fn.blocks[state.path.block]?.terminator;
    return [terminator?.op === 'return' ? terminator.values.map((value) => isTrueIn(value, state.store)) : []];
  });
  const flag = ways[0]?.findIndex((_, at) => ways.every((way) => way[at] === true)) ?? -1;
  // One that is never false tells nothing.
  return flag >= 0 && returned.some((values) => booleanOf(values[flag]) !== true)
    ? { slot: { at: 'result', index: flag }, is: 'true' }
    : null;
}

function isTrueIn(value: Operand, store: Store): boolean {
  return booleanOf(value) === true || (value.kind === 'place' && read(store, value.place) === TRUE);
}

/** `return -1, nil` and `return 3, file`: what is beside it tells whether there is one, in a way that nobody follows. */
function isToldByOtherResult(scope: Scope, index: number): boolean {
  if (failureOf(scope) !== null || !returnsSeveral(scope)) return false;
  if (!returnedValues(scope.fn).some((values) => isNull(values[index]))) return false;
  return pairedGuard(scope, index) === null && flagGuard(scope, index) === null;
}

function booleanOf(value: Operand | undefined): boolean | null {
  return value?.kind === 'literal' && value.literal.kind === 'boolean' ? value.literal.value : null;
}

function isNull(value: Operand | undefined): boolean {
  return value?.kind === 'literal' && value.literal.kind === 'null';
}

/** What the callers get is a function to call. */
function calledToRelease(demand: Demand, index: number): readonly Acquisition[] {
  const { closerResource: resource } = demand.world.models.conventions;
  if (resource === null) return [];
  return [{ slot: { at: 'result', index }, resource, type: null, heldBy: [], isPresumed: true, given: null }];
}

function returnsSeveral({ fn }: Scope): boolean {
  return returnedValues(fn).some((values) => values.length > 1);
}

/** `return factory.make();` with a factory nobody knows: the result may be fresh. */
export function returnsUnknown(demand: Demand, scope: Scope): boolean {
  const groups = demand.groups(scope);
  const returned = new Set<PlaceId>();
  for (const { terminator } of scope.fn.blocks) {
    if (terminator.op !== 'return') continue;
    for (const value of terminator.values) if (value.kind === 'place') returned.add(groups.group(value.place));
  }
  const isReturned = (place: PlaceId | undefined): boolean => place !== undefined && returned.has(groups.group(place));
  const calls = callsOf(scope.fn);
  return (
    !calls.some((call) => isKeptByOwner(scope, call, isReturned)) &&
    calls.some((call) => isReturned(call.dests[0]) && demand.knowledge(scope, call).mayReturnFresh)
  );
}

/** `if (!manager) { manager = make(key); this.managers.set(key, manager); } return manager;`: fresh or not, the object has it. */
function isKeptByOwner(
  { fn, world }: Scope,
  { callee, receiver, args }: CallInstruction,
  isReturned: (place: PlaceId | undefined) => boolean,
): boolean {
  if (callee.kind !== 'method' || receiver === null || ownPath(fn, receiver) === null) return false;
  if (!world.models.conventions.containerMethods.test(callee.name)) return false;
  return args.some(({ value }) => value.kind === 'place' && isReturned(value.place));
}
