/** Trees as numbers: they make the same tree again, for this thread and for others, and only of the same text. */
import { beforeAll, describe, expect, test } from 'vitest';
import { goFrontend } from '../src/languages/go/frontend.ts';
import { javaFrontend } from '../src/languages/java/frontend.ts';
import type { ParsedFile } from '../src/languages/language.ts';
import { pythonFrontend } from '../src/languages/python/frontend.ts';
import { loadModels } from '../src/models/load.ts';
import { PackedTrees, textMark, type TreeShelf } from '../src/project/packed-trees.ts';
import { SharedTrees, sharedMemoryFor } from '../src/threads/shared-trees.ts';

const texts = [
  { frontend: javaFrontend, text: 'class A { /* it */ void f() throws Exception { open().read(); } // so\n}\n' },
  { frontend: goFrontend, text: 'package p\n// f\nfunc f() { g(h()) }\nfunc broken( {\nfunc k() { g() }\n' },
  { frontend: pythonFrontend, text: 'def f(:\n  x = (\n# here\ndef g():\n  return h()\n' },
];

beforeAll(async () => {
  for (const { frontend } of texts) await frontend.load();
});

test.each(texts)('the numbers of a $frontend.id file make the tree again', ({ frontend, text }) => {
  const { conventions } = loadModels(frontend.id);
  const parsed = frontend.parse('a', text);
  const again = frontend.parse('a', text, numbersOf(parsed));
  const seen = (file: ParsedFile) => ({
    index: frontend.index(file, conventions),
    errors: file.errors,
    comments: frontend.comments(file),
  });
  expect(seen(again)).toEqual(seen(parsed));
});

function numbersOf({ numbers }: ParsedFile): Int32Array {
  if (numbers === undefined) throw new Error('it has none');
  return numbers;
}

function shared(): readonly [TreeShelf, TreeShelf] {
  const memory = sharedMemoryFor(2, 5);
  return [new SharedTrees(memory, ['a', 'b']), new SharedTrees(memory, ['a', 'b'])];
}

function alone(): readonly [TreeShelf, TreeShelf] {
  const shelf = new PackedTrees(5);
  return [shelf, shelf];
}

describe.each([
  ['one thread', alone],
  ['several threads', shared],
] as const)('what %s keeps', (_, shelves) => {
  test('is what was put there, for as long as the text is the same', () => {
    const [one, other] = shelves();
    // Of texts as long as each other.
    const [first, second, third] = [textMark('f(1)'), textMark('f(2)'), textMark('f(3)')];
    one.put('a', first, Int32Array.of(1, 2, 3));
    other.put('b', second, Int32Array.of(4, 5));
    expect(other.get('a', first)).toEqual(Int32Array.of(1, 2, 3));
    expect(one.get('b', second)).toEqual(Int32Array.of(4, 5));
    expect(one.get('b', third)).toBeNull();
    expect(one.get('c', 1)).toBeNull();
  });

  test('has an end, after which it keeps nothing more', () => {
    const [one, other] = shelves();
    one.put('a', 1, new Int32Array(5));
    one.put('b', 1, new Int32Array(1));
    expect(other.get('a', 1)).toHaveLength(5);
    expect(other.get('b', 1)).toBeNull();
  });
});
