/** Fields with a value, in source order, as code. Fields that hold a function from the start are methods. */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { functionOf, properties } from '../members.ts';
import { childOf, isSet, memberName, spanOf, valueIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { classMembers } from './classes.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerBlockOf } from './statements.ts';

/** Where a field is. */
export type FieldPlace = (name: string, span: Span) => PlaceId | null;

export function lowerFields(frame: Frame, members: readonly Node[], place: FieldPlace): void {
  for (const member of members) {
    const value = properties.has(member.type) ? childOf(member, 'value') : null;
    if (value === null || functionOf(member) !== null) continue;
    const span = spanOf(member);
    const operand = lowerExpression(frame, value, null);
    const field = place(memberName(childOf(member, 'key'), valueIn(member, 'computed') === true), span);
    if (field !== null) frame.builder.assign(field, operand, span);
  }
}

/** The objects' fields. */
export function lowerInitializer(frame: Frame, node: Node): void {
  const self = frame.thisPlace();
  const members = classMembers(node).filter((member) => !isSet(member, 'static'));
  lowerFields(frame, members, (name, span) => (self === null ? null : frame.builder.field(self, name, span)));
}

/** The class's own fields and blocks; its static fields are global. */
export function lowerStaticInitializer(frame: Frame, node: Node, owner: string): void {
  for (const member of classMembers(node)) {
    if (member.type === 'StaticBlock') lowerBlockOf(frame, member);
    else if (isSet(member, 'static')) {
      lowerFields(frame, [member], (name) => frame.builder.places.global(`${owner}.${name}`));
    }
  }
}
