/** Calls that the syntax makes and no name does. */
import type { FunctionBuilder } from '../../ir/builder.ts';
import type { Argument, PlaceId, Span } from '../../ir/ir.ts';

/** A list, tuple, set, table or array of the values, or a longer one. */
export function emitAggregate(builder: FunctionBuilder, dest: PlaceId, args: readonly Argument[], span: Span): void {
  const callee = { kind: 'aggregate' } as const;
  builder.emit({ op: 'call', dests: [dest], callee, receiver: null, args, throws: 'never', span, isImplicit: false });
}
