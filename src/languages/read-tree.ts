/**
 * From tree-sitter's tree to numbers, in one cursor walk, and from numbers to our nodes. Punctuation is not kept, and of
 * comments only where they are. What to do with a type of node is worked out once per grammar.
 */
import type { Language, Tree } from 'web-tree-sitter';
import type { Span } from '../ir/ir.ts';
import { DirectCursor, type Cursor, type CursorCalls } from './direct-cursor.ts';
import { errorId, NodeTable, rootOf, type NodeNames, type SyntaxNode } from './syntax-node.ts';

export interface SyntaxTree {
  readonly root: SyntaxNode;
  /** Ranges the parser could not make sense of, outermost only, in source order. */
  readonly errors: readonly Span[];
  /** In source order. */
  readonly comments: readonly Span[];
  /** All of it, for `treeFrom`. */
  readonly numbers: TreeNumbers;
}

/** How many errors and comments there are, where they are, and the nodes. */
export type TreeNumbers = Int32Array;

export interface GrammarNames extends NodeNames {
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

/** Never fills a field in any grammar, so it need not be asked. */
const punctuation = new Set(['(', ')', '[', ']', '{', '}', ';', ',', '.', ':', '::', '"', '"""', "'", '->', '=>']);

/** A backslash at the end of a line may stand anywhere and says nothing. */
const continuation = 'line_continuation';

/** Tokens in every grammar that has them; saves asking the most frequent nodes for children. */
const tokens = new Set(['identifier', 'type_identifier', 'field_identifier', 'string_fragment']);

/** Collects one tree after the other: reading waits for nothing. */
const table = new NodeTable();

export function namesOf({ types, fields }: Language): GrammarNames {
  return { types, fields, treatments: new Uint8Array(errorId + 1) };
}

/** `calls`: null where somebody else has loaded the library. */
export function readTree(names: GrammarNames, tree: Tree, calls: CursorCalls | null): TreeNumbers {
  const { hasError } = tree.rootNode;
  const cursor = calls === null ? tree.walk() : new DirectCursor(calls, tree);
  try {
    return walk(names, cursor, hasError);
  } finally {
    cursor.delete();
  }
}

function walk(names: GrammarNames, cursor: Cursor, hasErrors: boolean): TreeNumbers {
  const { treatments } = names;
  const errors: number[] = [];
  const comments: number[] = [];
  // An explicit stack: nesting in generated sources goes deeper than the call stack does.
  const parents: number[] = [];
  table.clear();
  for (;;) {
    const id = cursor.nodeTypeId;
    let treatment = treatments[id] ?? 0;
    if (treatment === 0) treatment = learnTreatment(names, id, cursor.nodeIsNamed);
    const isError = hasErrors && (id === errorId || cursor.nodeIsMissing);
    if (isError || treatment === comment) addSpan(isError ? errors : comments, cursor);
    // The root is kept whatever it is.
    if (treatment < dropped || parents.length === 0) {
      const field = cursor.currentFieldId;
      if (treatment !== operator || field !== 0) {
        const node = table.open(id, field, isError, cursor.startIndex, cursor.endIndex);
        if (treatment === inner && cursor.gotoFirstChild()) {
          parents.push(node);
          continue;
        }
      }
    }
    while (parents.length === 0 || !cursor.gotoNextSibling()) {
      const parent = parents.pop();
      if (parent === undefined) return together(errors, comments);
      cursor.gotoParent();
      table.close(parent);
    }
  }
}

function learnTreatment({ types, treatments }: GrammarNames, id: number, isNamed: boolean): number {
  const type = types[id] ?? 'ERROR';
  const treatment = isNamed ? treatNamed(type) : treatAnonymous(type);
  treatments[id] = treatment;
  return treatment;
}

function treatNamed(type: string): number {
  if (type.endsWith('comment')) return comment;
  if (type === continuation) return dropped;
  return tokens.has(type) ? leaf : inner;
}

function treatAnonymous(type: string): number {
  if (punctuation.has(type)) return dropped;
  return /^[a-z][\w-]*$/i.test(type) ? word : operator;
}

/** Spans inside the last one are part of it. */
function addSpan(spans: number[], { startIndex: start, endIndex: end }: Cursor): void {
  const last = spans.at(-1);
  if (last === undefined || end > last) spans.push(start, end);
}

function together(errors: readonly number[], comments: readonly number[]): TreeNumbers {
  const nodesAt = 2 + errors.length + comments.length;
  const numbers = new Int32Array(nodesAt + table.size);
  numbers[0] = errors.length;
  numbers[1] = comments.length;
  numbers.set(errors, 2);
  numbers.set(comments, 2 + errors.length);
  table.copyTo(numbers, nodesAt);
  return numbers;
}

/** The tree that these numbers were read from. Nothing is copied. */
export function treeFrom(names: NodeNames, numbers: TreeNumbers): SyntaxTree {
  const commentsAt = 2 + (numbers[0] ?? 0);
  const nodesAt = commentsAt + (numbers[1] ?? 0);
  return {
    root: rootOf(numbers.subarray(nodesAt), names),
    errors: spansIn(numbers, 2, commentsAt),
    comments: spansIn(numbers, commentsAt, nodesAt),
    numbers,
  };
}

function spansIn(numbers: TreeNumbers, from: number, to: number): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < to; at += 2) spans.push({ start: numbers[at] ?? 0, end: numbers[at + 1] ?? 0 });
  return spans;
}
