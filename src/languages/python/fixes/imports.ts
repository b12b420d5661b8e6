/** Names of a module, as this file has them or comes to have them. */
import type { Edit } from '../../../findings/edit.ts';
import { lineBreakOf, lineEnd, nextLine, textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import type { PythonFile } from '../parse.ts';
import type { Site } from './site.ts';
import { isBlock } from './syntax.ts';

export interface Imported {
  /** As it is written here: `closing` or `contextlib.closing`. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** What a module is called at a site: by an import of the file, or of the function before the site; null: nothing. */
export function moduleName({ path, acquisition, text }: Site, module: string): string | null {
  for (const block of path.filter(isBlock).toReversed()) {
    // What a class imports its methods do not see.
    if (path[path.indexOf(block) - 1]?.type === 'class_definition') continue;
    const imports = block.children.filter(
      ({ type, end }) => type === 'import_statement' && (block.type === 'module' || end < acquisition.start),
    );
    for (const one of imports.flatMap(({ children }) => children)) {
      const alias = childInField(one, 'alias');
      const imported = textOf(childInField(one, 'name') ?? one, text);
      if (alias !== null && imported === module) return textOf(alias, text);
      // `import os.path` brings `os`.
      if (alias === null && `${imported}.`.startsWith(`${module}.`)) return module;
    }
  }
  return null;
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
  const edit = lineFor(module, `from ${module} import ${name}`, firstGroup(root, text), text);
  return edit === null ? null : { name, edits: [edit] };
}

/** The first imports, up to a blank line or something else. */
function firstGroup(root: SyntaxNode, text: string): SyntaxNode[] {
  const at = root.children.findIndex(isImport);
  const group: SyntaxNode[] = [];
  for (const one of at < 0 ? [] : root.children.slice(at)) {
    const last = group.at(-1);
    if (!isImport(one) || (last !== undefined && nextLine(text, last.end) !== one.start)) break;
    group.push(one);
  }
  return group;
}

function isImport({ type }: SyntaxNode): boolean {
  return /^import_(?:from_)?statement$/.test(type);
}

/** Behind the plain imports, unless the group has them mixed; in the order of the modules. */
function lineFor(module: string, line: string, group: readonly SyntaxNode[], text: string): Edit | null {
  const last = group.at(-1);
  if (last === undefined) return null;
  const isFrom = ({ type }: SyntaxNode): boolean => type === 'import_from_statement';
  const firstFrom = group.findIndex(isFrom);
  const isMixed = firstFrom >= 0 && !group.slice(firstFrom).every(isFrom);
  const peers = isMixed ? group : group.filter(isFrom);
  const next = peers.find((one) => (textOf(one, text).split(/\s+/)[1] ?? '') > module);
  if (next !== undefined) return { start: next.start, end: next.start, text: line + lineBreakOf(text) };
  const end = lineEnd(text, last.end);
  return { start: end, end, text: lineBreakOf(text) + line };
}

/** Before the first name that comes after it, case aside. */
function sortedIn(line: string, start: number, name: string): Edit {
  const names = line.slice(line.lastIndexOf(' import ') + ' import '.length).split(', ');
  const next = names.find((one) => one.toLowerCase() > name.toLowerCase());
  const at = start + (next === undefined ? line.length : line.lastIndexOf(next));
  return { start: at, end: at, text: next === undefined ? `, ${name}` : `${name}, ` };
}
