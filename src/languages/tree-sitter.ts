/**
 * A plain copy of a tree-sitter tree. Reading nodes across the WASM boundary costs more than parsing,
 * so a tree is copied once, in one cursor walk, and its WASM memory is freed at once. Punctuation is not
 * copied, and of comments only where they are. No grammar is known here but for what all of them name alike.
 *
 * The parser starts without waiting for anything but promises, and grammars are read without waiting at all, so
 * that a linter's plugin, whose loading may be synchronous, has both when the first file comes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import type { TreeCursor } from 'web-tree-sitter';
import { InvariantError } from '../errors.ts';
import type { Span } from '../ir/ir.ts';

export interface SyntaxNode {
  /** The grammar's name: `method_invocation`. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The grammar's field this node fills in its parent, or null. */
  readonly field: string | null;
  /** Named nodes, and anonymous ones that fill a field or are a word (`static`, `public`). */
  readonly children: readonly SyntaxNode[];
  /** Set for ERROR and MISSING nodes. */
  readonly isError: boolean;
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  /** Ranges the parser could not make sense of, outermost only, in source order. */
  readonly errors: readonly Span[];
  /** In source order. */
  readonly comments: readonly Span[];
}

/** A loaded grammar with its parser. */
export interface Grammar {
  readonly parser: Parser;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  /** How to treat a node, by its type's number; filled in as types are met. */
  readonly treatments: Uint8Array;
}

/** Treatments; 0 means that no node of the type was met yet. */
const inner = 1;
const leaf = 2;
/** Anonymous and not a word: kept if it fills a field. */
const operator = 3;
const word = 4;
const dropped = 5;
const comment = 6;

/** tree-sitter's own number for ERROR nodes, which belong to no grammar. */
const errorId = 0xffff;

/** Never fills a field in any grammar, so it need not be asked. */
const punctuation = new Set(['(', ')', '[', ']', '{', '}', ';', ',', '.', ':', '::', '"', '"""', "'", '->', '=>']);

/** Tokens in every grammar that has them; saves asking the most frequent nodes for children. */
const tokens = new Set(['identifier', 'type_identifier', 'field_identifier', 'string_fragment']);

/** Neither ECMAScript's types nor Node's have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
};
type WasmModule = object;
type WasmInstance = { readonly exports: object };

const require = createRequire(import.meta.url);

let parser: Promise<void> | null = null;
let isParserReady = false;
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

export function parseTree(grammar: Grammar, text: string): SyntaxTree {
  const tree = grammar.parser.parse(text);
  if (tree === null) throw new InvariantError('the parser gave no tree');
  const cursor = tree.walk();
  try {
    return copyTree(grammar, cursor);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** The field's first node, or null. */
export function childInField(node: SyntaxNode, field: string): SyntaxNode | null {
  for (const child of node.children) if (child.field === field) return child;
  return null;
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
  return instance.exports;
}

function readGrammar(name: string): Grammar {
  if (!isParserReady) throw new InvariantError('the parser is not ready');
  const language = Language.loadSync(compile(wasmPath(name)));
  const made = new Parser();
  made.setLanguage(language);
  return { parser: made, types: language.types, fields: language.fields, treatments: new Uint8Array(errorId + 1) };
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

interface NodeCopy extends SyntaxNode {
  children: NodeCopy[];
}

/** Shared by all leaves. Invariant: never written to; a node gets its own array with its first child. */
const noChildren: NodeCopy[] = [];

function copyTree(grammar: Grammar, cursor: TreeCursor): SyntaxTree {
  const { types, fields, treatments } = grammar;
  const errors: Span[] = [];
  const comments: Span[] = [];
  const hasErrors = cursor.currentNode.hasError;
  const root = copyNode(cursor, cursor.nodeType, null, cursor.currentNode.isError);
  if (root.isError) errors.push({ start: root.start, end: root.end });
  if (!cursor.gotoFirstChild()) return { root, errors, comments };

  // An explicit stack: nesting in generated sources goes deeper than the call stack does.
  const parents: NodeCopy[] = [];
  let parent = root;
  for (;;) {
    const id = cursor.nodeTypeId;
    let treatment = treatments[id] ?? 0;
    if (treatment === 0) treatment = learnTreatment(grammar, cursor, id);
    const isError = hasErrors && (id === errorId || cursor.nodeIsMissing);
    if (isError) addError(errors, cursor);
    if (treatment === comment) comments.push({ start: cursor.startIndex, end: cursor.endIndex });
    const isDropped = treatment === dropped || treatment === comment;
    const fieldId = isDropped ? 0 : cursor.currentFieldId;
    if (!isDropped && (treatment !== operator || fieldId !== 0)) {
      const node = copyNode(cursor, types[id] ?? 'ERROR', fields[fieldId] ?? null, isError);
      if (parent.children === noChildren) parent.children = [node];
      else parent.children.push(node);
      if (treatment === inner && cursor.gotoFirstChild()) {
        parents.push(parent);
        parent = node;
        continue;
      }
    }
    while (!cursor.gotoNextSibling()) {
      const outer = parents.pop();
      if (outer === undefined) return { root, errors, comments };
      cursor.gotoParent();
      parent = outer;
    }
  }
}

function copyNode(cursor: TreeCursor, type: string, field: string | null, isError: boolean): NodeCopy {
  return { type, start: cursor.startIndex, end: cursor.endIndex, field, children: noChildren, isError };
}

function learnTreatment(grammar: Grammar, cursor: TreeCursor, id: number): number {
  const type = grammar.types[id] ?? 'ERROR';
  const treatment = cursor.nodeIsNamed ? treatNamed(type) : treatAnonymous(type);
  grammar.treatments[id] = treatment;
  return treatment;
}

function treatNamed(type: string): number {
  if (type.endsWith('comment')) return comment;
  return tokens.has(type) ? leaf : inner;
}

function treatAnonymous(type: string): number {
  if (punctuation.has(type)) return dropped;
  return /^[a-z][\w-]*$/i.test(type) ? word : operator;
}

function addError(errors: Span[], cursor: TreeCursor): void {
  const { startIndex: start, endIndex: end } = cursor;
  const last = errors.at(-1);
  if (last !== undefined && end <= last.end) return;
  errors.push({ start, end });
}
