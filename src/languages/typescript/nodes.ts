/**
 * Reading ESTree nodes. Fields are read by name and checked when they are read, so a tree with holes, or
 * one that another parser made, lowers precision and crashes nothing. Nothing here recurses over user code.
 */
import { elementField } from '../../ir/places.ts';
import type { Span } from '../../ir/ir.ts';

export interface Node {
  readonly type: string;
  readonly range: readonly [number, number];
}

/** The node in a field, or null. */
export function childOf(node: Node, field: string): Node | null {
  const value = read(node, field);
  return isNode(value) ? value : null;
}

/** The nodes in a field that holds a list; null for a hole, as in `[, b]`. */
export function elementsOf(node: Node, field: string): readonly (Node | null)[] {
  const value = read(node, field);
  if (!Array.isArray(value)) return [];
  return value.map((element: unknown) => (isNode(element) ? element : null));
}

export function nodesOf(node: Node, field: string): readonly Node[] {
  const value = read(node, field);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A field that holds text: an operator, a name; '' if it does not. */
export function textIn(node: Node, field: string): string {
  const value = read(node, field);
  return typeof value === 'string' ? value : '';
}

export function isSet(node: Node, field: string): boolean {
  return read(node, field) === true;
}

export function valueIn(node: Node, field: string): unknown {
  return read(node, field);
}

/** The name of an identifier; null for anything else, and where the parser only supposed one. */
export function identifierName(node: Node | null): string | null {
  if (node?.type !== 'Identifier' && node?.type !== 'JSXIdentifier') return null;
  const name = textIn(node, 'name');
  return name === '' ? null : name;
}

export function spanOf(node: Node): Span {
  return { start: node.range[0], end: node.range[1] };
}

/** The closing brace, or wherever the node ends. */
export function closingSpan(node: Node): Span {
  const [start, end] = node.range;
  return { start: Math.max(start, end - 1), end };
}

/** `((x))`, `x!`, `x as const`: wrappers that say nothing of the value. A type assertion does; it stays. */
export function bare(node: Node): Node {
  let at = node;
  for (;;) {
    const isWrapper = transparent.has(at.type) || (at.type === 'TSAsExpression' && isConstAssertion(at));
    const inner = isWrapper ? childOf(at, 'expression') : null;
    if (inner === null) return at;
    at = inner;
  }
}

/** Without type assertions as well. */
export function withoutAssertions(node: Node): Node {
  let at = bare(node);
  while (assertions.has(at.type)) {
    const inner = childOf(at, 'expression');
    if (inner === null) return at;
    at = bare(inner);
  }
  return at;
}

export const assertions: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSTypeAssertion',
  'TSSatisfiesExpression',
  'TypeCastExpression',
]);

const transparent = new Set([
  'ParenthesizedExpression',
  'TSNonNullExpression',
  'ChainExpression',
  'TSInstantiationExpression',
]);

/** The operands of `a && b && c`, which nests to the left, in order; `isJoined` says which operators go on. */
export function operandsOf(node: Node, isJoined: (operator: string) => boolean): Node[] {
  const operands: Node[] = [];
  let at = node;
  while (at.type === node.type && isJoined(textIn(at, 'operator'))) {
    const left = childOf(at, 'left');
    const right = childOf(at, 'right');
    if (left === null || right === null) break;
    operands.push(right);
    at = withoutAssertions(left);
  }
  operands.push(at);
  return operands.reverse();
}

function isConstAssertion(node: Node): boolean {
  const type = childOf(node, 'typeAnnotation');
  return type?.type === 'TSTypeReference' && identifierName(childOf(type, 'typeName')) === 'const';
}

export function isFunction(node: Node): boolean {
  return functions.has(node.type);
}

export const functions: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

export function isClass(node: Node): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** In the order of the source, as far as the parser keeps it. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key in node) {
    if (skippedFields.has(key)) continue;
    const value = read(node, key);
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) for (const element of value) if (isNode(element)) children.push(element);
  }
  return children;
}

/** ESLint's trees know their parents. */
const skippedFields = new Set(['type', 'range', 'loc', 'parent', 'tokens', 'comments', 'value', 'raw', 'name']);
/** `value` is a node in these, text or a number elsewhere. */
const valueHolders = new Set([
  'Property',
  'MethodDefinition',
  'PropertyDefinition',
  'AccessorProperty',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'JSXAttribute',
]);

/** Half of all nodes; what hangs on them is types. */
const leaves = new Set(['Identifier', 'Literal', 'ThisExpression', 'TemplateElement', 'PrivateIdentifier', 'JSXText']);

/** With the values of properties and the functions of methods. */
export function partsOf(node: Node): Node[] {
  const children = childrenOf(node);
  const value = valueHolders.has(node.type) ? childOf(node, 'value') : null;
  return value === null ? children : [...children, value];
}

/** All nodes below and including this one, outer first; the callback says whether to look inside. */
export function walk(node: Node, visit: (node: Node) => 'inside' | 'skip'): void {
  const pending: Node[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visit(next) === 'skip' || leaves.has(next.type)) continue;
    if (valueHolders.has(next.type)) {
      const value = childOf(next, 'value');
      if (value !== null) pending.push(value);
    }
    const children = childrenOf(next);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) pending.push(child);
    }
  }
}

/** Types and the names in them are no code. */
export function isTypeSyntax(node: Node): boolean {
  return typeSyntax.test(node.type);
}

const typeSyntax =
  /^TS(?!AsExpression|TypeAssertion|SatisfiesExpression|NonNull|Instantiation|ParameterProperty|Module|Enum|Export|Abstract(?:Method|Property|Accessor)|EmptyBody)|^(?:Import|ExportAll)Declaration$/;

/** The field of a node; a symbol-like text for keys that are worked out when the program runs. */
export function memberName(key: Node | null, isComputed: boolean): string {
  if (key === null) return elementField;
  if (key.type === 'PrivateIdentifier' || key.type === 'PrivateName') return `#${textIn(key, 'name')}`;
  if (!isComputed) return identifierName(key) ?? literalKey(key) ?? elementField;
  const literal = literalKey(key);
  if (literal !== null) return literal;
  // `[Symbol.dispose]`
  const object = key.type === 'MemberExpression' ? identifierName(childOf(key, 'object')) : null;
  return object === 'Symbol' ? `[Symbol.${identifierName(childOf(key, 'property')) ?? ''}]` : elementField;
}

function literalKey(key: Node): string | null {
  if (key.type !== 'Literal') return null;
  const value = valueIn(key, 'value');
  return typeof value === 'string' && value !== '' ? value : null;
}

/** null for a tree without them, which does not mean that the text has none. */
export function commentSpans(program: Node): readonly Span[] | null {
  const comments = read(program, 'comments');
  return Array.isArray(comments) ? comments.filter(isNode).map(spanOf) : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function read(node: Node, field: string): unknown {
  // A node is a record of fields; which ones there are depends on its type, and on the parser.
  return (node as Node & Readonly<Record<string, unknown>>)[field];
}
