/** Calls whose callee is a type, where such a call converts a value and makes none: `io.Writer(file)`. */
import type { CallInstruction } from '../ir/ir.ts';
import type { ResolvedCall } from './resolve-call.ts';
import type { Scope } from './scope.ts';
import { erase } from './type-names.ts';
import { qualify } from './world.ts';

/** A language that makes objects by writing down their fields has no other use for the call of a type. */
export function isConversion(
  { world, file, owner }: Scope,
  { callee, args }: CallInstruction,
  { resolution }: ResolvedCall,
): boolean {
  if (!world.models.conventions.constructsByFields || resolution !== 'unknown') return false;
  if (callee.kind !== 'function' || args.length !== 1) return false;
  const scope = callee.scope === null ? file.index.package : erase(world.resolve(file.index, owner, callee.scope));
  return world.isType(qualify(scope, callee.name));
}
