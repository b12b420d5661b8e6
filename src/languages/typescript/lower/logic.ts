/**
 * Expressions that choose: `a && b`, `a || b`, `a ?? b`, `c ? a : b`. Branches, so that what is known on each
 * side stays apart.
 *
 *     const conn = isPrimary && open()       on the false side `conn` is as good as null
 */
import type { Operand } from '../../../ir/ir.ts';
import { lowerChoice } from '../../lowering/branches.ts';
import { branchOn } from '../../lowering/tests.ts';
import { booleanValue, isNull, negate, nullValue, placeValue } from '../../lowering/values.ts';
import { operandsOf, spanOf, textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { kindOfValue } from '../truthiness.ts';
import { choiceOf, conditionsIn, knownKinds, lowerBoolean, lowerCondition, truthTest } from './conditions.ts';
import { lowerExpression, lowerUnknown } from './expressions.ts';
import type { Frame } from './frame.ts';
import { deliver } from './values.ts';
import type { Into } from './values.ts';

export function lowerLogical(frame: Frame, node: Node, into: Into): Operand {
  const operator = textIn(node, 'operator');
  if (operator !== '??' && kindOfValue(node, knownKinds(frame)) === 'boolean') return lowerBoolean(frame, node, into);
  const { builder } = frame;
  const target = into ?? { place: builder.places.temp(), span: spanOf(node) };
  const end = builder.block();
  const operands = operandsOf(node, (joined) => joined === operator);
  for (const [index, operand] of operands.entries()) {
    if (index === operands.length - 1) lowerExpression(frame, operand, target);
    else if (operator === '??') lowerUnlessNull(frame, operand, { target, end });
    else if (operator === '||') lowerAlternative(frame, operand, { target, end });
    else lowerGuard(frame, operand, { target, end });
  }
  builder.continueIn(end, target.span);
  return placeValue(target.place);
}

interface Choice {
  readonly target: NonNullable<Into>;
  readonly end: ReturnType<Frame['builder']['block']>;
}

/**
 * Each goes on where the next operand is evaluated. The target is written last: `conn = cached ?? conn` reads it.
 */
function lowerUnlessNull(frame: Frame, operand: Node, { target, end }: Choice): void {
  const { builder } = frame;
  const held = builder.hold(lowerExpression(frame, operand, null), spanOf(operand));
  const [next, present] = [builder.block(), builder.block()];
  builder.branch(negate(isNull(held)), present, next, spanOf(operand));
  builder.start(present);
  builder.assign(target.place, placeValue(held), target.span);
  builder.jump(end, target.span);
  builder.start(next);
}

function lowerAlternative(frame: Frame, operand: Node, { target, end }: Choice): void {
  const { builder } = frame;
  const [next, truthy] = [builder.block(), builder.block()];
  let value = booleanValue(true);
  if (kindOfValue(operand, knownKinds(frame)) === 'boolean') lowerCondition(frame, operand, truthy, next);
  else {
    value = lowerExpression(frame, operand, null);
    branchOn(frame.builder, truthTest(frame, value, operand), spanOf(operand), truthy, next);
  }
  builder.start(truthy);
  builder.assign(target.place, value, target.span);
  builder.jump(end, target.span);
  builder.start(next);
}

function lowerGuard(frame: Frame, operand: Node, { target, end }: Choice): void {
  const { builder } = frame;
  const [next, falsy] = [builder.block(), builder.block()];
  lowerCondition(frame, operand, next, falsy);
  builder.start(falsy);
  builder.assign(target.place, nullValue, target.span);
  builder.jump(end, target.span);
  builder.start(next);
}

export function lowerConditional(frame: Frame, node: Node, into: Into): Operand {
  if (choiceOf(node) === null) return deliver(frame, lowerUnknown(frame, node), into);
  const target = into ?? { place: frame.builder.places.temp(), span: spanOf(node) };
  const lowerValue = (value: Node): unknown => lowerExpression(frame, value, target);
  return lowerChoice(frame.builder, node, target, { choiceOf, lowerCondition: conditionsIn(frame), lowerValue });
}
