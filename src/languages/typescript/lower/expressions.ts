/**
 * Expressions to operands: whatever has an effect is emitted, the value is a place or a literal.
 * Calls and access chains are in `calls.ts`, conditions in `conditions.ts`, choices in `logic.ts`.
 */
import type { Operand } from '../../../ir/ir.ts';
import { freshValue, literalValue, nullValue, placeValue, positional, unknownValue } from '../../lowering/values.ts';
import {
  assertions,
  bare,
  childOf,
  childrenOf,
  isFunction,
  isSet,
  nodesOf,
  operandsOf,
  spanOf,
  textIn,
  withoutAssertions,
} from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { comparisons } from '../truthiness.ts';
import { annotatedType, dottedText, typeText } from '../type-text.ts';
import { lowerAssignment, lowerUpdate } from './assignments.ts';
import { lowerCreation, lowerPrimary } from './calls.ts';
import { lowerClass } from './classes.ts';
import { lowerFunction } from './closures.ts';
import { lowerBoolean } from './conditions.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { literalOf } from './literals.ts';
import { lowerConditional, lowerLogical } from './logic.ts';
import { lowerAggregate, lowerArray, lowerElement, lowerObject } from './objects.ts';
import { lowerOpaque } from './opaque.ts';
import { deliver, freshNumber, freshText, resultPlace } from './values.ts';
import type { Into } from './values.ts';

/** The value, and in `into` if that is given. */
export function lowerExpression(frame: Frame, written: Node, into: Into): Operand {
  const node = bare(written);
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
export function lowerEffects(frame: Frame, nodes: readonly Node[]): void {
  for (const node of nodes) lowerExpression(frame, node, null);
}

function lowerByType(frame: Frame, node: Node, into: Into): Operand {
  const literal = literalOf(frame, node);
  if (literal !== null) return deliver(frame, literalValue(literal), into);
  switch (node.type) {
    case 'Identifier':
    case 'ThisExpression':
    case 'Super':
    case 'MemberExpression':
    case 'CallExpression':
    case 'TaggedTemplateExpression':
      return lowerName(frame, node, into);
    case 'NewExpression':
      return lowerCreation(frame, node, into);
    case 'AssignmentExpression':
      return deliver(frame, lowerAssignment(frame, node), into);
    case 'UpdateExpression':
      return deliver(frame, lowerUpdate(frame, node), into);
    case 'LogicalExpression':
      return lowerLogical(frame, node, into);
    case 'ConditionalExpression':
      return lowerConditional(frame, node, into);
    case 'BinaryExpression':
      return lowerBinary(frame, node, into);
    case 'UnaryExpression':
      return lowerUnary(frame, node, into);
    case 'AwaitExpression':
      return lowerAwait(frame, node, into);
    case 'YieldExpression':
      return lowerYield(frame, node, into);
    case 'SequenceExpression':
      return lowerSequence(frame, node, into);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return lowerFunction(frame, node, into);
    case 'ClassExpression':
    case 'ClassDeclaration':
      return lowerClass(frame, node, into);
    case 'ObjectExpression':
      return lowerObject(frame, node, into);
    case 'ArrayExpression':
      return lowerArray(frame, node, into);
    case 'JSXElement':
    case 'JSXFragment':
      return lowerElement(frame, node, into);
    default:
      return lowerOther(frame, node, into);
  }
}

function lowerOther(frame: Frame, node: Node, into: Into): Operand {
  if (assertions.has(node.type)) return lowerAssertion(frame, node, into);
  switch (node.type) {
    case 'Literal':
    case 'MetaProperty':
    case 'JSXEmptyExpression':
    case 'TSEmptyBodyFunctionExpression':
      return deliver(frame, freshValue, into);
    case 'TemplateLiteral':
      lowerEffects(frame, nodesOf(node, 'expressions'));
      return deliver(frame, freshText, into);
    case 'ImportExpression':
      return lowerDynamicImport(frame, node, into);
    case 'JSXExpressionContainer':
    case 'JSXSpreadAttribute':
    case 'JSXSpreadChild':
    case 'Decorator':
      return lowerExpression(frame, childOf(node, 'expression') ?? childOf(node, 'argument') ?? node, into);
    default:
      return deliver(frame, lowerUnknown(frame, node), into);
  }
}

/** Broken or new syntax: what is recognisable in it happens, the rest may do anything. */
export function lowerUnknown(frame: Frame, node: Node): Operand {
  // Names alone do nothing; `lowerOpaque` reads them.
  for (const part of childrenOf(node)) if (isEffectful(part)) lowerExpression(frame, part, null);
  lowerOpaque(frame, node, node.type);
  return unknownValue;
}

function isEffectful(node: Node): boolean {
  return bare(node).type.endsWith('Expression') && !node.type.startsWith('TS');
}

/** Where the parser supposed a name there is nothing to look up. */
function lowerName(frame: Frame, node: Node, into: Into): Operand {
  const name = node.type === 'Identifier' ? textIn(node, 'name') : null;
  if (name === '') return deliver(frame, unknownValue, into);
  if (name === 'arguments' && frame.variable(name) === null) {
    return lowerAggregate(
      frame,
      node,
      frame.argumentPlaces().map((param) => positional(placeValue(param))),
      into,
    );
  }
  return lowerPrimary(frame, node, into);
}

/** Sums and joined texts nest to the left, 10,000s deep in generated code: no recursion there. */
function lowerBinary(frame: Frame, node: Node, into: Into): Operand {
  const operator = textIn(node, 'operator');
  if (comparisons.has(operator)) return lowerBoolean(frame, node, into);
  const operands = operandsOf(node, (joined) => !comparisons.has(joined));
  // The parser supposes a private name on the left of `#x in object`.
  lowerEffects(
    frame,
    operands.filter((operand) => operand.type !== 'PrivateIdentifier' && operand !== node),
  );
  const isText = operands.some((operand) => operand.type === 'TemplateLiteral' || isTextLiteral(frame, operand));
  if (operator === '+') return deliver(frame, isText ? freshText : freshValue, into);
  // `a | b` may be a boolean to whoever wrote it.
  return deliver(frame, /^[&|^]$/.test(operator) ? unknownValue : freshNumber, into);
}

function isTextLiteral(frame: Frame, node: Node): boolean {
  return literalOf(frame, node)?.kind === 'string';
}

function lowerUnary(frame: Frame, node: Node, into: Into): Operand {
  const operator = textIn(node, 'operator');
  const operand = childOf(node, 'argument');
  if (operator === '!') return lowerBoolean(frame, node, into);
  // `delete cache[key]` takes something out of a collection; it is not an assignment.
  if (operand !== null) lowerExpression(frame, operand, null);
  if (operator === 'void') return deliver(frame, nullValue, into);
  if (operator === 'delete') return deliver(frame, freshValue, into);
  return deliver(frame, operator === 'typeof' ? freshText : freshNumber, into);
}

/** What a promise gives is, to whoever follows it, the promise itself. */
function lowerAwait(frame: Frame, node: Node, into: Into): Operand {
  const argument = childOf(node, 'argument');
  const source = argument === null ? unknownValue : lowerExpression(frame, argument, null);
  const dest = resultPlace(frame, into);
  // Promises that calls give are rejected as often as calls throw.
  const isCall = argument !== null && isCallLike(argument);
  const throws = isCall && isNeverRejected(argument) ? 'never' : isCall ? 'likely' : frame.tier;
  frame.builder.emit({ op: 'await', dest, source, throws, span: spanOf(node) });
  return placeValue(dest);
}

function isCallLike(argument: Node): boolean {
  return /^(?:Call|New|Import|TaggedTemplate)Expression$/.test(withoutAssertions(argument).type);
}

/** `new Promise((resolve) => …)` has no way to reject. */
function isNeverRejected(argument: Node): boolean {
  const node = withoutAssertions(argument);
  const callee = dottedText(childOf(node, 'callee'));
  const [executor] = nodesOf(node, 'arguments');
  if (node.type !== 'NewExpression' || callee !== 'Promise' || executor === undefined) return false;
  return isFunction(executor) && nodesOf(executor, 'params').length === 1;
}

function lowerYield(frame: Frame, node: Node, into: Into): Operand {
  const argument = childOf(node, 'argument');
  const source = argument === null ? nullValue : lowerExpression(frame, argument, null);
  const dest = resultPlace(frame, into);
  // Whoever iterates may throw into the generator; nobody does without a reason.
  const throws = isSet(node, 'delegate') ? frame.tier : 'possible';
  frame.builder.emit({ op: 'yield', dest, source, handsOver: [], throws, span: spanOf(node) });
  return placeValue(dest);
}

function lowerSequence(frame: Frame, node: Node, into: Into): Operand {
  const expressions = sequenceOf(node);
  lowerEffects(frame, expressions.slice(0, -1));
  const last = expressions.at(-1);
  return last === undefined ? deliver(frame, unknownValue, into) : lowerExpression(frame, last, into);
}

/** `a, b, c`, whichever way it is put together. */
function sequenceOf(node: Node): Node[] {
  const reversed: Node[] = [];
  let at = node;
  while (at.type === 'SequenceExpression') {
    const [first, ...others] = nodesOf(at, 'expressions');
    if (first === undefined) break;
    reversed.push(...others.reverse());
    at = bare(first);
  }
  if (at !== node) reversed.push(at);
  return reversed.reverse();
}

/** `x as Socket` is the same object, but the temporary knows the type. */
function lowerAssertion(frame: Frame, node: Node, into: Into): Operand {
  const operand = childOf(node, 'expression');
  if (operand === null) return deliver(frame, unknownValue, into);
  const annotation = childOf(node, 'typeAnnotation');
  const type = annotation === null ? null : (typeText(annotation) ?? annotatedType(annotation));
  if (type === null) return lowerExpression(frame, operand, into);
  const value = lowerExpression(frame, operand, null);
  if (value.kind !== 'place') return deliver(frame, value, into);
  const temp = frame.builder.places.temp(type);
  frame.builder.assign(temp, value, spanOf(node));
  return deliver(frame, placeValue(temp), into);
}

/** `import(name)`: a call like any other. */
function lowerDynamicImport(frame: Frame, node: Node, into: Into): Operand {
  const parts = [childOf(node, 'source'), childOf(node, 'options')].filter((part) => part !== null);
  const args = parts.map((part) => positional(lowerExpression(frame, part, null)));
  const dest = resultPlace(frame, into);
  const callee = { kind: 'function', name: 'import', scope: null } as const;
  const span = spanOf(node);
  frame.builder.emit({
    op: 'call',
    dests: [dest],
    callee,
    receiver: null,
    args,
    throws: frame.tier,
    span,
    isImplicit: false,
  });
  return placeValue(dest);
}
