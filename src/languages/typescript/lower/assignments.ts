/** Assignments of every kind: `=`, `+=`, `??=`, `++`, and to patterns. */
import type { Operand, PlaceId } from '../../../ir/ir.ts';
import { branchOn } from '../../lowering/tests.ts';
import { freshValue, isNull, negate, placeValue, unknownValue } from '../../lowering/values.ts';
import { childOf, spanOf, textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { truthTest } from './conditions.ts';
import { lowerEffects, lowerExpression, lowerUnknown } from './expressions.ts';
import type { Frame } from './frame.ts';
import { assignedPlace, assignPattern, isPattern } from './patterns.ts';
import { freshNumber, storable } from './values.ts';

export function lowerAssignment(frame: Frame, node: Node): Operand {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === null || right === null) return lowerUnknown(frame, node);
  if (isPattern(left)) {
    const value = lowerExpression(frame, right, null);
    assignPattern(frame, left, value);
    return value;
  }
  const target = assignedPlace(frame, left);
  const operator = textIn(node, 'operator');
  if (target === null) {
    const value = lowerExpression(frame, right, null);
    return operator === '=' ? value : unknownValue;
  }
  const assignment: Assignment = { node, target, left, right };
  if (operator === '=') return lowerPlain(frame, assignment);
  if (/^(?:&&|\|\||\?\?)=$/.test(operator)) return lowerChoosing(frame, assignment, operator);
  lowerEffects(frame, [right]);
  // `|=` and its like may make booleans, which are told apart from other values.
  frame.builder.assign(target, /^[&|^]=$/.test(operator) ? unknownValue : computed(operator), spanOf(node));
  return placeValue(target);
}

export function lowerUpdate(frame: Frame, node: Node): Operand {
  const operand = childOf(node, 'argument');
  const target = operand === null ? null : assignedPlace(frame, operand);
  if (target !== null) frame.builder.assign(target, freshNumber, spanOf(node));
  return freshNumber;
}

interface Assignment {
  readonly node: Node;
  readonly target: PlaceId;
  readonly left: Node;
  readonly right: Node;
}

/** `+=` may join texts, or lists. */
function computed(operator: string): Operand {
  return operator === '+=' ? freshValue : freshNumber;
}

function lowerPlain(frame: Frame, { node, target, right }: Assignment): Operand {
  const span = spanOf(node);
  if (frame.builder.places.get(target).kind === 'local') return lowerExpression(frame, right, { place: target, span });
  const value = lowerExpression(frame, right, null);
  frame.builder.assign(target, storable(frame, target, value), span);
  return value.kind === 'place' ? value : placeValue(target);
}

/** `pool ??= new Pool()` */
function lowerChoosing(frame: Frame, { node, target, left, right }: Assignment, operator: string): Operand {
  const { builder } = frame;
  const span = spanOf(node);
  const [assign, end] = [builder.block(), builder.block()];
  const test = operator === '??=' ? negate(isNull(target)) : truthTest(frame, placeValue(target), left);
  if (operator === '&&=') branchOn(frame.builder, test, spanOf(left), assign, end);
  else branchOn(frame.builder, test, spanOf(left), end, assign);
  builder.start(assign);
  lowerPlain(frame, { node, target, left, right });
  builder.continueIn(end, span);
  return placeValue(target);
}
