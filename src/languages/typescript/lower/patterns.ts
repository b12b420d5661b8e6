/**
 * What names, properties and patterns are given: declarations, assignments, parameters, loop variables.
 *
 *     const { socket, options: { port = 80 } } = server        socket = server.socket, port = server.options.port
 *
 * What is left over, `...rest`, is taken to be the whole.
 */
import { elementField } from '../../../ir/places.ts';
import type { Operand, PlaceId } from '../../../ir/ir.ts';
import { isNull, placeValue, unknownValue } from '../../lowering/values.ts';
import { bare, childOf, elementsOf, identifierName, memberName, nodesOf, spanOf, valueIn } from '../nodes.ts';
import { withoutAssertions } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { lowerTarget } from './calls.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { constantNumber, lookUp, placeOf } from './names.ts';

interface Binding {
  readonly target: Node;
  readonly value: Operand;
}

/** Patterns nest; a stack, in the order of the source. */
export function assignPattern(frame: Frame, pattern: Node, value: Operand): void {
  const pending: Binding[] = [{ target: pattern, value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const parts = assignOne(frame, withoutAssertions(next.target), next.value);
    for (const part of parts.toReversed()) pending.push(part);
  }
}

/** The place of a plain name or property that is written to; null for a pattern. */
export function assignedPlace(frame: Frame, written: Node): PlaceId | null {
  const target = withoutAssertions(written);
  const name = identifierName(target);
  if (name !== null) return placeOf(frame, lookUp(frame, name));
  return target.type === 'MemberExpression' ? lowerTarget(frame, target) : null;
}

export function isPattern(written: Node): boolean {
  const node = bare(written);
  return node.type === 'ObjectPattern' || node.type === 'ArrayPattern';
}

/** A default takes the place of what is missing. */
export function lowerDefault(frame: Frame, place: PlaceId, initial: Node): void {
  const { builder } = frame;
  const span = spanOf(initial);
  const [missing, end] = [builder.block(), builder.block()];
  // The source asks nothing there that a path could tell.
  builder.branch(isNull(place), missing, end, { ...span, end: span.start });
  builder.start(missing);
  lowerExpression(frame, initial, { place, span });
  builder.continueIn(end, span);
}

function assignOne(frame: Frame, target: Node, value: Operand): Binding[] {
  switch (target.type) {
    case 'ObjectPattern':
      return nodesOf(target, 'properties').flatMap((property) => propertyBinding(frame, property, value));
    case 'ArrayPattern':
      return elementsOf(target, 'elements').flatMap((element) => {
        if (element === null) return [];
        const isRest = element.type === 'RestElement';
        return [{ target: element, value: isRest ? value : fieldValue(frame, value, elementField, element) }];
      });
    case 'RestElement':
      return [{ target: childOf(target, 'argument') ?? target, value }];
    case 'AssignmentPattern':
      return defaultBinding(frame, target, value);
    default: {
      const place = assignedPlace(frame, target);
      if (place !== null) frame.builder.assign(place, value, spanOf(target));
      return [];
    }
  }
}

function propertyBinding(frame: Frame, property: Node, value: Operand): Binding[] {
  if (property.type === 'RestElement') return [{ target: childOf(property, 'argument') ?? property, value }];
  const key = childOf(property, 'key');
  const target = childOf(property, 'value');
  const isComputed = valueIn(property, 'computed') === true;
  if (target === null) return [];
  if (isComputed && key !== null) lowerEffects(frame, [key]);
  return [{ target, value: fieldValue(frame, value, memberName(key, isComputed), property) }];
}

function defaultBinding(frame: Frame, target: Node, value: Operand): Binding[] {
  const left = childOf(target, 'left');
  const right = childOf(target, 'right');
  if (left === null) return [];
  if (right === null) return [{ target: left, value }];
  const name = identifierName(left);
  const known = name === null ? null : frame.variable(name);
  const place = known ?? frame.builder.places.temp();
  const number = constantNumber(frame, right);
  if (number !== null) frame.numbers.set(place, number);
  frame.builder.assign(place, value, spanOf(left));
  lowerDefault(frame, place, right);
  return place === known ? [] : [{ target: left, value: placeValue(place) }];
}

function fieldValue(frame: Frame, value: Operand, name: string, node: Node): Operand {
  return value.kind === 'place' ? placeValue(frame.builder.field(value.place, name, spanOf(node))) : unknownValue;
}
