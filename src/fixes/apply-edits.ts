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

/** All edits as one, from the first place they change to the last; null: they overlap. */
export function joined(edits: readonly Edit[], text: string): Edit | null {
  const start = Math.min(...edits.map((edit) => edit.start));
  const end = Math.max(...edits.map((edit) => edit.end));
  const moved = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  const replacement = applyEdits(text.slice(start, end), moved);
  return replacement === null ? null : { start, end, text: replacement };
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map(({ edit }) => edit);
}
