/**
 * A class that keeps what it opens in a field, and that nobody can end, gets an end: `implements AutoCloseable`, `close()`.
 * Only where nothing but the class says how it ends: it extends no other, and has no method that ends it.
 */
import type { Edit, Fix, FixRequest } from '../../../findings/edit.ts';
import type { Habits } from '../../habits.ts';
import {
  fixOf,
  indentAt,
  indentUnit,
  isAloneOnLines,
  lineBreakOf,
  lineStart,
  pathTo,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import type { JavaFile } from '../parse.ts';
import { writtenType } from './imports.ts';

export function closedByOwner(file: JavaFile, request: FixRequest, habits: Habits): Fix[] {
  const { root, text } = file;
  const { remedy } = request;
  const template = remedy?.calls[0];
  if (remedy?.field == null || remedy.family !== 'resource' || template === undefined) return [];
  const path = pathTo(root, request.acquiredAt);
  const at = path.findLastIndex(({ type }) => type === 'class_body');
  const [owner, body, member] = [path[at - 1], path[at], path[at + 1]];
  const name = owner === undefined ? null : childInField(owner, 'name');
  if (owner?.type !== 'class_declaration' || body === undefined || member === undefined || name === null) return [];
  if (childInField(owner, 'superclass') !== null || childInField(owner, 'permits') !== null) return [];
  if (!/^(?:constructor_declaration|field_declaration|block)$/.test(member.type) || hasEnd(body, text, habits))
    return [];
  const field = body.children.find(
    (one) => one.type === 'field_declaration' && declares(one, remedy.field ?? '', text),
  );
  const modifiers = field === undefined ? '' : modifiersOf(field, text);
  const interfaces = childInField(owner, 'interfaces');
  const brace = { start: body.end - 1, end: body.end };
  if (field === undefined || /\bstatic\b/.test(modifiers) || !isAloneOnLines(text, brace)) return [];
  if (interfaces !== null && /\b(?:Auto)?Closeable\b/.test(textOf(interfaces, text))) return [];
  const thrown = thrownBy(remedy.throws, file);
  if (thrown === null) return [];
  const unit = indentUnit(text, '    ');
  const line = lineBreakOf(text);
  const indent = indentAt(text, owner.start) + unit;
  const release = `${written(template, remedy.field)};`;
  const lines = [
    '@Override',
    `public void close()${thrown.text} {`,
    ...(/\bfinal\b/.test(modifiers)
      ? [unit + release]
      : [`${unit}if (${remedy.field} != null) {`, unit + unit + release, `${unit}}`]),
    '}',
  ];
  const end = lineStart(text, brace.start);
  const edits: Edit[] = [
    ...thrown.edits,
    interfaces === null
      ? { start: body.start, end: body.start, text: 'implements AutoCloseable ' }
      : { start: interfaces.end, end: interfaces.end, text: ', AutoCloseable' },
    { start: end, end, text: line + lines.map((one) => indent + one + line).join('') },
  ];
  const type = textOf(name, text);
  const title = `Give \`${type}\` a \`close\` that releases \`${remedy.field}\``;
  return [fixOf({ title, style: 'closed-by-owner', edits }, [`whoever makes one has to close it`])];
}

function hasEnd(body: SyntaxNode, text: string, habits: Habits): boolean {
  return body.children.some((one) => {
    const name = one.type === 'method_declaration' ? childInField(one, 'name') : null;
    if (name === null) return false;
    return habits.lifecycleEnd.test(textOf(name, text)) || habits.releaseMethods.has(textOf(name, text));
  });
}

function declares(field: SyntaxNode, name: string, text: string): boolean {
  return field.children.some((one) => {
    const declared = one.type === 'variable_declarator' ? childInField(one, 'name') : null;
    return declared !== null && textOf(declared, text) === name;
  });
}

function modifiersOf(declaration: SyntaxNode, text: string): string {
  const modifiers = childOfType(declaration, 'modifiers');
  return modifiers === null ? '' : textOf(modifiers, text);
}

/** null: a name in it cannot be written. `types`: null where nobody knows them. */
function thrownBy(types: readonly string[] | null, file: JavaFile): { text: string; edits: readonly Edit[] } | null {
  if (types === null) return { text: ' throws Exception', edits: [] };
  const names = types.map((type) => writtenType(type, file));
  const known = names.flatMap((one) => one ?? []);
  if (known.length < names.length) return null;
  const text = known.length === 0 ? '' : ` throws ${known.map((one) => one.text).join(', ')}`;
  return { text, edits: known.flatMap(({ edits }) => edits) };
}
