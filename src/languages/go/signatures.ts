/** Reads the head of a Go function: receiver, parameters, results; and the fields of a struct. */
import type { TypeHint } from '../../ir/ir.ts';
import type { Annotation, FieldShape, Parameter } from '../language.ts';
import { childInField, childOfType, spanOf } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { namedType, simpleName, typeName, typeText } from './type-text.ts';

/** A parameter or result, one per name; `(int, error)` has two without a name. */
export interface Variable {
  readonly name: SyntaxNode | null;
  /** Where it is declared, named or not. */
  readonly node: SyntaxNode;
  readonly type: TypeHint | null;
  readonly typeNode: SyntaxNode | null;
  readonly isVariadic: boolean;
}

/** `list` is a `parameter_list`, or the type of a single result. */
export function readVariables(text: string, list: SyntaxNode | null): Variable[] {
  if (list === null) return [];
  if (list.type !== 'parameter_list')
    return [{ name: null, node: list, type: typeText(text, list), typeNode: list, isVariadic: false }];
  const variables: Variable[] = [];
  for (const node of list.children) {
    const isVariadic = node.type === 'variadic_parameter_declaration';
    if (!isVariadic && node.type !== 'parameter_declaration') continue;
    const typeNode = childInField(node, 'type');
    const written = typeNode === null ? null : typeText(text, typeNode);
    // What the variable holds is a slice.
    const type = isVariadic && written !== null ? `${written}[]` : written;
    const names = node.children.filter((child) => child.field === 'name');
    if (names.length === 0) variables.push({ name: null, node, type, typeNode, isVariadic });
    for (const name of names) variables.push({ name, node: name, type, typeNode, isVariadic });
  }
  return variables;
}

export function readParameters(text: string, list: SyntaxNode | null): Parameter[] {
  return readVariables(text, list).map(({ name, type, isVariadic }) => ({
    name: name === null ? '_' : text.slice(name.start, name.end),
    type,
    annotations: [],
    isVariadic,
  }));
}

/** One result is its type, several are `(A,B)`; null: none. */
export function resultType(text: string, result: SyntaxNode | null): TypeHint | null {
  const types = readVariables(text, result).map((variable) => variable.type ?? 'any');
  return types.length > 1 ? `(${types.join(',')})` : (types[0] ?? null);
}

export interface Receiver {
  readonly owner: string;
  readonly isPointer: boolean;
}

/** `(p *Pool[T])` */
export function readReceiver(text: string, method: SyntaxNode): Receiver | null {
  const list = childInField(method, 'receiver');
  const declaration = list === null ? null : childOfType(list, 'parameter_declaration');
  const type = declaration === null ? null : childInField(declaration, 'type');
  const owner = type === null ? null : typeName(text, type);
  if (type === null || owner === null) return null;
  return { owner, isPointer: /^[\s(]*\*/.test(text.slice(type.start, type.end)) };
}

export function readTypeParameters(text: string, declaration: SyntaxNode): string[] {
  const list = childInField(declaration, 'type_parameters');
  const names: string[] = [];
  for (const parameter of list?.children ?? []) {
    for (const child of parameter.children) {
      if (child.field === 'name') names.push(text.slice(child.start, child.end));
    }
  }
  return names;
}

/** Embedded types are fields under their own name. */
export function readFields(text: string, struct: SyntaxNode): FieldShape[] {
  const list = childOfType(struct, 'field_declaration_list');
  const fields: FieldShape[] = [];
  for (const declaration of list?.children ?? []) {
    const typeNode = declaration.type === 'field_declaration' ? childInField(declaration, 'type') : null;
    if (typeNode === null) continue;
    const type = typeText(text, typeNode);
    const annotations = readTags(text, declaration);
    const shape = { type, isStatic: false, annotations, span: spanOf(declaration) };
    const names = declaration.children.filter((child) => child.field === 'name');
    for (const name of names) fields.push({ ...shape, name: text.slice(name.start, name.end), nameSpan: spanOf(name) });
    const embedded = names.length > 0 ? null : namedType(typeNode);
    if (embedded === null) continue;
    const name = simpleName(text.slice(embedded.start, embedded.end));
    fields.push({ ...shape, name, nameSpan: spanOf(embedded) });
  }
  return fields;
}

/** What is written behind a field for others to read, `arg:"" help:"the host"`. */
function readTags(text: string, declaration: SyntaxNode): readonly Annotation[] {
  const tag = childInField(declaration, 'tag');
  const written = tag === null ? '' : text.slice(tag.start + 1, tag.end - 1);
  return [...written.matchAll(/(\w+):"((?:[^"\\]|\\.)*)"/g)].map(([, name = '', args = null]) => ({ name, args }));
}

/** The types a struct or interface embeds. */
export function readEmbedded(text: string, type: SyntaxNode): TypeHint[] {
  if (type.type === 'interface_type') {
    return type.children
      .filter((child) => child.type === 'type_elem' && child.children.length === 1 && isNamed(child.children[0]))
      .map((child) => typeText(text, child));
  }
  const list = childOfType(type, 'field_declaration_list');
  return (list?.children ?? []).flatMap((declaration) => {
    const isEmbedded = declaration.type === 'field_declaration' && childInField(declaration, 'name') === null;
    const embedded = isEmbedded ? childInField(declaration, 'type') : null;
    return embedded === null ? [] : [typeText(text, embedded)];
  });
}

function isNamed(node: SyntaxNode | undefined): boolean {
  return node !== undefined && node.type !== 'negated_type' && namedType(node) !== null;
}
