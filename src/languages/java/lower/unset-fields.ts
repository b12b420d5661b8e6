/**
 * Fields that are null when a constructor starts, for those it asks: `finally { if (this.out == null) in.close(); }`.
 * A field with an initializer is none, nor is any field of a class with initializer blocks, or of a constructor that
 * calls another one first.
 */
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { FieldShape } from '../../language.ts';
import type { Frame } from './frame.ts';

const primitive = /^(?:boolean|byte|char|short|int|long|float|double)$/;

export function unsetFields(text: string, fields: readonly FieldShape[]): ReadonlySet<string> {
  const unset = fields.filter(
    ({ isStatic, type, nameSpan }) =>
      !isStatic && (type === null || !primitive.test(type)) && !/^[\s[\]]*=/.test(text.slice(nameSpan.end)),
  );
  return new Set(unset.map(({ name }) => name));
}

export function assumeUnset(frame: Frame, body: SyntaxNode, unset: ReadonlySet<string>): void {
  if (frame.receiver === null || unset.size === 0) return;
  for (const [name, node] of testedForNull(frame, body)) {
    const place = unset.has(name) ? frame.builder.places.path(frame.receiver, name) : null;
    if (place !== null) frame.builder.assign(place, { kind: 'literal', literal: { kind: 'null' } }, spanOf(node));
  }
}

/** Empty where another constructor has run before. */
function testedForNull(frame: Frame, body: SyntaxNode): ReadonlyMap<string, SyntaxNode> {
  const found = new Map<string, SyntaxNode>();
  const pending = [body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'explicit_constructor_invocation' && childInField(node, 'constructor')?.type === 'this')
      return new Map();
    if (node.type === 'binary_expression' && node.children.some(({ type }) => type === 'null_literal')) {
      for (const operand of node.children) {
        const field =
          operand.type === 'field_access' ? ofThis(operand) : operand.type === 'identifier' ? operand : null;
        if (field !== null) found.set(frame.textOf(field), field);
      }
    }
    pending.push(...node.children);
  }
  return found;
}

function ofThis(access: SyntaxNode): SyntaxNode | null {
  return childInField(access, 'object')?.type === 'this' ? childInField(access, 'field') : null;
}
