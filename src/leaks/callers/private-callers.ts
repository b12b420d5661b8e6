/** All calls of a function that nobody outside of its file can call, or of its package, where private means that. */
import type { IrFunction } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { Answers } from '../../summaries/answers.ts';
import type { Demand } from '../../summaries/demand.ts';
import { callersIn, callsBy, declarationOf, isHandedOn, type Call } from './callers.ts';

/** Each leak of a function asks for them. */
const known = new Answers<IrFunction, readonly Call[]>();

/** Empty: nobody calls it, or others may: those who cannot be seen, or who were handed it. */
export function privateCallsOf(demand: Demand, scope: Scope): readonly Call[] {
  return known.of(scope.fn, () => findPrivateCalls(demand, scope));
}

function findPrivateCalls(demand: Demand, scope: Scope): readonly Call[] {
  const { file, world } = scope;
  const own = declarationOf(scope);
  if (own?.isPrivate !== true) return [];
  // What is private to a package is called in any of its files.
  const files = [file, ...world.project.othersMentioning(file, own.name)];
  const calls = callersIn(files, own)
    .flatMap((caller) => callsBy(demand, caller, own))
    .filter((one) => one.scope.resolved(one.call).declarations.some(({ declaration }) => declaration === own));
  if (calls.length === 0 || calls.some(({ isSpawned }) => isSpawned)) return [];
  if (files.some((one) => isHandedOn(demand, one, own))) return [];
  // Nobody knows how often a function made there runs.
  return calls.map((one) => ({ ...one, isRepeated: one.isRepeated || one.scope.around !== null }));
}
