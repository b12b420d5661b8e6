/** Reads the head of a Python function or class: decorators, parameters, superclasses. */
import type { Literal, TypeHint } from '../../ir/ir.ts';
import type { Annotation, Parameter, TypeShape } from '../language.ts';
import { childInField, childrenOfType, withoutParentheses } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { lastName, parts } from './nodes.ts';
import { annotationType, typeFromText } from './type-text.ts';

/** `node` is a definition with its decorators, or one without. */
export function readDecorators(text: string, node: SyntaxNode): Annotation[] {
  if (node.type !== 'decorated_definition') return [];
  return childrenOfType(node, 'decorator').flatMap((decorator) => {
    const expression = parts(decorator)[0];
    return expression === undefined ? [] : [readDecorator(text, withoutParentheses(expression))];
  });
}

function readDecorator(text: string, expression: SyntaxNode): Annotation {
  const callee = expression.type === 'call' ? childInField(expression, 'function') : null;
  const args = callee === null ? null : childInField(expression, 'arguments');
  const name = callee ?? expression;
  return {
    name: text.slice(name.start, name.end).replace(/\s+/g, ''),
    args: args === null ? null : text.slice(args.start + 1, args.end - 1).trim(),
  };
}

export function hasDecorator(annotations: readonly Annotation[], name: string): boolean {
  return annotations.some((annotation) => lastName(annotation.name) === name);
}

/** One parameter, before it is known whether it is the receiver. */
export interface ParameterNode {
  /** null: several, in a tuple as Python 2 has them. */
  readonly name: string | null;
  /** The name or the tuple. */
  readonly target: SyntaxNode;
  readonly type: TypeHint | null;
  /** Of the default value. */
  readonly value: SyntaxNode | null;
  /** `*args`. */
  readonly isVariadic: boolean;
  /** `**options`. */
  readonly isKeywords: boolean;
}

/** `list` is a `parameters` or `lambda_parameters` node; the marks `/` and `*` are none. */
export function parameterNodes(text: string, list: SyntaxNode | null): ParameterNode[] {
  const found: ParameterNode[] = [];
  for (const child of list === null ? [] : parts(list)) {
    const parameter = parameterNode(text, child);
    if (parameter !== null) found.push(parameter);
  }
  return found;
}

function parameterNode(text: string, node: SyntaxNode): ParameterNode | null {
  const type = annotationType(text, childInField(node, 'type'));
  const value = childInField(node, 'value');
  const written = childInField(node, 'name') ?? (node.type === 'typed_parameter' ? parts(node)[0] : node) ?? node;
  const isVariadic = written.type === 'list_splat_pattern';
  const isKeywords = written.type === 'dictionary_splat_pattern';
  const target = isVariadic || isKeywords ? parts(written)[0] : written;
  if (target === undefined) return null;
  if (target.type !== 'identifier' && target.type !== 'tuple_pattern') return null;
  const name = target.type === 'identifier' ? text.slice(target.start, target.end) : null;
  const hint = isVariadic ? `${type ?? 'object'}[]` : isKeywords ? 'dict' : type;
  return { name, target, type: hint, value, isVariadic, isKeywords };
}

/** As callers see them. */
export function readParameters(nodes: readonly ParameterNode[]): Parameter[] {
  return nodes.map(({ name, type, value, isVariadic, isKeywords }) => {
    const parameter = { name: name ?? '', type, annotations: [], isVariadic: isVariadic || isKeywords };
    const fallback = value === null ? null : constantWritten(value);
    return fallback === null ? parameter : { ...parameter, fallback };
  });
}

function constantWritten(value: SyntaxNode): Literal | null {
  if (value.type === 'none') return { kind: 'null' };
  return value.type === 'true' || value.type === 'false' ? { kind: 'boolean', value: value.type === 'true' } : null;
}

export function readResultType(text: string, node: SyntaxNode): TypeHint | null {
  return annotationType(text, childInField(node, 'return_type'));
}

/** `class A(Base, Generic[T], metaclass=M)`: `Base` and `Generic<T>`. */
export function readSupertypes(text: string, node: SyntaxNode): TypeHint[] {
  const list = childInField(node, 'superclasses');
  const types: TypeHint[] = [];
  for (const base of list === null ? [] : parts(list)) {
    if (base.type === 'keyword_argument') continue;
    const type = typeFromText(text.slice(base.start, base.end));
    if (type !== null) types.push(type);
  }
  return types;
}

/** `metaclass=M`: like a decorator, it says how the class is made. */
export function readMetaclass(text: string, node: SyntaxNode): Annotation[] {
  const list = childInField(node, 'superclasses');
  return (list === null ? [] : parts(list)).flatMap((base) => {
    const name = base.type === 'keyword_argument' ? childInField(base, 'name') : null;
    const value = name !== null && textOf(text, name) === 'metaclass' ? childInField(base, 'value') : null;
    return value === null ? [] : [readDecorator(text, value)];
  });
}

/** `class A[T]`, or the arguments of `Generic[T]`. */
export function readTypeParameters(text: string, node: SyntaxNode): string[] {
  const list = childInField(node, 'type_parameters');
  if (list !== null) return parts(list).map((parameter) => /^\W*(\w+)/.exec(textOf(text, parameter))?.[1] ?? '');
  const bases = childInField(node, 'superclasses');
  const generic = bases === null ? undefined : parts(bases).find((base) => isGeneric(text, base));
  const names = generic === undefined ? [] : generic.children.filter((child) => child.field === 'subscript');
  return names.map((name) => textOf(text, name));
}

export function typeKind(supertypes: readonly TypeHint[]): TypeShape['kind'] {
  const names = supertypes.map((type) => lastName(type.replace(/<.*$/, '')));
  if (names.includes('Protocol')) return 'interface';
  return names.some((name) => /^(?:Int|Str)?(?:Enum|Flag)$/.test(name)) ? 'enum' : 'class';
}

export function isAbstractClass(text: string, node: SyntaxNode): boolean {
  const list = childInField(node, 'superclasses');
  return list !== null && /\b(?:ABC|ABCMeta|Protocol)\b/.test(textOf(text, list));
}

/** Nothing but a docstring, `pass` and `...`. */
export function isEmptyBody(body: SyntaxNode): boolean {
  return body.children.every((statement) => {
    if (statement.type === 'pass_statement') return true;
    const only = statement.type === 'expression_statement' && statement.children.length === 1;
    const type = only ? statement.children[0]?.type : undefined;
    return type === 'ellipsis' || type === 'string' || type === 'concatenated_string';
  });
}

function isGeneric(text: string, base: SyntaxNode): boolean {
  const value = base.type === 'subscript' ? childInField(base, 'value') : null;
  return value !== null && /(?:^|\.)(?:Generic|Protocol)$/.test(textOf(text, value));
}

function textOf(text: string, node: SyntaxNode): string {
  return text.slice(node.start, node.end);
}
