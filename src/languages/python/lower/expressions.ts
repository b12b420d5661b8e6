/**
 * Expressions to operands: whatever has an effect is emitted, the value is a place or a literal. Calls and
 * access chains are in `primaries.ts`, conditions in `conditions.ts`, collections in `collections.ts`.
 */
import type { Operand } from '../../../ir/ir.ts';
import { booleanValue, freshValue, literalValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, operatorOf, spanOf, walk, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isStringNode, parts } from '../nodes.ts';
import { assignTo } from './assignments.ts';
import { lowerLambda } from './closures.ts';
import { isCollection, lowerCollection, lowerJoined } from './collections.ts';
import { isComprehension, lowerComprehension } from './comprehensions.ts';
import { isTypeTest, lowerBoolean, lowerConditional, lowerLogical } from './conditions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { literalOf } from './literals.ts';
import { lowerOpaque } from './opaque.ts';
import { lowerPrimary } from './primaries.ts';
import { isAwaiting, lowerAwait, lowerYield } from './suspensions.ts';
import { deliver, freshText, target } from './values.ts';
import type { Into } from './values.ts';

/** The value, and in `into` if that is given. */
export function lowerExpression(frame: Frame, written: SyntaxNode, into: Into): Operand {
  const node = withoutParentheses(written);
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, node, 'too deep');
    return deliver(frame, unknownValue, into);
  }
  frame.depth++;
  const value = lowerByType(frame, node, into);
  frame.depth--;
  return value;
}

/** Evaluates only for what it does: nobody keeps the tuple in `"%s %s" % (a, b)`. */
export function lowerEffects(frame: Frame, nodes: readonly SyntaxNode[]): void {
  for (const written of nodes) {
    const node = withoutParentheses(written);
    if (!isCollection(node) || frame.depth >= maxDepth) {
      lowerExpression(frame, node, null);
      continue;
    }
    frame.depth++;
    lowerEffects(frame, parts(node));
    frame.depth--;
  }
}

function lowerByType(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (isCollection(node)) return lowerCollection(frame, node, into);
  if (isComprehension(node)) return lowerComprehension(frame, node, into);
  switch (node.type) {
    case 'call':
      if (isTypeTest(frame, node)) return lowerBoolean(frame, node, into);
      return lowerPrimary(frame, node, into);
    case 'identifier': {
      const flag = frame.constantFlag(frame.textOf(node));
      return flag === null ? lowerPrimary(frame, node, into) : deliver(frame, booleanValue(flag), into);
    }
    case 'attribute':
    case 'subscript':
      return lowerPrimary(frame, node, into);
    case 'comparison_operator':
    case 'not_operator':
      return lowerBoolean(frame, node, into);
    case 'boolean_operator':
      return lowerLogical(frame, node, into);
    case 'conditional_expression':
      return lowerConditional(frame, node, into);
    case 'binary_operator':
      return lowerBinary(frame, node, into);
    case 'unary_operator':
      return lowerUnary(frame, node, into);
    case 'named_expression':
      return lowerNamed(frame, node, into);
    case 'lambda':
      return lowerLambda(frame, node, into);
    case 'await':
      return lowerAwait(frame, node, into);
    case 'yield':
      return isAwaiting(frame, node) ? lowerAwait(frame, node, into) : deliver(frame, lowerYield(frame, node), into);
    // `*rest` and `**options` where the grammar is lenient, `key: value`, the parts of a slice.
    case 'list_splat':
    case 'dictionary_splat':
    case 'list_splat_pattern':
    case 'pair':
    case 'slice':
    case 'as_pattern':
      lowerEffects(frame, parts(node));
      return deliver(frame, freshValue, into);
    default:
      return deliver(frame, lowerLeaf(frame, node), into);
  }
}

function lowerLeaf(frame: Frame, node: SyntaxNode): Operand {
  const literal = literalOf(frame, node);
  if (literal !== null) return literalValue(literal);
  if (node.type === 'ellipsis') return freshValue;
  if (!isStringNode(node)) return lowerUnknown(frame, node);
  lowerInterpolations(frame, node);
  return freshText;
}

/** `f"{a:>{width}}"`: both are evaluated. */
function lowerInterpolations(frame: Frame, node: SyntaxNode): void {
  const found: SyntaxNode[] = [];
  walk(node, (child) => {
    if (child.field !== 'expression') return 'inside';
    found.push(child);
    return 'skip';
  });
  lowerEffects(frame, found);
}

/** Broken or new syntax: what is recognisable in it happens, the rest may do anything. */
export function lowerUnknown(frame: Frame, node: SyntaxNode): Operand {
  // Names alone do nothing; `lowerOpaque` reads them.
  lowerEffects(
    frame,
    parts(node).filter((part) => part.type !== 'identifier' && isExpression(part)),
  );
  lowerOpaque(frame, node, node.type);
  return unknownValue;
}

const expressionTypes = new Set(
  (
    'call identifier attribute subscript comparison_operator not_operator boolean_operator conditional_expression ' +
    'binary_operator unary_operator named_expression lambda await yield string concatenated_string ' +
    'parenthesized_expression integer float true false none ellipsis'
  ).split(' '),
);

export function isExpression(node: SyntaxNode): boolean {
  return expressionTypes.has(node.type) || isCollection(node) || isComprehension(node);
}

/** `name := value` */
function lowerNamed(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const [name, value] = [childInField(node, 'name'), childInField(node, 'value')];
  if (name === null || value === null) return deliver(frame, lowerUnknown(frame, node), into);
  return deliver(frame, assignTo(frame, name, value, spanOf(node)), into);
}

function lowerUnary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const literal = literalOf(frame, node);
  if (literal !== null) return deliver(frame, literalValue(literal), into);
  lowerEffects(frame, parts(node));
  return deliver(frame, freshValue, into);
}

/** `folder / "name"` */
function path(frame: Frame, node: SyntaxNode): Operand {
  const place = frame.builder.places.synthetic(null, frame.habits.pathType);
  frame.builder.assign(place, freshValue, spanOf(node));
  return placeValue(place);
}

/** Arithmetic and concatenation nest to the left, 10,000s deep in generated code: no recursion there. */
function lowerBinary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const operands: SyntaxNode[] = [];
  let isJoin = false;
  let at = node;
  while (at.type === 'binary_operator') {
    const [left, right] = [childInField(at, 'left'), childInField(at, 'right')];
    if (left === null || right === null) break;
    operands.push(right);
    // Lists are joined with `+`, sets with `|`, and the result holds what both held.
    const mayJoin = /^[+|]$/.test(operatorOf(at));
    at = withoutParentheses(left);
    isJoin ||= mayJoin && (isCollection(right) || isCollection(at));
  }
  operands.push(at);
  operands.reverse();
  if (isJoin) return lowerJoined(frame, operands, into ?? target(frame.builder.places.temp(), spanOf(node)));
  lowerEffects(frame, operands);
  if (operatorOf(node) === '/' && operands.slice(1).some(isStringNode)) return deliver(frame, path(frame, node), into);
  const isText = /^[+%]$/.test(operatorOf(node)) && operands.some(isStringNode);
  return deliver(frame, isText ? freshText : freshValue, into);
}
