/**
 * Expressions to operands: whatever has an effect is emitted, the value is a place or a literal. Calls and
 * access chains are in `chains.ts` and `calls.ts`, conditions in `conditions.ts`.
 */
import type { Operand } from '../../../ir/ir.ts';
import { freshValue, literalValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, operandsOf, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isType, typeText } from '../type-text.ts';
import { lowerComposite } from './composites.ts';
import { lowerBoolean } from './conditions.ts';
import { lowerConversion } from './conversions.ts';
import { lowerChain } from './chains.ts';
import { lowerFunctionLiteral } from './closures.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { literalOf } from './literals.ts';
import { pointedTo } from './names.ts';
import { parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { deliver, freshOf, freshText } from './values.ts';
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

/** Evaluates only for what it does. */
export function lowerEffects(frame: Frame, nodes: readonly SyntaxNode[]): void {
  for (const node of nodes) lowerExpression(frame, node, null);
}

function lowerByType(frame: Frame, node: SyntaxNode, into: Into): Operand {
  switch (node.type) {
    case 'identifier': {
      const literal = literalOf(frame, node);
      return literal === null ? lowerChain(frame, node, into) : deliver(frame, literalValue(literal), into);
    }
    case 'selector_expression':
    case 'index_expression':
    case 'slice_expression':
    case 'type_assertion_expression':
    case 'call_expression':
      return lowerChain(frame, node, into);
    case 'type_conversion_expression':
      return lowerConversion(frame, node, into);
    case 'composite_literal':
      return lowerComposite(frame, node, into);
    case 'func_literal':
      return lowerFunctionLiteral(frame, node, into);
    case 'binary_expression':
      return lowerBinary(frame, node, into);
    case 'unary_expression':
      return lowerUnary(frame, node, into);
    case 'iota':
      return deliver(frame, freshOf('int'), into);
    // A function with its type arguments, not called.
    case 'type_instantiation_expression':
      return deliver(frame, unknownValue, into);
    default:
      return deliver(frame, lowerLeaf(frame, node), into);
  }
}

function lowerLeaf(frame: Frame, node: SyntaxNode): Operand {
  const literal = literalOf(frame, node);
  if (literal !== null) return literalValue(literal);
  if (isType(node)) return freshValue;
  return lowerUnknown(frame, node);
}

/** Broken or new syntax: what is recognisable in it happens, the rest may do anything. */
export function lowerUnknown(frame: Frame, node: SyntaxNode): Operand {
  lowerEffects(
    frame,
    parts(node).filter((part) => part.type !== 'identifier' && isExpression(part)),
  );
  lowerOpaque(frame, node, node.type);
  return unknownValue;
}

export function isExpression(node: SyntaxNode): boolean {
  return /_expression$|^composite_literal$|^func_literal$|^identifier$/.test(node.type);
}

function lowerUnary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const operator = operatorOf(node);
  if (operator === '!') return lowerBoolean(frame, node, into);
  const literal = literalOf(frame, node);
  if (literal !== null) return deliver(frame, literalValue(literal), into);
  const operand = childInField(node, 'operand');
  if (operand === null) return deliver(frame, lowerUnknown(frame, node), into);
  // A pointer is the same object as what it points to.
  if (operator === '&' || operator === '*') return lowerExpression(frame, pointedTo(operand), into);
  lowerExpression(frame, operand, null);
  return deliver(frame, operator === '<-' ? unknownValue : freshValue, into);
}

/** Arithmetic and concatenation nest to the left, 10,000s deep in generated code: no recursion there. */
function lowerBinary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  if (isLogical(operatorOf(node))) return lowerBoolean(frame, node, into);
  const operands = operandsOf(node, (operator) => !isLogical(operator));
  if (operands.length === 1) return deliver(frame, lowerUnknown(frame, node), into);
  lowerEffects(frame, operands);
  const isText = operatorOf(node) === '+' && operands.some((operand) => operand.type.endsWith('_string_literal'));
  return deliver(frame, isText ? freshText : freshValue, into);
}

function isLogical(operator: string): boolean {
  return /^(&&|\|\||[=!]=|[<>]=?)$/.test(operator);
}

/** `x.(T)`: the same object, but the temporary knows the type. */
export function asserted(frame: Frame, value: Operand, node: SyntaxNode, into: Into): Operand {
  const type = childInField(node, 'type');
  const { builder } = frame;
  if (value.kind !== 'place' || type === null) return deliver(frame, unknownValue, into);
  const temp = builder.places.temp(typeText(frame.text, type));
  builder.assign(temp, value, spanOf(node));
  return deliver(frame, placeValue(temp), into);
}
