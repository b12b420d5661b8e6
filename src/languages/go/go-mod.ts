/**
 * `go.mod` and `go.work`, as far as they say which folder an import means: the module's path, its Go version, and modules
 * replaced by folders. https://go.dev/ref/mod#go-mod-file. What is required, and in which version, is not read.
 */
import type { Manifest } from '../language.ts';

export function readGoMod(text: string): Manifest {
  let name: string | null = null;
  let languageVersion: string | null = null;
  const replaced: { name: string; folder: string }[] = [];
  for (const words of directives(text)) {
    const [directive, first = null] = words;
    if (directive === 'module') name = first;
    else if (directive === 'go') languageVersion = first;
    else if (directive === 'replace') replaced.push(...replacement(words.slice(1)));
  }
  return { name, languageVersion, replaced, aliases: [] };
}

/** What is below `vendor` goes by the path it was copied from. */
export function packageInModule(name: string, folder: string): string {
  const vendored = /^(?:.*\/)?vendor\/(.+)$/.exec(folder)?.[1];
  return vendored ?? (folder === '' ? name : `${name}/${folder}`);
}

/** Words of each line; those of a block begin with its directive: `replace ( a => b )`. */
function* directives(text: string): Generator<readonly string[]> {
  let block: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const words = (line.replace(/\/\/.*/, '').match(/"[^"]*"|`[^`]*`|[()]|[^\s()"`]+/g) ?? []).map(unquoted);
    if (block !== null && words[0] === ')') block = null;
    else if (block !== null) yield [block, ...words];
    else if (words[1] === '(') block = words[0] ?? null;
    else yield words;
  }
}

function unquoted(word: string): string {
  return word.replace(/^["`](.*)["`]$/, '$1');
}

/** `old v1.2.3 => ../new`; only a folder begins with a dot or a slash, anything else is another module. */
function replacement(words: readonly string[]): Manifest['replaced'] {
  const arrow = words.indexOf('=>');
  const [name, folder] = [words[0], words[arrow + 1]];
  return arrow > 0 && name !== undefined && folder !== undefined && /^[./]/.test(folder) ? [{ name, folder }] : [];
}
