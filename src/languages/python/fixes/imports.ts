/** Names of a module, as this file has them or comes to have them. */
import type { Edit } from '../../../findings/edit.ts';
import { lineBreakOf } from '../../source-edits.ts';
import type { PythonFile } from '../parse.ts';

export interface Imported {
  /** As it is written here: `closing` or `contextlib.closing`. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** null: the file imports nothing, and where to begin is not clear. */
export function importedFrom({ root, text }: PythonFile, module: string, name: string): Imported | null {
  if (new RegExp(`^from ${module} import .*\\b${name}\\b`, 'm').test(text)) return { name, edits: [] };
  if (new RegExp(`^import ${module}\\b`, 'm').test(text)) return { name: `${module}.${name}`, edits: [] };
  // `from contextlib import closing`, without parentheses or a comment.
  const some = new RegExp(`^from ${module} import \\w+(?:, \\w+)*(?=\\r?$)`, 'm').exec(text);
  if (some !== null) {
    return { name, edits: [sortedIn(some[0], some.index, name)] };
  }
  const at = root.children.find(({ type }) => /^import_(?:from_)?statement$/.test(type))?.start;
  if (at === undefined) return null;
  return { name, edits: [{ start: at, end: at, text: `from ${module} import ${name}${lineBreakOf(text)}` }] };
}

/** Before the first name that comes after it, case aside. */
function sortedIn(line: string, start: number, name: string): Edit {
  const names = line.slice(line.lastIndexOf(' import ') + ' import '.length).split(', ');
  const next = names.find((one) => one.toLowerCase() > name.toLowerCase());
  const at = start + (next === undefined ? line.length : line.lastIndexOf(next));
  return { start: at, end: at, text: next === undefined ? `, ${name}` : `${name}, ` };
}
