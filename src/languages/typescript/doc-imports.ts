/**
 * What comments of JavaScript import, types alone:
 *
 *     /** @import { Pool } from 'pg' *\/
 *     /** @typedef {import('pg').Pool} Pool *\/
 *
 * No tree has comments in it that all parsers agree on, so the text is read. What a type of the project's own is called
 * inline, `@param {import('./store').Store} store`, is left out, as the type alone does not say which file it is in.
 */

export interface DocImport {
  readonly local: string;
  readonly source: string;
  /** null: all of the module. */
  readonly member: string | null;
}

const tagPattern = /\*\s*@import\s+(?:\{([^{}]*)\}|\*\s*as\s+([\w$]+))\s*from\s*(['"])([^'"\n]+)\3/g;
const aliasPattern = /@typedef\s*\{\s*import\((['"])([^'"\n]+)\1\)\.([\w$.]+)(?:<[^{}\n]*>)?\s*\}\s*([\w$]+)/g;
const inlinePattern = /\bimport\((['"])(?:node:)?([@\w][^'"\n]*)\1\)(?=\.)/g;

export function docImports(path: string, text: string): readonly DocImport[] {
  if (!/\.[mc]?jsx?$/.test(path)) return [];
  const found: DocImport[] = [];
  if (text.includes('@import'))
    for (const [, names = '', namespace, , source = ''] of text.matchAll(tagPattern))
      found.push(
        ...(namespace === undefined ? membersOf(names, source) : [{ local: namespace, source, member: null }]),
      );
  if (text.includes('@typedef'))
    for (const [, , source = '', member = '', local = ''] of text.matchAll(aliasPattern))
      found.push({ local, source, member });
  return found;
}

/** `{ Pool, Client as Link }`, over several lines of a comment or on one. */
function membersOf(names: string, source: string): readonly DocImport[] {
  return names.split(',').flatMap((one) => {
    const [member, local = member] = one
      .replace(/[*\s]+/g, ' ')
      .trim()
      .split(/ as /);
    return member === undefined || local === undefined || member === '' ? [] : [{ local, source, member }];
  });
}

/** `import('pg').Pool`, written as a type, is `pg.Pool`. */
export function withoutInlineImports(written: string): string {
  return written.replace(inlinePattern, (all, _quote, source: string) => (source.startsWith('@/') ? all : source));
}
