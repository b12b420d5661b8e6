/**
 * Types as text in the form all languages share: `Map<string,Socket>`, `T[]`. `null` and `undefined` are left out
 * of unions; a type that is not one name is not known.
 */
import type { TypeHint } from '../../ir/ir.ts';
import { childOf, identifierName, nodesOf, textIn, valueIn } from './nodes.ts';
import type { Node } from './nodes.ts';

/** Deeper types say nothing to anyone. */
const maxTypeDepth = 12;

const keywords = new Map([
  ['TSStringKeyword', 'string'],
  ['TSNumberKeyword', 'number'],
  ['TSBooleanKeyword', 'boolean'],
  ['TSBigIntKeyword', 'bigint'],
  ['TSSymbolKeyword', 'symbol'],
  ['TSObjectKeyword', 'object'],
  ['TSVoidKeyword', 'void'],
  ['TSTemplateLiteralType', 'string'],
]);

const nullish = new Set(['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword']);

/** What `: T` after a name or a list of parameters says. */
export function annotatedType(node: Node | null, field = 'typeAnnotation'): TypeHint | null {
  const annotation = node === null ? null : childOf(node, field);
  const type = annotation === null ? null : (childOf(annotation, 'typeAnnotation') ?? annotation);
  return type === null ? null : typeText(type);
}

export function typeText(type: Node, depth = 0): TypeHint | null {
  if (depth > maxTypeDepth) return null;
  const keyword = keywords.get(type.type);
  if (keyword !== undefined) return keyword;
  switch (type.type) {
    case 'TSTypeReference':
      return namedType(childOf(type, 'typeName'), type, depth);
    case 'TSExpressionWithTypeArguments':
    case 'TSInterfaceHeritage':
    case 'TSClassImplements':
      return namedType(childOf(type, 'expression'), type, depth);
    case 'TSArrayType': {
      const element = childOf(type, 'elementType');
      const text = element === null ? null : typeText(element, depth + 1);
      return text === null ? null : `${text}[]`;
    }
    case 'TSUnionType':
      return unionText(nodesOf(type, 'types'), depth);
    case 'TSTypeOperator': {
      const inner = childOf(type, 'typeAnnotation');
      return inner === null || textIn(type, 'operator') === 'keyof' ? null : typeText(inner, depth + 1);
    }
    case 'TSLiteralType':
      return literalType(childOf(type, 'literal'));
    case 'TSTypePredicate':
      return valueIn(type, 'asserts') === true ? 'void' : 'boolean';
    default:
      return null;
  }
}

/** The class or function a value is an instance of: `ns.Client` from an expression. */
export function dottedText(node: Node | null): string | null {
  const names: string[] = [];
  let at = node;
  while (at?.type === 'MemberExpression' || at?.type === 'TSQualifiedName') {
    const isMember = at.type === 'MemberExpression';
    const name = identifierName(childOf(at, isMember ? 'property' : 'right'));
    if (name === null || valueIn(at, 'computed') === true) return null;
    names.push(name);
    at = childOf(at, isMember ? 'object' : 'left');
  }
  const root = at?.type === 'ThisExpression' ? 'this' : identifierName(at);
  if (root === null) return null;
  return names.length === 0 ? root : `${root}.${names.reverse().join('.')}`;
}

export function typeArgumentsText(node: Node, depth = 0): string {
  const list = childOf(node, 'typeArguments') ?? childOf(node, 'typeParameters');
  const args = list === null ? [] : nodesOf(list, 'params');
  if (args.length === 0) return '';
  return `<${args.map((arg) => typeText(arg, depth + 1) ?? 'unknown').join(',')}>`;
}

/** Both spellings of an array are one type. */
export function arrayForm(type: TypeHint): TypeHint {
  const match = /^(?:Readonly)?Array<([^<>,]*(?:<[^<>]*>)?)>$/.exec(type);
  return match === null ? type : `${match[1] ?? ''}[]`;
}

function namedType(name: Node | null, type: Node, depth: number): TypeHint | null {
  const text = dottedText(name);
  if (text === null || text === 'const') return null;
  return arrayForm(text + typeArgumentsText(type, depth));
}

function unionText(types: readonly Node[], depth: number): TypeHint | null {
  const texts = new Set<TypeHint | null>();
  for (const type of types) {
    const isNull = type.type === 'TSLiteralType' && childOf(type, 'literal')?.type === 'TSNullKeyword';
    if (!isNull && !nullish.has(type.type)) texts.add(typeText(type, depth + 1));
  }
  const [only, ...others] = texts;
  return others.length === 0 ? (only ?? null) : null;
}

function literalType(literal: Node | null): TypeHint | null {
  if (literal === null) return null;
  if (literal.type === 'TemplateLiteral') return 'string';
  if (literal.type === 'UnaryExpression') return 'number';
  const value = valueIn(literal, 'value');
  const kind = typeof value;
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : null;
}
