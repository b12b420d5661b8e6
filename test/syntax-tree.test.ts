/** Trees read in two ways are the same tree; nodes are made once; parts are found without making all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTree, treeFrom } from '../src/languages/read-tree.ts';
import {
  grammarOf,
  nodeLike,
  nodesOfTypes,
  outermost,
  parseTree,
  startParser,
  walk,
  type SyntaxNode,
} from '../src/languages/tree-sitter.ts';

beforeAll(startParser);

function plain(node: SyntaxNode): object {
  const { type, start, end, field, isError, children } = node;
  return { type, start, end, field, isError, children: children.map(plain) };
}

const samples = ['java', 'go', 'python'].map((language) => {
  const folder = join(import.meta.dirname, '../fixtures', language, 'lowering');
  const sources = readdirSync(folder).filter((name) => !name.endsWith('.ir'));
  const broken = ['class A { int f() { if (x { } } int g(', 'func f() { a := ; b(', 'def f(:\n  x = (\n', ''];
  return { language, texts: [...sources.map((name) => readFileSync(join(folder, name), 'utf8')), ...broken] };
});

describe('a tree', () => {
  test.each(samples)('of $language is the one that the library’s own cursor shows', ({ language, texts }) => {
    const grammar = grammarOf(`tree-sitter-${language}`);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      const tree = grammar.parser.parse(text);
      if (tree === null) throw new Error('no tree');
      const slow = treeFrom(grammar, readTree(grammar, tree, null));
      tree.delete();
      const fast = parseTree(grammar, text);
      expect({ ...fast, root: plain(fast.root) }).toEqual({ ...slow, root: plain(slow.root) });
    }
  });

  test('gives the same nodes at every asking', () => {
    const { root } = parseTree(grammarOf('tree-sitter-go'), 'package p\nfunc f() { g(h()) }\n');
    const calls = nodesOfTypes(root, new Set(['call_expression']));
    const walked: SyntaxNode[] = [];
    walk(root, (node) => {
      if (node.type === 'call_expression') walked.push(node);
      return 'inside';
    });
    expect(walked).toHaveLength(2);
    walked.forEach((node, index) => expect(node).toBe(calls[index]));
  });
});

describe('nodes of types', () => {
  const text = 'package p\nfunc f() { a(func() { b() }) }\nfunc g() { c() }\n';
  const called = (nodes: readonly SyntaxNode[]) => nodes.map(({ start, end }) => text.slice(start, end));
  const wanted = new Set(['call_expression']);

  test('come in source order, also of a node that is in no file', () => {
    const { root } = parseTree(grammarOf('tree-sitter-go'), text);
    const all = ['a(func() { b() })', 'b()', 'c()'];
    expect(called(nodesOfTypes(root, wanted))).toEqual(all);
    expect(called(nodesOfTypes(nodeLike(root, { children: root.children }), wanted))).toEqual(all);
  });

  test('leave out what is in others', () => {
    const { root } = parseTree(grammarOf('tree-sitter-go'), text);
    expect(called(nodesOfTypes(root, wanted, new Set(['func_literal'])))).toEqual(['a(func() { b() })', 'c()']);
    expect(called(outermost(nodesOfTypes(root, wanted)))).toEqual(['a(func() { b() })', 'c()']);
  });
});
