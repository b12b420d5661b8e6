/** Reads the head of a Java member: modifiers, parameters, announced exceptions, declared variables. */
import type { TypeHint } from '../../ir/ir.ts';
import type { Annotation, FieldShape, Parameter } from '../language.ts';
import { childInField, childOfType, spanOf } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { isAnnotation, nameText, readAnnotation, typeText } from './type-text.ts';

export interface Modifiers {
  readonly annotations: readonly Annotation[];
  /** `static`, `private`, `abstract`. */
  readonly words: ReadonlySet<string>;
}

const noModifiers: Modifiers = { annotations: [], words: new Set() };

export function readModifiers(text: string, member: SyntaxNode): Modifiers {
  const node = childOfType(member, 'modifiers');
  if (node === null) return noModifiers;
  const annotations: Annotation[] = [];
  const words = new Set<string>();
  for (const child of node.children) {
    if (isAnnotation(child)) annotations.push(readAnnotation(text, child));
    else words.add(child.type);
  }
  return { annotations, words };
}

/** `list` is the `formal_parameters` node; a receiver parameter is none of ours. */
export function readParameters(text: string, list: SyntaxNode | null): Parameter[] {
  const parameters: Parameter[] = [];
  for (const child of list?.children ?? []) {
    if (child.type === 'formal_parameter') parameters.push(readFormal(text, child));
    if (child.type === 'spread_parameter') parameters.push(readSpread(text, child));
  }
  return parameters;
}

export function readThrows(text: string, member: SyntaxNode): TypeHint[] {
  const clause = childOfType(member, 'throws');
  return clause === null ? [] : readTypes(text, clause);
}

/** The result's type; null for constructors. `int f()[]` gives `int[]`. */
export function readResultType(text: string, member: SyntaxNode): TypeHint | null {
  const type = childInField(member, 'type');
  return type === null ? null : typeText(text, type, childInField(member, 'dimensions'));
}

/** `extends A, B<C>`, `implements …`, `throws …`: the types in a clause or its list. */
export function readTypes(text: string, clause: SyntaxNode): TypeHint[] {
  const list = childOfType(clause, 'type_list') ?? clause;
  return list.children.filter((child) => !keywords.has(child.type)).map((child) => typeText(text, child));
}

const keywords = new Set(['extends', 'implements', 'throws', 'permits']);

export function readTypeParameters(text: string, declaration: SyntaxNode): string[] {
  const list = childInField(declaration, 'type_parameters');
  const names: string[] = [];
  for (const parameter of list?.children ?? []) {
    const name = childOfType(parameter, 'type_identifier') ?? childOfType(parameter, 'identifier');
    if (name !== null) names.push(nameText(text, name));
  }
  return names;
}

/** One field declaration may declare several; those of an interface are static and final. */
export function readFields(text: string, declaration: SyntaxNode): FieldShape[] {
  const { annotations, words } = readModifiers(text, declaration);
  const isConstant = declaration.type === 'constant_declaration';
  const type = childInField(declaration, 'type');
  const fields: FieldShape[] = [];
  for (const declarator of declaration.children) {
    const name = declarator.field === 'declarator' ? childInField(declarator, 'name') : null;
    if (name === null) continue;
    fields.push({
      name: nameText(text, name),
      type: type === null ? null : typeText(text, type, childInField(declarator, 'dimensions')),
      isStatic: isConstant || words.has('static'),
      annotations,
      span: spanOf(declarator),
      nameSpan: spanOf(name),
    });
  }
  return fields;
}

/** The components of a record are private final fields. */
export function readComponents(text: string, list: SyntaxNode | null): FieldShape[] {
  const parameters = readParameters(text, list);
  const nodes = (list?.children ?? []).filter((node) => parameterKinds.has(node.type));
  return parameters.map((parameter, index) => {
    // Both lists come from the same children, in the same order.
    const node = nodes[index] as SyntaxNode;
    const name = childInField(childOfType(node, 'variable_declarator') ?? node, 'name') ?? node;
    const { annotations, type } = parameter;
    const place = { span: spanOf(node), nameSpan: spanOf(name) };
    return { name: parameter.name, type, isStatic: false, annotations, ...place };
  });
}

const parameterKinds = new Set(['formal_parameter', 'spread_parameter']);

function readFormal(text: string, node: SyntaxNode): Parameter {
  const name = childInField(node, 'name');
  const type = childInField(node, 'type');
  return {
    name: name === null ? '' : nameText(text, name),
    type: type === null ? null : typeText(text, type, childInField(node, 'dimensions')),
    annotations: readModifiers(text, node).annotations,
    isVariadic: false,
  };
}

/** `InputStream... parts` has the type `InputStream[]`: that is what the variable holds. */
function readSpread(text: string, node: SyntaxNode): Parameter {
  const declarator = childOfType(node, 'variable_declarator');
  const name = declarator === null ? null : childInField(declarator, 'name');
  const type = node.children.find((child) => !spreadParts.has(child.type) && !isAnnotation(child));
  return {
    name: name === null ? '' : nameText(text, name),
    type: type === undefined ? null : `${typeText(text, type)}[]`,
    annotations: readModifiers(text, node).annotations,
    isVariadic: true,
  };
}

const spreadParts = new Set(['modifiers', 'variable_declarator']);
