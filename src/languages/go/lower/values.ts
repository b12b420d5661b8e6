/** Operands and where they are to go. */
import type { Operand, PlaceId, Span, TypeHint } from '../../../ir/ir.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import type { Frame } from './frame.ts';

export const freshText: Operand = { kind: 'fresh', type: 'string' };
export const freshFunction: Operand = { kind: 'fresh', type: 'func' };

export function freshOf(type: TypeHint | null): Operand {
  return { kind: 'fresh', type };
}

/**
 * The locals the values are wanted in, so that `f, err := os.Open(p)` needs no temporaries; the span is that
 * of the assignment. null: wherever they are.
 */
export type Into = { readonly places: readonly PlaceId[]; readonly span: Span } | null;

export function intoPlace(place: PlaceId, span: Span): Into {
  return { places: [place], span };
}

/** Of what is not a call there is only one value. */
export function deliver(frame: Frame, value: Operand, into: Into): Operand {
  const [first, ...others] = into?.places ?? [];
  if (into === null || first === undefined) return value;
  assign(frame, first, value, into.span);
  for (const other of others) assign(frame, other, unknownValue, into.span);
  return placeValue(first);
}

/** A variable that closures or pointers may change keeps no constant: a test of it says nothing for long. */
export function assign(frame: Frame, dest: PlaceId, value: Operand, span: Span): void {
  const isKept = value.kind === 'place' || !frame.isShared(dest, span.start);
  frame.builder.assign(dest, isKept ? value : unknownValue, span);
}

/** Where a call's results go. */
export function resultPlaces(frame: Frame, into: Into): readonly PlaceId[] {
  return into === null || into.places.length === 0 ? [frame.builder.places.temp()] : into.places;
}
