/**
 * Does a call write to what cannot fail, through however many wrappers?
 *
 *     const bytes = new ByteArrayOutputStream(); const zip = new DeflaterOutputStream(bytes, deflater);
 *     zip.write(row);
 *
 * The wrappers announce what any stream may throw; the platform's signature of the innermost tells that this one throws nothing.
 */
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { isCopy, placesWritten } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';

const MOST_WRAPPERS = 8;

export function writesToMemory(scope: Scope, call: CallInstruction): boolean {
  const { writing } = scope.world.models.conventions;
  if (writing === null || call.receiver === null || !writing.calls.test(calleeLabel(call))) return false;
  let place = call.receiver;
  for (let step = 0; step < MOST_WRAPPERS; step++) {
    const maker = onlyMaker(scope.fn, place);
    const type = maker?.callee.kind === 'construct' ? scope.resolved(maker).ownerType : null;
    if (maker === null || type === null) return false;
    if (isQuiet(scope, type, writing.sink)) return true;
    const { wraps = null } = scope.world.models.type(erase(type)) ?? {};
    const wrapped = wraps === null ? undefined : maker.args[wraps]?.value;
    if (wrapped?.kind !== 'place') return false;
    place = wrapped.place;
  }
  return false;
}

/** What is declared by the platform for the type itself, and not for all streams. */
function isQuiet({ world }: Scope, type: string, sink: string): boolean {
  const declared = world.api.type(erase(type))?.methods(sink) ?? [];
  return declared.length > 0 && world.isInMemory(type) && declared.some((one) => one.throws.length === 0);
}

/** The call that gives the place what it has, whenever it has anything; null: there are several, or none is known. */
function onlyMaker({ blocks, params, captures }: IrFunction, place: PlaceId): CallInstruction | null {
  let at = place;
  for (let step = 0; step < MOST_WRAPPERS; step++) {
    const id = at;
    if (params.includes(id) || captures.includes(id)) return null;
    const writes = blocks.flatMap(({ instructions, cloneOf }) =>
      cloneOf === null ? instructions.filter((one) => placesWritten(one).includes(id)) : [],
    );
    const [only, ...others] = writes;
    if (only === undefined || others.length > 0) return null;
    if (only.op === 'call') return only;
    if (!isCopy(only)) return null;
    at = only.source.place;
  }
  return null;
}
