/** Where a finding's resource is acquired in TypeScript or JavaScript, and as what. */
import type { FixRequest } from '../../../findings/edit.ts';
import type { Span } from '../../../ir/ir.ts';
import {
  childOf,
  partsOf,
  identifierName,
  isSet,
  isFunction,
  nodesOf,
  textIn,
  withoutAssertions,
  type Node,
} from '../nodes.ts';
import type { Habits } from '../../habits.ts';
import type { TypescriptFile } from '../parse.ts';

export interface Site {
  readonly file: TypescriptFile;
  readonly text: string;
  readonly request: FixRequest;
  /** From the root to the acquisition. */
  readonly path: readonly Node[];
  readonly acquisition: Node;
  readonly statement: Node;
  readonly block: Node;
  readonly statements: readonly Node[];
  readonly index: number;
  readonly fn: Node;
  /** What is released, as written; null: it has no name in this block. */
  readonly value: string | null;
  readonly isAwaited: boolean;
  readonly habits: Habits;
}

export function pathTo(root: Node, { start, end }: Span): Node[] {
  const path = [root];
  for (let node: Node | undefined = root; node !== undefined;) {
    node = partsOf(node).find(({ range }) => range[0] <= start && end <= range[1]);
    if (node !== undefined) path.push(node);
  }
  return path;
}

export function statementsIn(block: Node): readonly Node[] {
  if (block.type === 'SwitchCase') return nodesOf(block, 'consequent');
  return nodesOf(block, 'body');
}

/** Where the block is one `case`, the statements of those behind it: its variables are theirs as well. */
export function laterCases({ path, block }: Pick<Site, 'path' | 'block'>): readonly Node[] {
  if (block.type !== 'SwitchCase') return [];
  const cases = partsOf(path[path.indexOf(block) - 1] ?? block).filter(({ type }) => type === 'SwitchCase');
  return cases.filter(({ range }) => range[0] >= block.range[1]).flatMap(statementsIn);
}

export function isBlock({ type }: Node): boolean {
  return type === 'BlockStatement' || type === 'Program' || type === 'StaticBlock' || type === 'SwitchCase';
}

export function siteOf(file: TypescriptFile, request: FixRequest, habits: Habits): Site | null {
  const { text, program } = file;
  const full = pathTo(program, request.acquiredAt);
  const at = full.findLastIndex(
    ({ range }) => range[0] === request.acquiredAt.start && range[1] === request.acquiredAt.end,
  );
  const path = full.slice(0, at + 1);
  const acquisition = path.at(-1);
  const index = path.findLastIndex(isBlock);
  const [block, statement] = [path[index], path[index + 1]];
  const fn = path.findLast((node) => isFunction(node) || node.type === 'Program');
  if (acquisition === undefined || block === undefined || statement === undefined || fn === undefined) return null;
  if (path.indexOf(fn) > index) return null;
  const statements = statementsIn(block);
  return {
    file,
    text,
    request,
    path,
    acquisition,
    statement,
    block,
    statements,
    index: statements.indexOf(statement),
    fn,
    value: valueOf(statement, acquisition, request, text),
    isAwaited: path.at(-2)?.type === 'AwaitExpression',
    habits,
  };
}

export function textOf({ range }: Node, text: string): string {
  return text.slice(range[0], range[1]);
}

function valueOf(statement: Node, acquisition: Node, { variable, remedy }: FixRequest, text: string): string | null {
  if (remedy?.isReceiver === true) {
    const callee = childOf(acquisition, 'callee');
    const object = callee === null ? null : childOf(callee, 'object');
    return object === null ? null : textOf(object, text);
  }
  const [target, value] = targetOf(statement);
  const name = identifierName(target);
  if (name === null || value === null || name !== variable) return null;
  const [field] = remedy?.through ?? [];
  return field !== undefined && /^\w+$/.test(field) ? `${name}.${field}` : name;
}

/** `const x = value` or `x = value`. */
function targetOf(statement: Node): [Node | null, Node | null] {
  if (statement.type === 'VariableDeclaration') {
    const declarators = nodesOf(statement, 'declarations');
    const [only] = declarators;
    if (declarators.length !== 1 || only === undefined) return [null, null];
    const value = childOf(only, 'init');
    return [childOf(only, 'id'), value === null ? null : withoutAssertions(value)];
  }
  const expression = statement.type === 'ExpressionStatement' ? childOf(statement, 'expression') : null;
  if (expression?.type !== 'AssignmentExpression' || textIn(expression, 'operator') !== '=') return [null, null];
  return [childOf(expression, 'left'), childOf(expression, 'right')];
}

export function declaredNames(statement: Node): string[] {
  if (statement.type !== 'VariableDeclaration') return [];
  return nodesOf(statement, 'declarations').flatMap((one) => {
    const id = childOf(one, 'id');
    return id === null ? [] : identifiersIn(id);
  });
}

export function identifiersIn(node: Node): string[] {
  const name = identifierName(node);
  return [...(name === null ? [] : [name]), ...partsOf(node).flatMap(identifiersIn)];
}

export function mentions(node: Node, name: string): boolean {
  if (identifierName(node) === name) return true;
  const label = labelOf(node);
  return partsOf(node).some((child) => child !== label && mentions(child, name));
}

/** A name that is no variable: `b` in `a.b` and in `{ b: 1 }`. */
export function labelOf(node: Node): Node | null {
  if (isSet(node, 'computed')) return null;
  return node.type === 'MemberExpression'
    ? childOf(node, 'property')
    : node.type === 'Property'
      ? childOf(node, 'key')
      : null;
}

/** `this` of `this.lock`, `res` of `res.body`: what a value is mentioned by. */
export function rootOf(value: string): string {
  return /^[\w$]+/.exec(value)?.[0] ?? value;
}
