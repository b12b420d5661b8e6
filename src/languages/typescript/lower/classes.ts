/**
 * Classes inside functions: a closure with the constructor and the methods as members. Fields with a value are set by
 * a member `<init>`; static ones when the class is made.
 */
import type { Operand, PlaceId } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { placeValue } from '../../lowering/values.ts';
import { functionOf, methods, properties } from '../members.ts';
import { childOf, identifierName, isSet, memberName, nodesOf, spanOf, valueIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { lowerMembers, openMember } from './closures.ts';
import type { ClosureMember, OpenMember } from './closures.ts';
import { lowerEffects } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerFields } from './initializers.ts';
import { lowerBlockOf } from './statements.ts';
import { deliver, freshFunction, resultPlace } from './values.ts';
import type { Into } from './values.ts';

export function lowerClass(frame: Frame, node: Node, into: Into): Operand {
  lowerHead(frame, node);
  if (frame.unit.facts.scope.declared.has(node)) return deliver(frame, freshFunction, into);
  const dest = resultPlace(frame, into);
  frame.builder.emit({ op: 'closure', dest, base: null, ...lowerMembersOf(frame, node), span: spanOf(node) });
  lowerStatics(frame, node, dest);
  return placeValue(dest);
}

export function classMembers(node: Node): readonly Node[] {
  const body = childOf(node, 'body');
  return body === null ? [] : nodesOf(body, 'body');
}

/** What is evaluated when the class is made: its superclass, decorators and names in brackets. */
function lowerHead(frame: Frame, node: Node): void {
  const superclass = childOf(node, 'superClass');
  if (superclass !== null) lowerEffects(frame, [superclass]);
  for (const member of classMembers(node)) {
    const key = valueIn(member, 'computed') === true ? childOf(member, 'key') : null;
    if (key !== null && memberName(key, true) === elementField) lowerEffects(frame, [key]);
    lowerEffects(frame, nodesOf(member, 'decorators'));
  }
  lowerEffects(frame, nodesOf(node, 'decorators'));
}

function lowerMembersOf(frame: Frame, node: Node) {
  const members = classMembers(node).flatMap((member): ClosureMember[] => {
    const fn = functionOf(member);
    if (fn === null || childOf(fn, 'body') === null) return [];
    return [{ name: memberName(childOf(member, 'key'), valueIn(member, 'computed') === true), node: member, fn }];
  });
  return lowerMembers(frame, node, members, identifierName(childOf(node, 'id')), (captures) =>
    fieldInitializer(frame, node, captures),
  );
}

function fieldInitializer(frame: Frame, node: Node, captures: Set<PlaceId>): OpenMember[] {
  const members = classMembers(node);
  const hasFields = members.some(
    (member) => properties.has(member.type) && !isSet(member, 'static') && childOf(member, 'value') !== null,
  );
  if (!hasFields) return [];
  const thisType = identifierName(childOf(node, 'id'));
  const member = openMember(frame, { node, fn: null, name: '<init>', captures, thisType });
  const self = member.frame.thisPlace();
  lowerFields(
    member.frame,
    members.filter((one) => !isSet(one, 'static')),
    (name, span) => (self === null ? null : member.frame.builder.field(self, name, span)),
  );
  return [member];
}

function lowerStatics(frame: Frame, node: Node, dest: PlaceId): void {
  const members = classMembers(node).filter((member) => !methods.has(member.type));
  lowerFields(
    frame,
    members.filter((member) => isSet(member, 'static')),
    (name, span) => frame.builder.field(dest, name, span),
  );
  for (const member of members) if (member.type === 'StaticBlock') lowerBlockOf(frame, member);
}
