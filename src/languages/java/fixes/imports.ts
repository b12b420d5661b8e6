/** A type by its simple name, with the import that takes. */
import type { Edit } from '../../../findings/edit.ts';
import { lineBreakOf, lineEnd, lineStart, nextLine } from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { JavaFile } from '../parse.ts';

export interface WrittenType {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** `java.util.stream.Stream<java.nio.file.Path>` is `Stream<Path>`; null: a name in it is not known in full. */
export function writtenType(type: string, file: JavaFile): WrittenType | null {
  const edits: Edit[] = [];
  const unknown: string[] = [];
  const text = type.replace(/[A-Za-z_][\w.]*/g, (qualified) => {
    if (/^(?:extends|super)$/.test(qualified)) return ` ${qualified} `;
    const split = /^((?:[a-z_]\w*\.)+)([A-Z]\w*)((?:\.\w+)*)$/.exec(qualified);
    if (split === null) {
      if (!/^[A-Z]\w{2,}$/.test(qualified)) unknown.push(qualified);
      return qualified;
    }
    const [, packageName = '', outer = '', nested = ''] = split;
    const added = importOf(packageName.slice(0, -1), outer, file);
    if (added === 'taken') return qualified;
    if (added !== null) edits.push(added);
    return outer + nested;
  });
  return unknown.length === 0 ? { text, edits: edits.sort((a, b) => (a.text < b.text ? -1 : 1)) } : null;
}

function importOf(packageName: string, name: string, { root, text }: JavaFile): Edit | 'taken' | null {
  const qualified = `${packageName}.${name}`;
  const imports = root.children.filter((child) => child.type === 'import_declaration');
  const targets = imports.map((child) =>
    text
      .slice(child.start, child.end)
      .replace(/^import\s+/, '')
      .replace(/\s*;$/, '')
      .trim(),
  );
  if (targets.includes(qualified) || targets.includes(`${packageName}.*`) || packageName === 'java.lang') return null;
  if (targets.some((target) => target.endsWith(`.${name}`))) return 'taken';
  const own = root.children.find((child) => child.type === 'package_declaration');
  const ownName =
    own === undefined
      ? ''
      : text
          .slice(own.start, own.end)
          .replace(/^package\s+/, '')
          .replace(/\s*;$/, '');
  if (ownName === packageName) return null;
  if (new RegExp(`\\b(?:class|interface|enum|record)\\s+${name}\\b`).test(text)) return 'taken';
  const line = `import ${qualified};`;
  const follower = imports.find((_, index) => {
    const target = targets[index] ?? '';
    return !target.startsWith('static ') && target > qualified;
  });
  // Behind its own kind rather than before the next, where blank lines keep them apart.
  const group = `${qualified.split('.')[0] ?? ''}.`;
  const peer = imports.findLast((_, index) => {
    const target = targets[index] ?? '';
    return target.startsWith(group) && target < qualified;
  });
  if (peer !== undefined && (follower === undefined || !isNextLine(peer, follower, text))) {
    const end = lineEnd(text, peer.end);
    return { start: end, end, text: lineBreakOf(text) + line };
  }
  if (follower !== undefined) return { start: follower.start, end: follower.start, text: line + lineBreakOf(text) };
  const before = imports.filter((_, index) => !(targets[index] ?? '').startsWith('static ')).at(-1) ?? imports.at(-1);
  const after = before ?? own;
  if (after === undefined) return { start: 0, end: 0, text: `${line}${lineBreakOf(text)}${lineBreakOf(text)}` };
  const end = lineEnd(text, after.end);
  const gap = before === undefined ? lineBreakOf(text) : '';
  return { start: end, end, text: gap + lineBreakOf(text) + line };
}

function isNextLine(one: SyntaxNode, next: SyntaxNode, text: string): boolean {
  return nextLine(text, one.end) === lineStart(text, next.start);
}
