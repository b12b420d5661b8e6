/**
 * How surely the promise that a call gives is rejected. An asynchronous function that waits for nothing, or takes all that
 * it waits for, fails only with what is wrong in the program:
 *
 *     async stop() { try { await this.flush(); } catch (error) { log(error); } }
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { onlyMaker } from '../../engine/single-assignments.ts';
import { isAtLeastAsSure } from '../../ir/ir.ts';
import type { BasicBlock, CallInstruction, Instruction, IrFunction, PlaceId, ThrowTier } from '../../ir/ir.ts';
import { awaitedCall, callsOf, returnedValues } from '../../ir/operands.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';

/** null: as surely as any other. */
export function rejectionOf(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): ThrowTier | null {
  const stated = resolved.models[0]?.summary.effects.find((effect) => effect.kind === 'rejects');
  if (stated?.kind === 'rejects') return stated.tier;
  if (isGivenNoRejection(demand, scope, call, resolved) || isTaken(demand, scope, call)) return 'possible';
  if (joinsNoRejection(demand, scope, call) || goesOnWell(demand, scope, call, resolved)) return 'possible';
  const [only, ...others] = resolved.declarations;
  if (only === undefined && scope.world.models.conventions.pauses?.test(calleeLabel(call)) === true) return 'possible';
  if (resolved.models.length > 0 || only === undefined || others.length > 0) return null;
  return demand.mayReject(only) ? null : 'possible';
}

/** `await new Promise((resolve) => setTimeout(resolve, 10))`: who runs at once, and asks for one function, has none to fail by. */
function isGivenNoRejection(demand: Demand, scope: Scope, call: CallInstruction, resolved: ResolvedCall): boolean {
  const given = call.args[0]?.value;
  if (call.callee.kind !== 'construct' || given?.kind !== 'place') return false;
  const effects = resolved.models[0]?.summary.effects ?? [];
  if (!effects.some((effect) => effect.kind === 'invoke' && effect.when === 'now')) return false;
  return demand
    .closuresOf(scope)
    .some(
      ({ closure, inner }) =>
        closure.dest === given.place && inner.fn.params.length === 1 && !inner.fn.isAsync && !mayFail(demand, inner),
    );
}

/** `flush().catch(() => undefined)`: what is left to fail is the function that takes the failure. */
function isTaken(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const { rejectionHandlers } = scope.world.models.conventions;
  const [handler, ...others] = call.args;
  if (call.callee.kind !== 'method' || rejectionHandlers?.test(call.callee.name) !== true) return false;
  if (handler?.value.kind !== 'place' || others.length > 0) return false;
  const made = madeIn(demand, scope, handler.value.place);
  return made !== null && !mayFail(demand, made);
}

/**
 * `ask().then(read, () => null)`, and `pause(100).then(() => null)`: whatever the promise it is made on comes to is dealt with,
 * or that is not rejected, and what deals with it does not fail.
 */
function goesOnWell(
  demand: Demand,
  scope: Scope,
  { args, receiver }: CallInstruction,
  resolved: ResolvedCall,
): boolean {
  const stated = resolved.models[0]?.summary.effects ?? [];
  if (receiver === null || !stated.some((effect) => effect.kind === 'invoke' && effect.outcome !== undefined))
    return false;
  let isDealtWith = false;
  for (const effect of stated) {
    if (effect.kind !== 'invoke' || effect.slot.at !== 'param') continue;
    const given = args[effect.slot.index]?.value;
    if (given?.kind !== 'place') continue;
    const made = madeIn(demand, scope, given.place);
    if (made === null || mayFail(demand, made)) return false;
    if (made.fn.blocks.some((block) => handsOutPromise(demand, made, block))) return false;
    isDealtWith ||= effect.outcome === 'rejected';
  }
  if (isDealtWith) return true;
  const makers = callsGiving(scope.fn, receiver);
  return makers.length > 0 && !makers.some((one) => mayBeRejected(demand, scope, one));
}

/** `Promise.all(names.map((name) => close(name).catch(log)))`: none of them is rejected. */
function joinsNoRejection(demand: Demand, scope: Scope, { callee, args: [given] }: CallInstruction): boolean {
  const { joinsPromises } = scope.world.models.conventions;
  if (callee.kind !== 'function' || joinsPromises?.test(`${callee.scope ?? ''}.${callee.name}`) !== true) return false;
  if (given?.value.kind !== 'place') return false;
  const { place } = given.value;
  const [maker, ...others] = callsOf(scope.fn).filter(({ dests }) => dests.includes(place));
  return maker !== undefined && others.length === 0 && givesNoRejection(demand, scope, maker);
}

/** A list of promises, written down or made one by one. */
function givesNoRejection(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const { callee, args } = call;
  const places = args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
  if (callee.kind === 'aggregate') {
    const makers = places.map((place) => callsGiving(scope.fn, place));
    return makers.every((calls) => calls.length > 0 && !calls.some((one) => mayBeRejected(demand, scope, one)));
  }
  const made = runAtOnce(demand, scope, call);
  if (made === null || mayFail(demand, made)) return false;
  return !made.fn.blocks.some((block) => handsOutPromise(demand, made, block));
}

/** `names.map((name) => name.trim())`: what is run for each element does not fail, and nothing else could. */
export function runsWithoutFailing(demand: Demand, scope: Scope, call: CallInstruction): boolean {
  const made = runAtOnce(demand, scope, call);
  return made !== null && !mayFail(demand, made);
}

/** The function made here that is run for each element before the call returns; null: none, or it is no such call. */
function runAtOnce(demand: Demand, scope: Scope, { callee, args }: CallInstruction): Scope | null {
  if (callee.kind !== 'method' || scope.world.models.conventions.runsAtOnce?.test(callee.name) !== true) return null;
  const [run] = args.flatMap(({ value }) => (value.kind === 'place' ? [value.place] : []));
  return run === undefined ? null : madeIn(demand, scope, run);
}

/** The function made here that is in the place; null: it is another one. */
function madeIn(demand: Demand, scope: Scope, place: PlaceId): Scope | null {
  return demand.closuresOf(scope).find(({ closure }) => closure.dest === place)?.inner ?? null;
}

export function failsWhenAwaited(demand: Demand, scope: Scope): boolean {
  const { fn } = scope;
  if (fn.isGenerator) return true;
  if (!fn.isAsync) return !handsOutNoRejection(demand, scope);
  return mayFail(demand, scope) || fn.blocks.some((block) => handsOutPromise(demand, scope, block));
}

function mayFail(demand: Demand, scope: Scope): boolean {
  const { fn } = scope;
  return fn.blocks.some(
    (block) => mayLeave(fn, block) && (block.terminator.op === 'throw' || hasLikelyFailure(demand, scope, block)),
  );
}

/** Cleanup that passes the exception on, and clauses that take some only, are taken to let it out. */
function mayLeave(fn: IrFunction, { unwind }: BasicBlock): boolean {
  const terminator = unwind === null ? undefined : fn.blocks[unwind]?.terminator;
  return terminator?.op !== 'dispatch' || !terminator.clauses.some(({ isBroad }) => isBroad);
}

function hasLikelyFailure(demand: Demand, scope: Scope, block: BasicBlock): boolean {
  return block.instructions.some((one) => {
    if (one.op === 'yield') return true;
    if (one.op === 'call') return isAtLeastAsSure(demand.knowledge(scope, one).throws, 'likely');
    return (
      one.op === 'await' &&
      isAtLeastAsSure(one.throws, 'likely') &&
      mayBeRejected(demand, scope, madePromise(scope.fn, block, one))
    );
  });
}

function madePromise(
  fn: IrFunction,
  block: BasicBlock,
  waiting: Extract<Instruction, { op: 'await' }>,
): CallInstruction | null {
  const before = awaitedCall(block, waiting);
  if (before !== null || waiting.source.kind !== 'place') return before;
  return onlyMaker(fn, functionFacts(fn).makers, waiting.source.place);
}

/** null: nobody knows whose promise it is. */
function mayBeRejected(demand: Demand, scope: Scope, call: CallInstruction | null): boolean {
  return call === null || isAtLeastAsSure(demand.knowledge(scope, call).rejects ?? 'likely', 'likely');
}

/** `return new Promise((resolve) => …)`, whatever way it ends. */
function handsOutNoRejection(demand: Demand, scope: Scope): boolean {
  const given = returnedValues(scope.fn);
  return (
    given.length > 0 &&
    given.every(([value]) => {
      const calls = value?.kind === 'place' ? callsGiving(scope.fn, value.place) : [];
      return calls.length > 0 && !calls.some((call) => mayBeRejected(demand, scope, call));
    })
  );
}

/** `return this.send()`: the promise of an asynchronous function becomes that one. */
function handsOutPromise(demand: Demand, scope: Scope, { terminator }: BasicBlock): boolean {
  if (terminator.op !== 'return') return false;
  return terminator.values.some(
    (value) =>
      value.kind === 'place' && callsGiving(scope.fn, value.place).some((call) => mayBeRejected(demand, scope, call)),
  );
}

function callsGiving(fn: IrFunction, place: PlaceId): readonly CallInstruction[] {
  // `new Promise((resolve, reject) => …)` is told how to fail; other objects are no promises, nor are lists of them.
  return callsOf(fn).filter((call) => {
    const isPlain =
      call.callee.kind === 'aggregate' || (call.callee.kind === 'construct' && !isGivenFunction(fn, call));
    return !isPlain && call.dests.includes(place);
  });
}

function isGivenFunction(fn: IrFunction, { args }: CallInstruction): boolean {
  const { closures } = functionFacts(fn);
  return args.some(({ value }) => value.kind === 'place' && closures.has(value.place));
}
