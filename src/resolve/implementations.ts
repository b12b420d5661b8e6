/** Which functions of the scan a call of a method without a body may mean. */
import type { CallInstruction } from '../ir/ir.ts';
import type { FoundDeclaration, FoundType } from '../project/project.ts';
import { methodOf, type ResolvedCall } from './resolve-call.ts';
import type { Scope } from './scope.ts';
import { erase } from './type-names.ts';
import { qualifiedType } from './world.ts';

/** More say little, and cost a lot. */
const MOST_IMPLEMENTATIONS = 8;

/** What classes of the scan have for it; empty: none is known, or there may be others; null: too many to look at. */
export function implementations(
  scope: Scope,
  call: CallInstruction,
  { signature, declarations, models, ownerType }: ResolvedCall,
): readonly FoundDeclaration[] | null {
  const { callee } = call;
  if (signature === null || signature.isPlatform || declarations.length > 0 || models.length > 0) return [];
  if ((callee.kind !== 'method' && callee.kind !== 'function') || ownerType === null) return [];
  const { world } = scope;
  const owner = world.project.type(erase(ownerType));
  if (owner === null || mayBeLambda(owner)) return [];
  const found = new Map<string, FoundDeclaration>();
  const subtypes = world.subtypes(ownerType);
  if (subtypes === null) return null;
  for (const subtype of subtypes) {
    if (subtype.shape.kind === 'interface' || subtype.shape.isAbstract) continue;
    const { declarations } = methodOf(scope, call, qualifiedType(subtype.file.index, subtype.shape), callee.name);
    // It has what nobody has the body of, or several that fit.
    const [only] = declarations;
    if (only === undefined || declarations.length > 1) return [];
    found.set(`${only.file.path}\n${only.declaration.id}`, only);
  }
  return found.size > MOST_IMPLEMENTATIONS ? null : [...found.values()];
}

/** Where one method is left to be written, any lambda may be meant. */
function mayBeLambda({ file, shape }: FoundType): boolean {
  if (shape.kind !== 'interface') return false;
  return file.index.declarations.filter((one) => one.owner === shape.name && !one.hasBody).length < 2;
}
