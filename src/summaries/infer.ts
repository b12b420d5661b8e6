/**
 * A function's summary, read off the engine: each parameter is followed as if acquired at entry, each
 * field of the receiver likewise, and acquisitions that leave by return become the caller's.
 */
import type { Effect, Guard, Owner, ResourceKind, Slot } from '../effects/effect.ts';
import { functionFacts } from '../engine/function-facts.ts';
import { mayBeReleased, outlook } from '../engine/outlook.ts';
import { ownField } from '../engine/receiver.ts';
import { emptyStore, read, write, type Store } from '../engine/store.ts';
import { simulate, type Seed, type Simulation } from '../engine/simulate.ts';
import type { OpenExit, Settlement } from '../engine/state.ts';
import { FALSE, TRUE, UNKNOWN } from '../engine/value.ts';
import { throwTiers, type BlockId, type Instruction, type IrFunction, type Operand, type PlaceId } from '../ir/ir.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase, simpleName } from '../resolve/type-names.ts';
import type { Acquisition } from './call-knowledge.ts';
import type { Demand } from './demand.ts';
import { GENERIC_RESOURCE, resourceOfType } from './call-names.ts';
import { endOfLife } from './end-of-life.ts';
import { failureOf, type Failure } from './failure.ts';
import { obligations, type Obligation } from './obligations.ts';
import { returnedCloser } from './returned-closer.ts';
import { mayReturnEnded } from './returned-ended.ts';
import { placesThrough } from './presumed-acquisitions.ts';

export interface FunctionSummary {
  readonly effects: readonly Effect[];
  readonly acquisitions: readonly Acquisition[];
  readonly mayReturnFresh: boolean;
  /** A getter, whatever it is called. */
  readonly returnsField: boolean;
}

const LIKELY = throwTiers.indexOf('likely');

/** What the function does to its parameters and receiver. `given`: what is known of parameters at the call, e.g. that a flag is true. */
export function inferEffects(demand: Demand, scope: Scope, given: Store = emptyStore): readonly Effect[] {
  const { fn } = scope;
  const effects: Effect[] = [];
  fn.params.forEach((place, index) => {
    if (!mayNeedRelease(scope, place)) return;
    effects.push(...effectsOn(demand, scope, place, { at: 'param', index }, given));
  });
  if (fn.receiver !== null && fn.kind === 'method' && concernsReceiver(demand, scope, fn.receiver)) {
    const found = effectsOn(demand, scope, fn.receiver, { at: 'receiver' });
    effects.push(...found.filter((effect) => effect.kind !== 'borrow'));
  }
  if (fn.receiver !== null && demand.mayRelease(scope)) {
    fn.places.forEach((_, id) => {
      const place = id as PlaceId; // places are numbered by position
      const field = ownField(fn, place);
      if (field === null || !mayBeReleased(demand.context(scope), [place])) return;
      const found = effectsOn(demand, scope, place, { at: 'receiver', fields: [field] });
      effects.push(...found.filter((effect) => effect.kind === 'release'));
    });
    effects.push(...endOfLife(demand, scope, effects));
  }
  effects.push(...returnedFields(scope), ...madeOfThis(demand, scope));
  if (effects.length === 0) effects.push(...givenUp(demand, scope));
  return effects;
}

/** `detach() { this.connector = null; }`, where `close()` releases that field: nothing is left for the caller to release. */
function givenUp(demand: Demand, scope: Scope): readonly Effect[] {
  const { fn } = scope;
  if (fn.kind !== 'method' || fn.receiver === null) return [];
  const cleared = fn.blocks.flatMap(({ instructions }) => instructions.flatMap((one) => clearedField(fn, one)));
  if (cleared.length === 0) return [];
  const released = demand.classes.fieldReleases(scope.file);
  if (!cleared.some((field) => released.has(field))) return [];
  return [{ kind: 'transfer', from: { at: 'receiver' }, to: 'field', on: 'return', certainty: 'may' }];
}

function clearedField(fn: IrFunction, instruction: Instruction): string[] {
  if (instruction.op !== 'assign' || instruction.source.kind !== 'literal') return [];
  const field = ownField(fn, instruction.dest);
  return field !== null && instruction.source.literal.kind === 'null' ? [field] : [];
}

/**
 * As `inferEffects`; where a parameter is a flag the function tests, what happens only with it set or unset
 * is guarded by it, so that `close(in, owned)` means what `owned` is at the call.
 */
export function inferGuardedEffects(demand: Demand, scope: Scope, given: Store): readonly Effect[] {
  const { testKinds } = functionFacts(scope.fn);
  const index = scope.fn.params.findIndex(
    (place) => testKinds.get(place)?.has('true') === true && read(given, place) === UNKNOWN,
  );
  const flag = scope.fn.params[index];
  if (flag === undefined) return inferEffects(demand, scope, given);
  const whenTrue = inferEffects(demand, scope, write(given, flag, TRUE));
  const whenFalse = inferEffects(demand, scope, write(given, flag, FALSE));
  const guardedBy = (is: 'true' | 'false', effects: readonly Effect[], others: readonly Effect[]): Effect[] => {
    const known = new Set(others.map((effect) => JSON.stringify(effect)));
    const guard = { slot: { at: 'param', index }, is } as const;
    return effects.map((effect) => (known.has(JSON.stringify(effect)) ? effect : { ...effect, given: guard }));
  };
  const always = guardedBy('true', whenTrue, whenFalse);
  return [...always, ...guardedBy('false', whenFalse, whenTrue).filter((effect) => effect.given !== undefined)];
}

/** `iterator.map(f)` gives another one of the same class, made of what this one works on: it stands for this one. */
function madeOfThis(demand: Demand, scope: Scope): readonly Effect[] {
  const { fn, owner } = scope;
  if (fn.kind !== 'method' || fn.receiver === null || fn.returns === null || owner === null) return [];
  if (simpleName(erase(fn.returns)) !== simpleName(owner)) return [];
  const isMade = fn.places.some((_, id) => {
    const place = id as PlaceId; // places are numbered by position
    const field = ownField(fn, place);
    if (field === null) return false;
    // Handed out of a field that keeps it.
    return effectsOn(demand, scope, place, { at: 'receiver', fields: [field] }).some(({ kind }) => kind === 'transfer');
  });
  const into: Slot = { at: 'result', index: 0 };
  return isMade ? [{ kind: 'alias', from: { at: 'receiver' }, into, on: 'return', certainty: 'may' }] : [];
}

/** Effects of a closure's body on what it captures and is given. */
export function inferClosure(demand: Demand, scope: Scope): readonly Effect[] {
  const { captures, params, places } = scope.fn;
  const captured = captures.flatMap((place, index) =>
    places[place]?.kind === 'local' ? effectsOn(demand, scope, place, { at: 'capture', index }) : [],
  );
  const within = demand.mayRelease(scope)
    ? captures.flatMap((place, index) => releasesWithin(demand, scope, place, index))
    : [];
  const given = params.flatMap((place, index) =>
    mayNeedRelease(scope, place)
      ? effectsOn(demand, scope, place, { at: 'param', index }).filter((effect) => effect.kind !== 'borrow')
      : [],
  );
  return [...captured, ...within, ...given];
}

/** `unlock := func() { c.mu.Unlock() }` releases a field of what it captures. */
function releasesWithin(demand: Demand, scope: Scope, captured: PlaceId, index: number): readonly Effect[] {
  return scope.fn.places.flatMap((place, id) => {
    if (place.kind !== 'path' || place.root !== captured) return [];
    const field = id as PlaceId; // places are numbered by position
    if (!mayBeReleased(demand.context(scope), [field])) return [];
    const found = effectsOn(demand, scope, field, { at: 'capture', index, fields: place.fields });
    return found.filter((effect) => effect.kind === 'release');
  });
}

/** Does the method release or return the object it is called on? */
function concernsReceiver(demand: Demand, scope: Scope, receiver: PlaceId): boolean {
  if (demand.releases(scope).some((site) => site.place === receiver)) return true;
  return scope.fn.blocks.some(
    ({ terminator, instructions }) =>
      (terminator.op === 'return' &&
        terminator.values.some((value) => value.kind === 'place' && value.place === receiver)) ||
      instructions.some((instruction) => handsOnReceiver(demand, scope, instruction, receiver)),
  );
}

/** `return new Filtered(this)`, or an anonymous class that uses `this`: the result may stand for the receiver. */
function handsOnReceiver(demand: Demand, scope: Scope, instruction: Instruction, receiver: PlaceId): boolean {
  if (instruction.op === 'closure') {
    const groups = demand.groups(scope);
    return instruction.captures.some((place) => groups.group(place) === groups.group(receiver));
  }
  return (
    instruction.op === 'call' &&
    instruction.callee.kind === 'construct' &&
    instruction.args.some((arg) => arg.value.kind === 'place' && arg.value.place === receiver)
  );
}

function mayNeedRelease(scope: Scope, place: PlaceId): boolean {
  // Declared as an interface without a release method it may still be kept, and then it is no longer the caller's.
  const type = scope.typeOf(place);
  return type === null || !scope.world.models.conventions.valueTypes.test(erase(type));
}

function effectsOn(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  slot: Slot,
  given: Store = emptyStore,
): readonly Effect[] {
  const context = demand.context(scope);
  const seed = entrySeed(scope, place, given);
  const prospect = outlook(context, seed.places);
  if (prospect === 'nothing') return [];
  if (prospect === 'escapes') return [{ kind: 'escape', slot, on: 'both', certainty: 'may' }];
  return readEffects(simulate(scope.fn, context, seed), slot, failureOf(scope));
}

function entrySeed(scope: Scope, place: PlaceId, given: Store): Seed {
  const { fn } = scope;
  const through = partsOf(scope, place);
  // What is in an array or collection shares the fate of the array: `closeAll(Closeable... all)`.
  const elements = fn.places.flatMap(
    (one, id) => (one.kind === 'path' && one.root === place && one.fields[0] === '[]' ? [id as PlaceId] : []), // numbered by position
  );
  return {
    tracked: { resource: null, hasSiblingRelease: false, through, resultIndex: null, spentBy: [] },
    block: 0 as BlockId, // blocks[0] is the entry
    index: 0,
    places: [place, ...elements, ...placesThrough(scope, place, through)],
    holders: [],
    isState: false,
    facts: [given],
    span: fn.span,
    label: '',
  };
}

/** `func drain(response *http.Response)` that closes `response.Body`: that field stands for the response. */
function partsOf(scope: Scope, place: PlaceId): readonly string[] {
  if (scope.fn.places[place]?.kind !== 'local') return [];
  const type = scope.typeOf(place);
  // Nobody says what it is: whoever hands out its body may hand out the response.
  if (type === null) return scope.world.models.throughFields;
  const resource = resourceOfType(scope.world, type);
  return resource === null || resource === GENERIC_RESOURCE ? [] : scope.world.models.resource(resource).through;
}

function readEffects(simulation: Simulation, slot: Slot, failure: Failure | null): readonly Effect[] {
  if (simulation.limit !== null) return [{ kind: 'escape', slot, on: 'both', certainty: 'may' }];
  const effects: Effect[] = [];
  const normal = simulation.open.filter((exit) => exit.state.weakest === null && exit.kind !== 'throw');
  const failing = simulation.open.filter(
    (exit) => exit.state.weakest !== null && throwTiers.indexOf(exit.state.weakest) >= LIKELY,
  );
  const settled = simulation.settled.filter((exit) => !(exit.isLeaving && exit.settlement.kind === 'released'));
  const isSettledNormally = settled.some((exit) => exit.settlement.kind !== 'halted');
  const kept = normal.filter((exit) => exit.fields.length > 0);
  const isLeftOnlyOnFailure = failure !== null && normal.every((exit) => kept.includes(exit) || failure.ends(exit));
  const onSuccess = isLeftOnlyOnFailure && normal.length > kept.length ? { given: failure.success } : {};
  const certainty = normal.length > 0 ? 'may' : 'must';
  const add = (effect: Effect): void => {
    effects.push(effect);
  };
  const isReleased = settled.some((exit) => exit.settlement.kind === 'released');
  const cleansUp =
    failing.length === 0 &&
    simulation.settled.some(
      (exit) => (exit.isExceptional || (exit.isLeaving && !isReleased)) && exit.settlement.kind === 'released',
    );
  if (cleansUp) add({ kind: 'release', slot, on: 'throw', certainty: 'must' });
  const field = normal.flatMap((exit) => exit.fields)[0];
  if (field !== undefined && slot.at !== 'receiver') {
    // Of certain kinds it may have been released before.
    for (const { settlement } of settled) {
      if (settlement.kind === 'released' && settlement.only !== undefined)
        effects.push(...releases(slot, settlement, normal, failing));
    }
    const to: Slot = { at: 'receiver', fields: [field] };
    add({ kind: 'transfer', from: slot, to, on: 'return', certainty: 'must', ...onSuccess });
    return effects;
  }
  if (!isSettledNormally) return effects;
  for (const { settlement } of settled) {
    if (settlement.kind === 'released') {
      effects.push(...releases(slot, settlement, normal, failing));
    } else if (settlement.kind === 'returned') {
      const into: Slot = { at: 'result', index: settlement.index };
      add({ kind: 'alias', from: slot, into, on: 'return', certainty, ...onSuccess });
    } else if (settlement.kind === 'transferred') {
      const { field, isOwn } = settlement;
      const to: Slot | Owner = isOwn === true && field !== null ? { at: 'receiver', fields: [field] } : settlement.to;
      add({ kind: 'transfer', from: slot, to, on: 'return', certainty });
    } else if (settlement.kind === 'escaped') {
      add({ kind: 'escape', slot, on: 'both', certainty: 'may' });
    }
  }
  return effects.filter(
    (effect, index) =>
      effects.findIndex(
        (one) => one.kind === effect.kind && one.on === effect.on && releasedAs(one) === releasedAs(effect),
      ) === index,
  );
}

/** As surely as no exit is open on which it was not released as this kind. */
function releases(
  slot: Slot,
  { only, drained }: Extract<Settlement, { kind: 'released' }>,
  normal: readonly OpenExit[],
  failing: readonly OpenExit[],
): readonly Effect[] {
  const isOpen = (exits: readonly OpenExit[], kind: ResourceKind | null): boolean =>
    exits.some(({ state }) => kind === null || !state.releasedAs.includes(kind));
  return (only ?? [null]).map((kind) => ({
    kind: 'release',
    slot,
    on: isOpen(failing, kind) ? 'return' : 'both',
    certainty: isOpen(normal, kind) ? 'may' : 'must',
    ...(kind === null ? {} : { resource: kind }),
    ...(drained === true ? { drained } : {}),
  }));
}

function releasedAs(effect: Effect): string {
  return effect.kind === 'release' ? `${effect.resource ?? ''} ${String(effect.drained === true)}` : '';
}

export function returnedAcquisitions(demand: Demand, scope: Scope): readonly Acquisition[] {
  const returns = scope.fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.length > 0);
  if (!returns) return [];
  const found: Acquisition[] = [];
  for (const obligation of obligations(demand, scope)) {
    if (obligation.family !== 'resource') continue;
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed);
    const returned = simulation.settled.find((exit) => exit.settlement.kind === 'returned');
    if (returned?.settlement.kind !== 'returned') continue;
    const closer = returnedCloser(demand, scope, obligation, returned);
    if (closer !== null) {
      found.push(...calledToRelease(demand, closer));
      break;
    }
    found.push({
      slot: { at: 'result', index: returned.settlement.index },
      resource: obligation.resource,
      type: obligation.type,
      heldBy: null,
      // What may come back released, or kept by somebody else, is the caller's only if the caller thinks so too.
      isPresumed:
        obligation.isPresumed ||
        mayReturnEnded(demand, scope, obligation, simulation.settled) ||
        mayReturnHarmless(demand, scope, obligation, returned.settlement.index),
      given: pairedGuard(scope, returned.settlement.index) ?? flagGuard(scope, returned.settlement.index),
      isAlone: returned.settlement.alone && returnsSeveral(scope),
    });
    break;
  }
  return found;
}

/** Another way out hands out the same kind of thing, of which rules say that nothing is due: callers cannot tell. */
function mayReturnHarmless(demand: Demand, scope: Scope, { call, type }: Obligation, index: number): boolean {
  if (type === null) return false;
  const groups = demand.groups(scope);
  const returned = new Set(
    scope.fn.blocks.flatMap(({ terminator }) => {
      const value = terminator.op === 'return' ? terminator.values[index] : undefined;
      return value?.kind === 'place' ? [groups.group(value.place)] : [];
    }),
  );
  return scope.fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      const dest = one.op === 'call' && one.span.start !== call.span.start ? one.dests[index] : undefined;
      if (one.op !== 'call' || dest === undefined || !returned.has(groups.group(dest))) return false;
      const { models, resultType } = scope.resolved(one);
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
  const returned = scope.fn.blocks.flatMap(({ terminator }) => (terminator.op === 'return' ? [terminator.values] : []));
  const [first] = returned;
  const other = first?.length === 2 ? 1 - index : -1;
  if (other < 0 || !returned.some((values) => isNull(values[index]))) return null;
  const isPaired = returned.every((values) => isNull(values[index]) === isNull(values[other]));
  return isPaired ? { slot: { at: 'result', index: other }, is: 'set' } : null;
}

/** `return nil, false, nil` and `return file, true, nil`: there is one where the flag says so. */
function flagGuard({ fn }: Scope, index: number): Guard | null {
  const returned = fn.blocks.flatMap(({ terminator }) => (terminator.op === 'return' ? [terminator.values] : []));
  const flag = returned[0]?.findIndex((value) => booleanOf(value) !== null) ?? -1;
  const isTold = returned.every((values) => booleanOf(values[flag]) === !isNull(values[index]));
  return flag >= 0 && isTold && returned.some((values) => isNull(values[index]))
    ? { slot: { at: 'result', index: flag }, is: 'true' }
    : null;
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
  return [{ slot: { at: 'result', index }, resource, type: null, heldBy: null, isPresumed: true, given: null }];
}

function returnsSeveral({ fn }: Scope): boolean {
  return fn.blocks.some(({ terminator }) => terminator.op === 'return' && terminator.values.length > 1);
}

export function returnsField(scope: Scope): boolean {
  return returnedFields(scope).length > 0;
}

/** `return this.stream;`: the result is the field. */
function returnedFields({ fn }: Scope): readonly Effect[] {
  const effects: Effect[] = [];
  for (const { terminator } of fn.blocks) {
    if (terminator.op !== 'return') continue;
    for (const [index, value] of terminator.values.entries()) {
      const field = value.kind === 'place' ? ownField(fn, value.place) : null;
      if (field === null) continue;
      const from: Slot = { at: 'receiver', fields: [field] };
      effects.push({ kind: 'alias', from, into: { at: 'result', index }, on: 'return', certainty: 'may' });
    }
  }
  return effects;
}

/** `return factory.make();` with a factory nobody knows: the result may be fresh. */
export function returnsUnknown(demand: Demand, scope: Scope): boolean {
  const groups = demand.groups(scope);
  const returned = new Set<PlaceId>();
  for (const { terminator } of scope.fn.blocks) {
    if (terminator.op !== 'return') continue;
    for (const value of terminator.values) if (value.kind === 'place') returned.add(groups.group(value.place));
  }
  return scope.fn.blocks.some((block) =>
    block.instructions.some(
      (instruction) =>
        instruction.op === 'call' &&
        instruction.dests[0] !== undefined &&
        returned.has(groups.group(instruction.dests[0])) &&
        demand.knowledge(scope, instruction).mayReturnFresh,
    ),
  );
}
