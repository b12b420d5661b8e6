/**
 * The parser, and what it made of a text. A tree is read once, in one cursor walk, into our own nodes, and its WASM
 * memory is freed at once. Punctuation is not kept, and of comments only where they are. No grammar is known here but
 * for what all of them name alike.
 *
 * The parser starts without waiting for anything but promises, and grammars are read without waiting at all, so
 * that a linter's plugin, whose loading may be synchronous, has both when the first file comes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import { InvariantError } from '../errors.ts';
import type { Span } from '../ir/ir.ts';
import type { CursorCalls } from './direct-cursor.ts';
import { namesOf, readTree, treeFrom, type GrammarNames, type SyntaxTree, type TreeNumbers } from './read-tree.ts';
import { childInField, type SyntaxNode } from './syntax-node.ts';

export { treeFrom, type SyntaxTree, type TreeNumbers } from './read-tree.ts';
export { childInField, nodeLike, nodesOfTypes, outermost, type SyntaxNode } from './syntax-node.ts';

/** A loaded grammar with its parser. */
export interface Grammar extends GrammarNames {
  readonly parser: Parser;
}

/** Neither ECMAScript's types nor Node's have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
};
type WasmModule = object;
type WasmInstance = { readonly exports: CursorCalls };

const require = createRequire(import.meta.url);

let parser: Promise<void> | null = null;
let isParserReady = false;
/** Null until it is loaded, and ever if somebody else in this process had loaded it already. */
let cursorCalls: CursorCalls | null = null;
const grammars = new Map<string, Grammar>();

/** Once it has settled, grammars can be had. Takes a few turns of the microtask queue, and no input or output. */
export function startParser(): Promise<void> {
  parser ??= Parser.init({ instantiateWasm }).then(() => {
    isParserReady = true;
  });
  return parser;
}

/** `name` is that of the grammar's package: `tree-sitter-java`. Read when first asked for. */
export function grammarOf(name: string): Grammar {
  let grammar = grammars.get(name);
  if (grammar === undefined) {
    grammar = readGrammar(name);
    grammars.set(name, grammar);
  }
  return grammar;
}

/** `known`: what an earlier parse of the same text came to; there is no need for another then. */
export function treeOf(grammar: Grammar, text: string, known: TreeNumbers | undefined): SyntaxTree {
  return known === undefined ? parseTree(grammar, text) : treeFrom(grammar, known);
}

export function parseTree(grammar: Grammar, text: string): SyntaxTree {
  const tree = grammar.parser.parse(text);
  if (tree === null) throw new InvariantError('the parser gave no tree');
  try {
    return treeFrom(grammar, readTree(grammar, tree, cursorCalls));
  } finally {
    tree.delete();
  }
}

/** The first child of the type, or null. */
export function childOfType(node: SyntaxNode, type: string): SyntaxNode | null {
  for (const child of node.children) if (child.type === type) return child;
  return null;
}

export function childrenInField(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

export function childrenOfType(node: SyntaxNode, type: string): SyntaxNode[] {
  return node.children.filter((child) => child.type === type);
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.start, end: node.end };
}

/** The closing brace, or wherever the node ends. */
export function closingSpan(node: SyntaxNode): Span {
  return { start: Math.max(node.start, node.end - 1), end: node.end };
}

/** `((x))` is `x`. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.type === 'parenthesized_expression') {
    const next = inner.children.find((child) => child.type !== 'ERROR');
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** '' for a node that has none. */
export function operatorOf(node: SyntaxNode): string {
  return childInField(node, 'operator')?.type ?? '';
}

/** The operands of `a && b && c`, which nests to the left, in order; `isJoined` says which operators go on. */
export function operandsOf(node: SyntaxNode, isJoined: (operator: string) => boolean): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  let at = node;
  while (at.type === node.type && isJoined(operatorOf(at))) {
    const left = childInField(at, 'left');
    const right = childInField(at, 'right');
    if (left === null || right === null) break;
    operands.push(right);
    at = withoutParentheses(left);
  }
  operands.push(at);
  return operands.reverse();
}

/** All nodes below and including this one, in source order; the callback says whether to look inside. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => 'inside' | 'skip'): void {
  const pending: SyntaxNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visit(next) === 'skip') continue;
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index];
      if (child !== undefined) pending.push(child);
    }
  }
}

/** The hook of the runtime's loader: it has prepared the imports, and wants the instance handed to `receive`. */
function instantiateWasm(imports: object, receive: (instance: WasmInstance, module: WasmModule) => void): object {
  const module = compile(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
  const instance = new WebAssembly.Instance(module, imports);
  receive(instance, module);
  cursorCalls = instance.exports;
  return instance.exports;
}

function readGrammar(name: string): Grammar {
  if (!isParserReady) throw new InvariantError('the parser is not ready');
  const language = Language.loadSync(compile(wasmPath(name)));
  const made = new Parser();
  made.setLanguage(language);
  return { parser: made, ...namesOf(language) };
}

function compile(path: string): WasmModule {
  return new WebAssembly.Module(readFileSync(path));
}

/** The built package carries the grammars it needs; a checkout has them as packages. */
function wasmPath(name: string): string {
  const candidates = [`../wasm/${name}.wasm`, `../../node_modules/${name}/${name}.wasm`];
  for (const candidate of candidates) {
    const path = fileURLToPath(new URL(candidate, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new InvariantError(`${name}.wasm is missing`);
}
