/**
 * What runs when an object is made or a class is loaded: field initializers and initializer blocks,
 * in source order, as one function. Fields without an initializer are left out.
 */
import type { PlaceId } from '../../../ir/ir.ts';
import { childInField, childOfType, childrenInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerEnumConstant } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerBlock } from './statements.ts';

export interface TypeBodyOptions {
  /** The class's own initialisation, not its objects'. */
  readonly isStatic: boolean;
  /** The type's name, for its static fields. */
  readonly owner: string;
}

export function lowerTypeBody(frame: Frame, body: SyntaxNode, options: TypeBodyOptions): void {
  for (const member of body.children) {
    switch (member.type) {
      case 'enum_body_declarations':
        lowerTypeBody(frame, member, options);
        break;
      case 'enum_constant':
        if (options.isStatic) lowerConstant(frame, member, options.owner);
        break;
      case 'field_declaration':
      case 'constant_declaration':
        if (isStaticField(member) === options.isStatic) lowerFields(frame, member, options);
        break;
      case 'block':
        if (!options.isStatic) lowerBlock(frame, member);
        break;
      case 'static_initializer': {
        const block = childOfType(member, 'block');
        if (options.isStatic && block !== null) lowerBlock(frame, block);
        break;
      }
      default:
    }
  }
}

/** Fields of interfaces are static without saying so. */
function isStaticField(field: SyntaxNode): boolean {
  if (field.type === 'constant_declaration') return true;
  return childOfType(field, 'modifiers')?.children.some((modifier) => modifier.type === 'static') === true;
}

function lowerFields(frame: Frame, field: SyntaxNode, options: TypeBodyOptions): void {
  for (const declarator of childrenInField(field, 'declarator')) {
    const name = childInField(declarator, 'name');
    const value = childInField(declarator, 'value');
    if (name === null || value === null) continue;
    const operand = lowerExpression(frame, value, null);
    const place = fieldPlace(frame, frame.textOf(name), options);
    if (place !== null) frame.builder.assign(place, operand, spanOf(declarator));
  }
}

function fieldPlace(frame: Frame, name: string, options: TypeBodyOptions): PlaceId | null {
  const { places } = frame.builder;
  if (options.isStatic) return places.global(options.owner === '' ? name : `${options.owner}.${name}`);
  const self = frame.thisPlace();
  return self === null ? null : places.path(self, name);
}

/** A constant without arguments holds nothing to follow. */
function lowerConstant(frame: Frame, constant: SyntaxNode, owner: string): void {
  const name = childInField(constant, 'name');
  if (name === null || childInField(constant, 'arguments') === null) return;
  const made = lowerEnumConstant(frame, constant, owner);
  frame.builder.assign(frame.builder.places.global(`${owner}.${frame.textOf(name)}`), made, spanOf(constant));
}
