/**
 * Timers that nobody has to end: those soon over, whose function says so to the object that keeps them, those whose
 * function ends them, and those left where something failed: on purpose, to end it if it does not end by itself, or
 * because it is over before anybody has dealt with the failure.
 *
 *     this.saving = setTimeout(() => { this.saving = null; this.save(); }, 500);
 *     const limit = setTimeout(() => child.kill(), 5000);
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { ownPath } from '../../engine/receiver.ts';
import type { OpenExit } from '../../engine/state.ts';
import type { BasicBlock, CallInstruction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { entryBlock, successors, walkBlocks } from '../../ir/walk.ts';
import type { SoonOver } from '../../models/model-set.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import { isExecutor } from '../../summaries/calls/settles-promise.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { longestGiven, numberIn } from '../callers/numbers-given.ts';

export function endsByItself(
  demand: Demand,
  scope: Scope,
  { call, resource }: Obligation,
  exits: readonly OpenExit[],
  field: string | null,
): boolean {
  const { models } = scope.world;
  const soonOver = models.resource(resource).soonOver;
  if (soonOver === null) return false;
  const { most, brief = 0, failing = 0, kept = 0, settling = 0 } = soonOver;
  const delay = delayOf(demand, scope, call, soonOver);
  const run = functionGiven(demand, scope, call);
  if (delay <= brief && mayRunOnce(scope, call, run)) return true;
  if (delay <= settling && onlySettles(scope, call, run)) return true;
  if (field !== null) {
    const isForgotten = run !== null && forgets(run, field);
    return delay <= (isForgotten ? most : kept) && mayRunOnce(scope, call, run);
  }
  if (exits.some(({ state }) => state.weakest === null)) return false;
  if (delay <= failing) return true;
  const { watchdogEnds } = models.conventions;
  return run !== null && callsOf(run.fn).some((one) => watchdogEnds?.test(calleeLabel(one)) === true);
}

/** `this.ticking = setInterval(() => { …; clearInterval(this.ticking); }, 500)`, whichever way its function takes. */
export function endsInOwnFunction(demand: Demand, scope: Scope, { call }: Obligation, field: string): boolean {
  const run = functionGiven(demand, scope, call);
  if (run === null) return false;
  const { fn } = run;
  const isField = (place: PlaceId): boolean => ownPath(fn, place)?.[0] === field;
  const releasing = new Set(
    demand
      .releases(run)
      .filter(({ place }) => isField(place))
      .map(({ block }) => block),
  );
  if (releasing.size === 0) return false;
  const ends = (block: BasicBlock): boolean => {
    if (releasing.has(block.id)) return true;
    // `if (this.ticking) clearInterval(this.ticking);`
    if (block.terminator.op !== 'branch' || block.terminator.when === 'unknown') return false;
    return isField(block.terminator.when.place) && successors(block).some((next) => releasing.has(next));
  };
  for (const block of walkBlocks(fn, [entryBlock], (one) => (ends(one) ? [] : successors(one))))
    if (block.terminator.op === 'return' && !ends(block)) return false;
  return true;
}

/** What the timer runs. */
export function functionGiven(demand: Demand, scope: Scope, { args }: CallInstruction): Scope | null {
  const { closures } = functionFacts(scope.fn);
  const given = args.flatMap(({ value }) => (value.kind === 'place' ? (closures.get(value.place) ?? []) : []));
  return demand.closuresOf(scope).find(({ closure }) => given.includes(closure))?.inner ?? null;
}

/** As its rule says: after how long it ends is an argument of the call. */
export function isSoonOver(scope: Scope, call: CallInstruction, soonOver: SoonOver): boolean {
  return delayIn(scope, call, soonOver) <= soonOver.most;
}

/** The longest that anybody of the scan asks for, where the function is told. */
function delayOf(demand: Demand, scope: Scope, call: CallInstruction, soonOver: SoonOver): number {
  const delay = delayIn(scope, call, soonOver);
  const given = call.args[soonOver.argument]?.value;
  if (delay < Infinity || given?.kind !== 'place') return delay;
  return longestGiven(demand, scope, given.place) ?? delay;
}

/** Endless where nobody can tell. */
function delayIn(scope: Scope, { args }: CallInstruction, { argument }: SoonOver): number {
  const after = args[argument];
  return after?.number ?? (after === undefined ? null : numberIn(scope, after.value)) ?? Infinity;
}

/** `setTimeout(() => reject(new Error('too late')), 5000)`: a promise that somebody settled before does not hear it. */
function onlySettles(scope: Scope, call: CallInstruction, run: Scope | null): boolean {
  if (!isExecutor(scope)) return false;
  const { params } = scope.fn;
  if (run === null) return call.args.some(({ value }) => value.kind === 'place' && params.includes(value.place));
  const calls = callsOf(run.fn).filter(({ callee }) => callee.kind !== 'construct' && callee.kind !== 'aggregate');
  const settles = ({ callee }: CallInstruction): boolean => {
    const captured = callee.kind === 'value' ? outwards(run, callee.place) : null;
    return captured?.scope === scope && params.includes(captured.place);
  };
  return calls.length > 0 && calls.every(settles);
}

/** `this.saving = null`, or a number, which may be told by itself and then stands for what is not known: `this.saving = 0`. */
function forgets({ fn }: Scope, field: string): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.op === 'assign' && /^(?:literal|unknown)$/.test(one.source.kind) && ownPath(fn, one.dest)?.[0] === field,
    ),
  );
}

/** What the function was given to run does not start itself again, and neither does what it made for that. */
function mayRunOnce(scope: Scope, call: CallInstruction, run: Scope | null): boolean {
  if (run !== null) return !startsAgain(scope, run, call);
  return call.args.some(({ value }) => value.kind === 'place' && scope.fn.params.includes(value.place));
}

/** Itself, or by the function that made it. */
function startsAgain(scope: Scope, run: Scope, call: CallInstruction): boolean {
  return callsOf(run.fn).some(
    (one) => calleeLabel(one) === calleeLabel(call) || calleeLabel(one) === scope.fn.name || isCallOf(scope, run, one),
  );
}

/** `const next = () => { this.timer = setTimeout(() => next(), ms); }` */
function isCallOf(scope: Scope, run: Scope, { callee }: CallInstruction): boolean {
  const inside = callee.kind === 'value' ? outwards(run, callee.place) : null;
  const made = inside?.scope === scope ? outwards(scope, inside.place) : null;
  return made !== null && functionFacts(made.scope.fn).closures.get(made.place) === scope.around?.closure;
}
