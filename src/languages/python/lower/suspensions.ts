/** `await` and `yield`: where a function waits, and others run. */
import type { Operand } from '../../../ir/ir.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf, withoutParentheses } from '../../tree-sitter.ts';
import { hasKeyword, parts } from '../nodes.ts';
import { isCollection } from './collections.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerPrimary } from './primaries.ts';
import { resultPlaces, target } from './values.ts';
import type { Into } from './values.ts';

/**
 * `await f()`: calling a coroutine function runs nothing, so what may fail is the waiting. The call is given
 * all of it, for a resource that the call acquires is not there yet when the waiting fails.
 */
export function lowerAwait(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const { builder } = frame;
  const written = parts(node)[0];
  const awaited = written === undefined ? null : withoutParentheses(written);
  const span = spanOf(node);
  const dests = resultPlaces(frame, into);
  if (awaited?.type !== 'call') {
    const source = awaited === null ? unknownValue : lowerExpression(frame, awaited, null);
    builder.emit({ op: 'await', dest: dests[0], source, throws: frame.tier, span });
    return placeValue(dests[0]);
  }
  const [first, ...others] = dests.map(() => builder.places.temp());
  if (first === undefined) return unknownValue;
  lowerPrimary(frame, awaited, { ...target(first, spanOf(awaited)), others });
  for (const [index, temp] of [first, ...others].entries()) {
    const dest = dests[index] ?? null;
    builder.emit({ op: 'await', dest, source: placeValue(temp), throws: 'never', span });
  }
  return placeValue(dests[0]);
}

/** `reader, writer = yield from connect()`: a coroutine from before `await`. A generator's own result is hardly ever used. */
export function isAwaiting(frame: Frame, node: SyntaxNode): boolean {
  return node.type === 'await' || (node.type === 'yield' && hasKeyword(node, 'from') && !frame.dropped.has(node));
}

/**
 * The value of the expression is what the caller sends in. What a generator yields is its consumer's, part by part where it
 * is `yield name, file`. Under a decorator it is not: a context manager and a fixture go on after the `yield` to release it.
 * A function that is made there is, for it is called by whoever has it. What fails under a context manager fails at its `yield`.
 */
export function lowerYield(frame: Frame, node: SyntaxNode): Operand {
  const written = parts(node)[0];
  const value = written === undefined ? null : withoutParentheses(written);
  const isFrom = hasKeyword(node, 'from');
  const isTuple = value !== null && isCollection(value) && !isFrom;
  const values = value === null ? [] : isTuple ? parts(value) : [value];
  const operands = values.map((one) => lowerExpression(frame, one, null));
  const handsOver = operands.flatMap((one, index) => {
    const isHandedOver = !isFrom && (!frame.isDecorated || isOwnFunction(frame, values[index]));
    return one.kind === 'place' && isHandedOver ? [one.place] : [];
  });
  const source = isTuple ? unknownValue : (operands[0] ?? unknownValue);
  const throws = frame.isManager ? 'likely' : frame.tier;
  frame.builder.emit({ op: 'yield', dest: null, source, handsOver, throws, span: spanOf(node) });
  return unknownValue;
}

function isOwnFunction({ bindings, text }: Frame, node: SyntaxNode | undefined): boolean {
  const kinds = node?.type === 'identifier' ? bindings.names.get(text.slice(node.start, node.end))?.kinds : undefined;
  return kinds?.size === 1 && kinds.has('function');
}
