/**
 * What a function does to what it is given, read off the engine: each parameter is followed as if acquired at entry, each
 * field of the receiver likewise.
 */
import { GENERIC_RESOURCE, type Effect, type Guard, type ResourceKind, type Slot } from '../../effects/effect.ts';
import type { Input, Inputs } from '../../effects/inputs.ts';
import { functionFacts, pathKey } from '../../engine/function-facts.ts';
import { anyResource } from '../../engine/machine.ts';
import { mayBeReleased, outlook } from '../../engine/outlook.ts';
import { ownField } from '../../engine/receiver.ts';
import { emptyStore, read, write, type Store } from '../../engine/store.ts';
import { simulate, type Seed } from '../../engine/simulate.ts';
import { FALSE, NON_NULL, TRUE, UNKNOWN } from '../../engine/value.ts';
import type { Condition, Instruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf, literalAssigned } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { Acquisition } from '../calls/call-knowledge.ts';
import { resourceOfType } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { endOfLife } from '../classes/end-of-life.ts';
import { endingOf } from './ending.ts';
import { exitEffects } from './exit-effects.ts';
import { failureOf } from './failure.ts';
import { partOfType } from '../classes/owned-parts.ts';
import { placesThrough } from '../obligations/presumed-acquisitions.ts';
import { entryBlock } from '../../ir/walk.ts';

export interface FunctionSummary {
  readonly effects: readonly Effect[];
  /** Those that start at one of these inputs: what others are done to need not be found out. */
  effectsOn(inputs: Inputs): readonly Effect[];
  readonly acquisitions: readonly Acquisition[];
  readonly mayReturnFresh: boolean;
  /** A getter, whatever it is called, or it keeps what it opened and hands out. */
  readonly returnsKept: boolean;
}

/** What the function does to one of its inputs. `given`: what is known of parameters at the call, e.g. that a flag is true. */
export function inferEffects(demand: Demand, scope: Scope, input: Input, given: Store = emptyStore): readonly Effect[] {
  return input === 'receiver' ? onReceiver(demand, scope) : onParameter(demand, scope, input, given);
}

function onParameter(demand: Demand, scope: Scope, index: number, given: Store): readonly Effect[] {
  const place = scope.fn.params[index];
  if (place === undefined || !mayNeedRelease(scope, place)) return [];
  return effectsOn(demand, scope, place, { at: 'param', index }, given);
}

function onReceiver(demand: Demand, scope: Scope): readonly Effect[] {
  const { fn } = scope;
  const effects: Effect[] = [];
  if (fn.receiver !== null && fn.kind === 'method' && concernsReceiver(demand, scope, fn.receiver)) {
    const found = effectsOn(demand, scope, fn.receiver, { at: 'receiver' });
    effects.push(...found.filter((effect) => effect.kind !== 'borrow'));
  } else if (fn.receiver !== null && fn.kind === 'method' && isInReturned(scope, fn.receiver)) {
    // What nobody knows, `return codec.encode(this)`, hardly keeps it.
    const found = effectsOn(demand, scope, fn.receiver, { at: 'receiver' });
    effects.push(...found.filter(({ kind }) => kind === 'transfer' || kind === 'alias'));
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
  return effects.length === 0 ? givenUp(demand, scope) : effects;
}

/** `detach() { this.connector = null; }`, where `close()` releases that field: nothing is left for the caller to release. */
function givenUp(demand: Demand, scope: Scope): readonly Effect[] {
  const { fn } = scope;
  if (fn.kind !== 'method' || fn.receiver === null) return [];
  const cleared = fn.blocks.flatMap(({ instructions }) => instructions.flatMap((one) => clearedField(fn, one)));
  if (cleared.length === 0) return [];
  const released = demand.fieldReleases.of(scope.file);
  if (!cleared.some((field) => released.has(field))) return [];
  // What is given something may take it in its place.
  if (fn.params.some((_, index) => onParameter(demand, scope, index, emptyStore).length > 0)) return [];
  return [{ kind: 'transfer', from: { at: 'receiver' }, to: 'field', on: 'return', certainty: 'may' }];
}

function clearedField(fn: IrFunction, instruction: Instruction): string[] {
  if (instruction.op !== 'assign' || literalAssigned(instruction)?.kind !== 'null') return [];
  const field = ownField(fn, instruction.dest);
  return field === null ? [] : [field];
}

/**
 * As `inferEffects`; where a parameter is a flag the function tests, what happens only with it set or unset
 * is guarded by it, so that `close(in, owned)` means what `owned` is at the call.
 */
export function inferGuardedEffects(demand: Demand, scope: Scope, input: Input, given: Store): readonly Effect[] {
  const index = testedParameter(scope, input, given, 'true');
  const flag = scope.fn.params[index];
  if (flag === undefined || input === 'receiver') return inferGivenOthers(demand, scope, input, given);
  const whenTrue = inferEffects(demand, scope, input, write(given, flag, TRUE));
  const whenFalse = inferEffects(demand, scope, input, write(given, flag, FALSE));
  const always = guardedBy({ slot: { at: 'param', index }, is: 'true' }, whenTrue, whenFalse);
  const otherwise = guardedBy({ slot: { at: 'param', index }, is: 'false' }, whenFalse, whenTrue);
  return [...always, ...otherwise.filter((effect) => effect.given !== undefined)];
}

/**
 * `if closer == nil { return nil, errNoCloser }`: what becomes of another parameter there concerns only who gives null for
 * this one.
 */
function inferGivenOthers(demand: Demand, scope: Scope, input: Input, given: Store): readonly Effect[] {
  const effects = inferEffects(demand, scope, input, given);
  const index = testedParameter(scope, input, given, 'null');
  const other = scope.fn.params[index];
  if (other === undefined || input === 'receiver' || !effects.some(isUnsure)) return effects;
  const whenSet = inferEffects(demand, scope, input, write(given, other, NON_NULL));
  if (whenSet.length === 0 || whenSet.some(isUnsure)) return effects;
  return guardedBy({ slot: { at: 'param', index }, is: 'set' }, whenSet, effects);
}

function isUnsure(effect: Effect): boolean {
  return effect.given !== undefined || ('certainty' in effect && effect.certainty === 'may');
}

/** Another parameter that the function asks this of, and that nobody knows; -1: there is none. */
function testedParameter({ fn }: Scope, input: Input, given: Store, test: Condition['test']): number {
  const { testKinds } = functionFacts(fn);
  return fn.params.findIndex(
    (place, index) =>
      (test === 'true' || index !== input) &&
      testKinds.get(place)?.has(test) === true &&
      read(given, place) === UNKNOWN,
  );
}

/** Those of the effects that others do not have as well happen only where the guard holds. */
function guardedBy(guard: Guard, effects: readonly Effect[], others: readonly Effect[]): Effect[] {
  const known = new Set(others.map((effect) => JSON.stringify(effect)));
  return effects.map((effect) => (known.has(JSON.stringify(effect)) ? effect : { ...effect, given: guard }));
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
  const kept = captured.some(({ kind }) => kind !== 'borrow') ? [] : keptForGood(demand, scope);
  return [...captured, ...kept, ...within, ...given];
}

/** `pool.submit(() -> readForEver(consumer))`: a function made here that never comes back needs it for as long as the process runs. */
function keptForGood(demand: Demand, scope: Scope): readonly Effect[] {
  const { captures, places } = scope.fn;
  const kept = captures.flatMap((place, index) =>
    places[place]?.kind === 'local' && mayNeedRelease(scope, place) ? [index] : [],
  );
  if (kept.length === 0) return [];
  const returns = scope.fn.blocks.some(({ terminator }) => terminator.op === 'return');
  if (returns && !callsOf(scope.fn).some((call) => demand.knowledge(scope, call).neverReturns)) return [];
  if (endingOf(demand, scope) !== 'halts') return [];
  return kept.map((index) => ({
    kind: 'transfer',
    from: { at: 'capture', index },
    to: 'task',
    on: 'return',
    certainty: 'must',
  }));
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

/** `return this.rows.take(this)`: who is given the object gives what is returned. */
function isInReturned({ fn }: Scope, receiver: PlaceId): boolean {
  const { returnedAtOnce } = functionFacts(fn);
  return [...returnedAtOnce].some((call) =>
    call.args.some(({ value }) => value.kind === 'place' && value.place === receiver),
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
  const seed = parameterSeed(demand, scope, place, given);
  const prospect = seed.tracked.spentBy.size > 0 ? 'unclear' : outlook(context, seed.places);
  if (prospect === 'nothing') return [];
  if (prospect === 'escapes') return [{ kind: 'escape', slot, on: 'both', certainty: 'may' }];
  return exitEffects(simulate(scope.fn, context, seed), slot, failureOf(scope));
}

/** How what the function is given in `place` is followed through it. */
export function parameterSeed(demand: Demand, scope: Scope, place: PlaceId, given: Store = emptyStore): Seed {
  const { fn } = scope;
  const through = partsOf(demand, scope, place);
  // What is in an array or collection shares the fate of the array: `closeAll(Closeable... all)`.
  const elements = fn.places.flatMap(
    (one, id) => (one.kind === 'path' && one.root === place && one.fields[0] === elementField ? [id as PlaceId] : []), // numbered by position
  );
  return {
    tracked: { ...anyResource, through, spentBy: spendingFieldsOf(scope, place) },
    block: entryBlock,
    index: 0,
    places: [place, ...elements, ...placesThrough(scope, place, through)],
    holders: [],
    isState: false,
    facts: [given],
    span: fn.span,
    label: '',
  };
}

/** `print(response.text)`: of the fields that use up resources of some kind those that the function mentions. */
function spendingFieldsOf({ fn, world }: Scope, place: PlaceId): ReadonlyMap<string, readonly ResourceKind[]> {
  const { pathPlaces } = functionFacts(fn);
  return new Map([...world.models.spendingFields].filter(([field]) => pathPlaces.has(pathKey(place, [field]))));
}

/** `func drain(response *http.Response)` that closes `response.Body`: that field stands for the response. */
function partsOf(demand: Demand, scope: Scope, place: PlaceId): readonly string[] {
  if (scope.fn.places[place]?.kind !== 'local') return [];
  const type = scope.typeOf(place);
  // Nobody says what it is: whoever hands out its body may hand out the response.
  if (type === null) return scope.world.models.throughFields;
  const resource = resourceOfType(scope.world, type);
  if (resource === null) return [];
  if (resource === GENERIC_RESOURCE) return partOfType(scope, place, type, (file) => demand.fieldReleases.plain(file));
  return scope.world.models.resource(resource).through;
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
