/**
 * Whether `if (x)` asks for a boolean, for a number or text, or for an object that may be missing. There is no
 * type checker: annotations and what is assigned are looked at, and names like `isOpen` (`Habits.booleanNames`).
 *
 * Where booleans and objects are mixed, as in `let conn = false; … conn = open()`, it is an object.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import { bare, childOf, isFunction, memberName, textIn, valueIn, walk, withoutAssertions } from './nodes.ts';
import type { Node } from './nodes.ts';
import { annotatedType } from './type-text.ts';

export type ValueKind = 'boolean' | 'primitive' | 'object';

/** What is known of each name, once everything has been added. */
export class ValueKinds {
  private readonly kinds = new Map<string, ValueKind>();

  get(name: string): ValueKind | null {
    return this.kinds.get(name) ?? null;
  }

  /** null is nothing to go by: `let x;`, `x = null`. */
  add(name: string, kind: ValueKind | null): void {
    if (kind === null) return;
    const known = this.kinds.get(name);
    this.kinds.set(name, known === undefined || known === kind ? kind : mixed(known, kind));
  }
}

export function kindOfType(type: TypeHint | null): ValueKind | null {
  if (type === null) return null;
  if (type === 'boolean') return 'boolean';
  return type === 'number' || type === 'string' || type === 'bigint' ? 'primitive' : 'object';
}

/** What is known where an expression stands. */
export interface KnownKinds {
  readonly habits: Habits;
  /** Of a name or a property. */
  readonly kindOf: (node: Node) => ValueKind | null;
}

/** No name is known, nor any property. */
export function unknownNames(habits: Habits): KnownKinds {
  return { habits, kindOf: () => null };
}

/** What the expression tells; null for `null` and `undefined`. */
export function kindOfValue(written: Node, known: KnownKinds): ValueKind | null {
  const node = withoutAssertions(written);
  switch (node.type) {
    case 'Literal':
      return kindOfLiteral(valueIn(node, 'value'));
    case 'TemplateLiteral':
    case 'UpdateExpression':
      return 'primitive';
    case 'Identifier':
      if (textIn(node, 'name') === 'undefined') return null;
      return looksBoolean(node, known.habits) ? 'boolean' : (known.kindOf(node) ?? 'object');
    case 'MemberExpression':
      return looksBoolean(node, known.habits) ? 'boolean' : (known.kindOf(node) ?? 'object');
    case 'UnaryExpression': {
      const operator = textIn(node, 'operator');
      if (operator === 'void') return null;
      return operator === '!' || operator === 'delete' ? 'boolean' : 'primitive';
    }
    case 'BinaryExpression':
      return comparisons.has(textIn(node, 'operator')) ? 'boolean' : 'primitive';
    case 'LogicalExpression':
      return kindOfChoice(node, known);
    default:
      return looksBoolean(node, known.habits) ? 'boolean' : 'object';
  }
}

export const comparisons: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '>',
  '<=',
  '>=',
  'in',
  'instanceof',
]);

/** `isOpen(x)`, `await fs.exists(path)`, `socket.isDestroyed`: by name. */
export function looksBoolean(written: Node, { booleanNames }: Habits): boolean {
  let node = bare(written);
  if (node.type === 'AwaitExpression') node = bare(childOf(node, 'argument') ?? node);
  if (node.type === 'CallExpression') node = bare(childOf(node, 'callee') ?? node);
  const isMember = node.type === 'MemberExpression';
  const name = isMember
    ? memberName(childOf(node, 'property'), valueIn(node, 'computed') === true)
    : textIn(node, 'name');
  return booleanNames?.test(name) === true;
}

/** By name, over a whole file. */
export interface FileKinds {
  /** `x.closed = true`, `closed: boolean` */
  readonly properties: ValueKinds;
  /** For variables of the module: what any function assigns to them. */
  readonly variables: ValueKinds;
}

export function fileKinds(program: Node, habits: Habits): FileKinds {
  const known = unknownNames(habits);
  const kinds: FileKinds = { properties: new ValueKinds(), variables: new ValueKinds() };
  walk(program, (node) => {
    if (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') {
      const name = memberName(childOf(node, 'key'), valueIn(node, 'computed') === true);
      const value = childOf(node, 'value');
      kinds.properties.add(
        name,
        kindOfType(annotatedType(node)) ?? (value === null ? null : kindOfValue(value, known)),
      );
      return 'inside';
    }
    const { target, value } = assigned(node);
    if (target === null || value === null) return 'inside';
    const kind = kindOfValue(value, known);
    if (target.type === 'Identifier') kinds.variables.add(textIn(target, 'name'), kind);
    else if (target.type === 'MemberExpression') {
      kinds.properties.add(memberName(childOf(target, 'property'), valueIn(target, 'computed') === true), kind);
    }
    return 'inside';
  });
  return kinds;
}

/** What is assigned to which name in a function, and its `var` declarations; functions in it are not looked into. */
export function assignedKinds(body: readonly Node[], known: KnownKinds): { kinds: ValueKinds; vars: Node[] } {
  const kinds = new ValueKinds();
  const vars: Node[] = [];
  for (const root of body) {
    walk(root, (node) => {
      if (isFunction(node) || node.type === 'ClassBody') return 'skip';
      const { target, value } = assigned(node);
      if (target?.type === 'Identifier' && value !== null) kinds.add(textIn(target, 'name'), kindOfValue(value, known));
      if (node.type === 'VariableDeclaration' && textIn(node, 'kind') === 'var') vars.push(node);
      return 'inside';
    });
  }
  return { kinds, vars };
}

function assigned(node: Node): { target: Node | null; value: Node | null } {
  if (node.type === 'VariableDeclarator') return { target: childOf(node, 'id'), value: childOf(node, 'init') };
  if (node.type !== 'AssignmentExpression') return { target: null, value: null };
  return { target: childOf(node, 'left'), value: childOf(node, 'right') };
}

function mixed(first: ValueKind, second: ValueKind): ValueKind {
  return first === 'object' || second === 'object' ? 'object' : 'primitive';
}

function kindOfLiteral(value: unknown): ValueKind | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' ? 'object' : 'primitive';
}

/**
 * `a && n > 0` is a boolean where it is true, and `a` where it is not, which is as good as false; with `||` all have to
 * be. Chains nest to the left; what stands on the right nests no deeper than people write.
 */
function kindOfChoice(node: Node, known: KnownKinds): ValueKind | null {
  let at = node;
  while (at.type === 'LogicalExpression') {
    const right = childOf(at, 'right');
    const isLeaf = right !== null && withoutAssertions(right).type !== 'LogicalExpression';
    if (!isLeaf || kindOfValue(right, known) !== 'boolean') return 'object';
    if (textIn(at, 'operator') === '&&') return 'boolean';
    at = withoutAssertions(childOf(at, 'left') ?? { type: '', range: at.range });
  }
  return kindOfValue(at, known) === 'boolean' ? 'boolean' : 'object';
}
