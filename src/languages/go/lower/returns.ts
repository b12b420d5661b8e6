/** `return`: out of the function, or to the end of a deferred literal's body. */
import type { Operand } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { childOfType, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerValues } from './assignments.ts';
import { lowerExpression } from './expressions.ts';
import { returnedError } from './error-values.ts';
import type { Frame } from './frame.ts';
import { listed, parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';

export function lowerReturn(frame: Frame, node: SyntaxNode): void {
  const { builder, body } = frame;
  const span = spanOf(node);
  const values = listed(childOfType(node, 'expression_list') ?? parts(node)[0] ?? null);
  if (body.results.length > 0) {
    if (values.length > 0) lowerValues(frame, body.results, values, span);
  }
  const returned = body.results.length > 0 ? body.results.map(placeValue) : lowerReturned(frame, node, values);
  if (body.labelOfReturn === null) return builder.returnValues(returned, span);
  if (!builder.breakTo(body.labelOfReturn(node), span)) lowerOpaque(frame, node, node.type);
}

function lowerReturned(frame: Frame, node: SyntaxNode, values: readonly SyntaxNode[]): Operand[] {
  const { resultCount } = frame.body;
  const [only] = values;
  const isCallForAll = values.length === 1 && resultCount > 1;
  if (!isCallForAll || only === undefined)
    return values.map((value) => returnedError(frame, lowerExpression(frame, value, null), value));
  const call = withoutParentheses(only);
  const places = Array.from({ length: resultCount }, () => frame.builder.places.temp());
  lowerExpression(frame, call, { places, span: spanOf(node) });
  return places.map(placeValue);
}
