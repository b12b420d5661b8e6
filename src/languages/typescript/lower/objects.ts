/**
 * Literals of objects and arrays, and JSX.
 *
 *     { conn, timeout: 5, close() { conn.end(); } }
 *
 * Plain values make an aggregate, named by their properties; functions make a closure whose base it is. So the object
 * holds what its values hold, and captures what its functions mention.
 */
import type { Argument, Operand, PlaceId } from '../../../ir/ir.ts';
import { emitAggregate } from '../../lowering/calls.ts';
import { freshValue, placeValue } from '../../lowering/values.ts';
import { childOf, childrenOf, elementsOf, isFunction, memberName, nodesOf, spanOf, valueIn } from '../nodes.ts';
import { withoutAssertions } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { lowerArguments } from './calls.ts';
import { lowerFunction, lowerMembers } from './closures.ts';
import type { ClosureMember } from './closures.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { deliver, freshFunction, isInert, resultPlace } from './values.ts';
import type { Into } from './values.ts';

/**
 * Every member of a closure lists what any of them captures. A bundle's table of exports has thousands of both: there,
 * each function is a value of its own.
 */
const maxMembers = 64;

export function lowerObject(frame: Frame, node: Node, into: Into): Operand {
  const { args, members } = readProperties(frame, node);
  if (members.length > maxMembers) {
    const values = members.map(({ name, fn }) => ({ value: lowerFunction(frame, fn, null), name, isSpread: false }));
    return lowerAggregate(frame, node, [...args, ...values], into);
  }
  if (members.length === 0) return lowerAggregate(frame, node, args, into);
  const holdsNothing = args.every((argument) => isInert(argument.value));
  const base = holdsNothing ? null : heldPlace(lowerAggregate(frame, node, args, null));
  const lowered = lowerMembers(frame, node, members);
  const dest = resultPlace(frame, into);
  frame.builder.emit({ op: 'closure', dest, base, ...lowered, span: spanOf(node) });
  return placeValue(dest);
}

export function lowerArray(frame: Frame, node: Node, into: Into): Operand {
  const elements = elementsOf(node, 'elements').filter((element) => element !== null);
  return lowerAggregate(frame, node, lowerArguments(frame, elements), into);
}

/** The values in it, wherever in the tree of elements: what becomes of them is the framework's. */
export function lowerElement(frame: Frame, node: Node, into: Into): Operand {
  return lowerAggregate(frame, node, lowerArguments(frame, embeddedValues(node)), into);
}

interface Properties {
  readonly args: Argument[];
  readonly members: ClosureMember[];
}

/** Plain values are evaluated on the way. */
function readProperties(frame: Frame, node: Node): Properties {
  const { declared } = frame.unit.facts.scope;
  const read: Properties = { args: [], members: [] };
  for (const property of nodesOf(node, 'properties')) {
    if (property.type === 'SpreadElement') {
      read.args.push(...lowerArguments(frame, [property]));
      continue;
    }
    const key = childOf(property, 'key');
    const value = childOf(property, 'value');
    const isComputed = valueIn(property, 'computed') === true;
    if (isComputed && key !== null) lowerEffects(frame, [key]);
    if (value === null) continue;
    const name = memberName(key, isComputed);
    const fn = withoutAssertions(value);
    if (declared.has(fn)) read.args.push({ value: freshFunction, name, isSpread: false });
    else if (isFunction(fn)) read.members.push({ name, node: property, fn });
    else read.args.push({ value: lowerExpression(frame, value, null), name, isSpread: false });
  }
  return read;
}

export function lowerAggregate(frame: Frame, node: Node, args: readonly Argument[], into: Into): Operand {
  // A table of numbers holds nothing to follow.
  if (args.every((argument) => isInert(argument.value))) return deliver(frame, freshValue, into);
  const dest = resultPlace(frame, into);
  emitAggregate(frame.builder, dest, args, spanOf(node));
  return placeValue(dest);
}

function heldPlace(value: Operand): PlaceId | null {
  return value.kind === 'place' ? value.place : null;
}

function embeddedValues(element: Node): Node[] {
  const values: Node[] = [];
  const pending = [element];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const held = heldValue(node);
    if (held !== null) values.push(held);
    else pending.push(...jsxChildren(node).reverse());
  }
  return values;
}

function heldValue(node: Node): Node | null {
  switch (node.type) {
    case 'JSXExpressionContainer': {
      const expression = childOf(node, 'expression');
      return expression === null || expression.type.startsWith('JSX') ? null : expression;
    }
    case 'JSXSpreadChild':
      return childOf(node, 'expression');
    case 'JSXSpreadAttribute':
      return childOf(node, 'argument');
    default:
      return null;
  }
}

function jsxChildren(node: Node): Node[] {
  if (node.type === 'JSXAttribute') return [childOf(node, 'value')].filter((value) => value !== null);
  const children = childrenOf(node).filter((child) => child.type.startsWith('JSX'));
  return children.sort((first, second) => first.range[0] - second.range[0]);
}
