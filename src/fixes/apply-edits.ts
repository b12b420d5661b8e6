/** Edits to text. Pure; nothing is written here. */
import type { Edit } from '../findings/edit.ts';

/** null: two edits want the same place. Insertions at one offset keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string | null {
  const sorted = inOrder(edits);
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of sorted) {
    if (start < at || end < start || end > text.length) return null;
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** Whether two sets of edits change text that is close enough to depend on each other: the same lines. */
export function mayClash(text: string, a: readonly Edit[], b: readonly Edit[]): boolean {
  const [first, second] = [extent(text, a), extent(text, b)];
  return first.start < second.end && second.start < first.end;
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map(({ edit }) => edit);
}

/** Whole lines from the first edit to the last. */
function extent(text: string, edits: readonly Edit[]): { start: number; end: number } {
  const start = Math.min(...edits.map((edit) => edit.start));
  const end = Math.max(...edits.map((edit) => edit.end));
  const lineEnd = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEnd < 0 ? text.length + 1 : lineEnd + 1 };
}
