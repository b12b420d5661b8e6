/**
 * TypeScript's parser copes with a sum of 30,000 terms; the conversion to ESTree, which recurses, does not.
 * A tree that is too deep for it is cut: the deep parts are converted on their own, with a placeholder where they
 * were, and put back afterwards.
 */
import type ts from 'typescript';
import type { Node } from './nodes.ts';
import { walk } from './nodes.ts';

type TypeScript = typeof ts;
export type Convert = (source: ts.SourceFile) => Node;

/** Levels of TypeScript's tree in one slice: far below what overflows the stack, wherever it is called from. */
const sliceDepth = 60;

interface Cut {
  readonly node: ts.Node;
  readonly isStatement: boolean;
  /** Its range, by which the placeholder is known again. */
  readonly key: string;
}

export function convertInSlices(compiler: TypeScript, source: ts.SourceFile, convert: Convert): Node {
  const cuts = cutDeepParts(compiler, source);
  const whole = convert(source);
  const parts = new Map<string, Node>();
  for (const cut of cuts) {
    const part = convertPart(compiler, source, cut, convert);
    if (part !== null) parts.set(cut.key, part);
  }
  const roots = new Set([whole, ...parts.values()]);
  for (const root of roots) putBack(root, parts, roots);
  return whole;
}

function cutDeepParts(compiler: TypeScript, source: ts.SourceFile): Cut[] {
  const cuts: Cut[] = [];
  const pending: { node: ts.Node; parent: ts.Node | null; depth: number }[] = [
    { node: source, parent: null, depth: 0 },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent } = next;
    let { depth } = next;
    if (depth >= sliceDepth && parent !== null) {
      const cut = cutAt(compiler, source, node, parent);
      if (cut !== null) {
        if (cut !== 'dropped') cuts.push(cut);
        depth = 0;
      }
      if (cut === 'dropped') continue;
    }
    compiler.forEachChild(node, (child) => {
      pending.push({ node: child, parent: node, depth: depth + 1 });
    });
  }
  return cuts;
}

function cutAt(compiler: TypeScript, source: ts.SourceFile, node: ts.Node, parent: ts.Node): Cut | 'dropped' | null {
  if (compiler.isTypeNode(node)) {
    const any = compiler.factory.createKeywordTypeNode(compiler.SyntaxKind.AnyKeyword);
    return replace(parent, node, placed(any, node, parent)) ? 'dropped' : null;
  }
  const isStatement = compiler.isStatement(node);
  if (!isStatement && !isCuttableExpression(compiler, node)) return null;
  const stand = isStatement ? compiler.factory.createEmptyStatement() : compiler.factory.createIdentifier('_');
  const key = keyOf([node.getStart(source), node.end]);
  return replace(parent, node, placed(stand, node, parent)) ? { node, isStatement, key } : null;
}

function isCuttableExpression(compiler: TypeScript, node: ts.Node): boolean {
  if (compiler.isIdentifier(node) || compiler.isPrivateIdentifier(node)) return false;
  return compiler.isExpression(node) && compiler.forEachChild(node, () => true) === true;
}

function placed<T extends ts.Node>(made: T, original: ts.Node, parent: ts.Node): T {
  // Positions and parents are read-only for users of the compiler; a placeholder has to have its original's.
  return Object.assign(made, { pos: original.pos, end: original.end, parent });
}

/** Wherever the parent holds the node. */
function replace(parent: ts.Node, node: ts.Node, by: ts.Node): boolean {
  // The field is not known, and not the same in all nodes.
  const fields = parent as ts.Node & Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (key === 'parent') continue;
    const value = fields[key];
    if (value === node) {
      fields[key] = by;
      return true;
    }
    const index = Array.isArray(value) ? value.indexOf(node) : -1;
    if (index < 0) continue;
    (value as unknown[])[index] = by;
    return true;
  }
  return false;
}

function convertPart(compiler: TypeScript, source: ts.SourceFile, cut: Cut, convert: Convert): Node | null {
  const { node, isStatement } = cut;
  const statement = isStatement
    ? (node as ts.Statement)
    : placed(compiler.factory.createExpressionStatement(node as ts.Expression), node, source);
  // The factory may put parentheses around what it is given.
  Object.assign(statement, isStatement ? { parent: source } : { expression: node });
  Object.assign(node, { parent: isStatement ? source : statement });
  const all = source.statements;
  Object.assign(source, { statements: compiler.factory.createNodeArray([statement]) });
  const program = convert(source) as Node & { readonly body?: readonly (Node & { readonly expression?: Node })[] };
  Object.assign(source, { statements: all });
  const part = program.body?.[0];
  return (isStatement ? part : part?.expression) ?? null;
}

function keyOf(range: readonly [number, number]): string {
  return `${range[0]}:${range[1]}`;
}

function putBack(root: Node, parts: ReadonlyMap<string, Node>, roots: ReadonlySet<Node>): void {
  walk(root, (node) => {
    if (node !== root && roots.has(node)) return 'skip';
    // Fields are replaced in place, whatever they are called.
    const fields = node as Node & Record<string, unknown>;
    for (const key in fields) {
      const value = fields[key];
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index++) {
          const part = partFor(value[index], parts);
          if (part !== null) value[index] = part;
        }
      } else {
        const part = partFor(value, parts);
        if (part !== null) fields[key] = part;
      }
    }
    return 'inside';
  });
}

function partFor(value: unknown, parts: ReadonlyMap<string, Node>): Node | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  const node = value as Node & { readonly name?: unknown };
  const isPlaceholder = (node.type === 'Identifier' && node.name === '_') || node.type === 'EmptyStatement';
  return isPlaceholder ? (parts.get(keyOf(node.range)) ?? null) : null;
}
