/** Types from the comment directly before a declaration: `@param {Pool} pool`, `@returns {Promise<Client>}`, `@type {Pool}`. */
import type { TypeHint } from '../../ir/ir.ts';
import { withoutInlineImports } from './doc-imports.ts';
import { arrayForm } from './type-text.ts';

export interface DocTypes {
  readonly params: ReadonlyMap<string, TypeHint>;
  readonly returns: TypeHint | null;
  readonly type: TypeHint | null;
}

const nothing: DocTypes = { params: new Map(), returns: null, type: null };

/** No tree has comments in it that all parsers agree on, so the text is read. */
export function docTypesBefore(text: string, start: number): DocTypes {
  let end = start;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  if (end < 4 || text[end - 1] !== '/' || text[end - 2] !== '*') return nothing;
  const open = text.lastIndexOf('/*', end - 3);
  if (open < 0 || text[open + 2] !== '*') return nothing;
  return readTypes(text.slice(open, end));
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}

function readTypes(comment: string): DocTypes {
  const params = new Map<string, TypeHint>();
  let returns: TypeHint | null = null;
  let type: TypeHint | null = null;
  for (const [, tag = '', written = '', name = ''] of comment.matchAll(tagPattern)) {
    const hint = hintOf(written);
    if (hint === null) continue;
    if (tag === 'type') type ??= hint;
    else if (tag === 'param' || tag === 'arg') params.set(name, hint);
    else returns ??= hint;
  }
  return { params, returns, type };
}

const tagPattern = /@(param|arg|returns?|type)\s*\{([^{}\n]{1,200})\}(?:\s*\[?([\w$]+))?/g;

function hintOf(written: string): TypeHint | null {
  const compact = withoutInlineImports(written)
    .replace(/\s+/g, '')
    .replace(/^[?!]|=$|^\.\.\./g, '');
  const parts = compact
    .replace(/^\((.*)\)$/, '$1')
    .split('|')
    .filter((part) => part !== 'null' && part !== 'undefined');
  const [only = ''] = parts;
  if (parts.length !== 1 || !/^[\w$.@/-]+(?:<[\w$.@/<>,[\]-]+>)?(?:\[\])*$/.test(only)) return null;
  return /^(?:any|unknown|Object)$|^\*/.test(only) ? null : arrayForm(only.replace('.<', '<'));
}
