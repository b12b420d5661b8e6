/** Functions with which the process ends, so that the system releases what they leave open. */
import type { OpenExit } from '../engine/state.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase } from '../resolve/type-names.ts';
import type { Demand } from '../summaries/demand.ts';
import { privateCallsOf } from './private-callers.ts';

export function endsWithProcess(scope: Scope, functionName: string): boolean {
  const { fn, world } = scope;
  const isEntry = (fn.isStatic || fn.kind === 'function') && world.models.conventions.processEntries.test(functionName);
  return isEntry || isCommand(scope) || isCalledByModule(scope);
}

/** A private step of `main`, taken once. */
export function isStepOfProcess(demand: Demand, scope: Scope): boolean {
  const calls = privateCallsOf(demand, scope);
  return (
    calls.length > 0 &&
    calls.every(({ scope: around, caller, isRepeated }) => !isRepeated && endsWithProcess(around, caller))
  );
}

/** What leaves a module while it is loaded is caught by nobody. */
export function failsToLoad({ fn }: Scope, exits: readonly OpenExit[]): boolean {
  return fn.kind === 'module' && exits.every(({ kind }) => kind === 'throw');
}

/** `(async () => { … })()` as a statement of a module: `main`, without the name. */
function isCalledByModule({ around, fn }: Scope): boolean {
  if (around?.scope.fn.kind !== 'module' || fn.params.length > 0) return false;
  const { dest } = around.closure;
  return around.scope.fn.blocks.some(({ instructions }) =>
    instructions.some((one) => one.op === 'call' && one.callee.kind === 'value' && one.callee.place === dest),
  );
}

/** `func run(cmd *cobra.Command, args []string)`: nobody is there to take an error, and then the process ends. */
function isCommand(scope: Scope): boolean {
  const { processParameters } = scope.world.models.conventions;
  if (processParameters === null || scope.fn.returns !== null) return false;
  return scope.fn.params.some((place) => processParameters.test(erase(scope.typeOf(place) ?? '')));
}
