/**
 * Does a call write to what cannot fail, through however many wrappers?
 *
 *     const bytes = new ByteArrayOutputStream(); const zip = new DeflaterOutputStream(bytes, deflater);
 *     zip.write(row);
 *
 * The wrappers announce what any stream may throw; the platform's signature of the innermost tells that this one throws nothing.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { onlyMaker } from '../../engine/single-assignments.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';

export function writesToMemory(scope: Scope, call: CallInstruction): boolean {
  const { writing } = scope.world.models.conventions;
  if (writing === null || call.receiver === null || !writing.calls.test(calleeLabel(call))) return false;
  const { makers } = functionFacts(scope.fn);
  const wrapped = new Set([call.receiver]);
  for (const place of wrapped) {
    const maker = onlyMaker(scope.fn, makers, place);
    const type = maker?.callee.kind === 'construct' ? scope.resolved(maker).ownerType : null;
    if (maker === null || type === null) return false;
    if (isQuiet(scope, type, writing.sink)) return true;
    const { wraps = null } = scope.world.models.type(erase(type)) ?? {};
    const inner = wraps === null ? undefined : maker.args[wraps]?.value;
    if (inner?.kind === 'place') wrapped.add(inner.place);
  }
  return false;
}

/** What is declared by the platform for the type itself, and not for all streams. */
function isQuiet({ world }: Scope, type: string, sink: string): boolean {
  const declared = world.api.type(erase(type))?.methods(sink) ?? [];
  return declared.length > 0 && world.isInMemory(type) && declared.some((one) => one.throws.length === 0);
}
