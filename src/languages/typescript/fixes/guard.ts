/** Statements put between `try {` and what closes it, with their declarations before it where they are needed behind. */
import type { Edit } from '../../../findings/edit.ts';
import {
  blankLinesEnd,
  indentAt,
  indented,
  indentUnit,
  lineBreakOf,
  lineEnd,
  nextLine,
  removal,
} from '../../fixing/source-edits.ts';
import { childOf, isFunction, nodesOf, partsOf, spanOf, textIn, type Node } from '../nodes.ts';
import { declaredNames, mentions, textOf, type Site } from './site.ts';

export interface Guard {
  readonly guarded: readonly Node[];
  readonly removals: readonly Edit[];
  readonly head: string;
  /** The line that closes it, and those of the blocks it opens. */
  readonly tail: readonly [string, ...string[]];
}

export function guardText({ text, statement }: Site, { guarded, removals, head, tail }: Guard): Edit[] {
  const unit = indentUnit(text, '  ');
  const line = lineBreakOf(text) + indentAt(text, statement.range[0]);
  const [closing, ...inner] = tail;
  const start = blankLinesEnd(text, statement.range[1]);
  const last = guarded.at(-1)?.range[1] ?? statement.range[1];
  const end = endOfLine(text, last);
  const keep = [
    ...guarded.flatMap((one) => longTemplatesIn(one, text)).map(spanOf),
    ...removals.map(({ start: from, end: to }) => ({ start: from - 1, end: to })),
  ];
  return [
    { start, end: start, text: line + head },
    ...indented(text, { start: nextLine(text, statement.range[1]), end: last }, unit, keep),
    ...removals,
    {
      start: end,
      end,
      text: [closing, ...inner.map((one) => (one.startsWith('} ') ? one : unit + one)), '}']
        .map((one) => line + one)
        .join(''),
    },
  ];
}

/** Of statements on one line no block can be made. */
export function isOnLaterLine({ text, statement }: Site, [first]: readonly Node[]): boolean {
  return first === undefined || first.range[0] > lineEnd(text, statement.range[1]);
}

/** Declarations that are needed behind; null: they cannot stand before. */
export function hoistedFrom(guarded: readonly Node[], behind: readonly Node[]): Node[] | null {
  const hoisted = guarded.filter((one) =>
    declaredNames(one).some((name) => behind.some((later) => mentions(later, name))),
  );
  const isPlain = hoisted.every((one) => {
    const [only, ...others] = nodesOf(one, 'declarations');
    const id = only === undefined ? null : childOf(only, 'id');
    return others.length === 0 && id?.type === 'Identifier' && textIn(one, 'kind') !== 'using';
  });
  return isPlain ? hoisted : null;
}

export function hoists(hoisted: readonly Node[], { text, statement }: Site): Edit[] {
  const start = statement.range[0];
  const gap = lineBreakOf(text) + indentAt(text, start);
  return hoisted.flatMap((node): Edit[] => {
    const [only] = nodesOf(node, 'declarations');
    const id = only === undefined ? null : childOf(only, 'id');
    if (only === undefined || id === null) return [];
    const declared = { start, end: start, text: `let ${textOf(id, text)};${gap}` };
    // The type goes with the declaration.
    const name = /^[\w$]+/.exec(textOf(id, text))?.[0] ?? '';
    const init = childOf(only, 'init');
    if (init === null) return [declared, removal(text, spanOf(node))];
    return [declared, { start: node.range[0], end: id.range[1], text: name }];
  });
}

/** Without its value a declaration has no type, and functions inside do not see what is assigned to it. */
export function untyped(hoisted: readonly Node[], { fn, file }: Site): string[] {
  if (!/\.[cm]?tsx?$/.test(file.path)) return [];
  const names = hoisted.flatMap((node) => {
    const id = childOf(nodesOf(node, 'declarations')[0] ?? node, 'id');
    const isTyped = id === null || childOf(id, 'typeAnnotation') !== null;
    return isTyped ? [] : declaredNames(node).filter((name) => isCaptured(fn, fn, name));
  });
  return names.map((name) => `the type of \`${name}\` has to be written`);
}

function isCaptured(node: Node, fn: Node, name: string): boolean {
  if (node !== fn && isFunction(node)) return mentions(node, name);
  return partsOf(node).some((child) => isCaptured(child, fn, name));
}

/** Templates that go over several lines: their lines are not to be indented. */
export function longTemplatesIn(node: Node, text: string): Node[] {
  if (node.type === 'TemplateLiteral') return textOf(node, text).includes('\n') ? [node] : [];
  return partsOf(node).flatMap((child) => longTemplatesIn(child, text));
}

function endOfLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return /^[\s;]*(?:\/\/.*)?$/.test(text.slice(offset, end)) ? end : offset;
}

export function hasCall(node: Node): boolean {
  return node.type === 'CallExpression' || node.type === 'AwaitExpression' || partsOf(node).some(hasCall);
}
