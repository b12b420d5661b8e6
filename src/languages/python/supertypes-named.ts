/** What the classes of a Python text say they extend, without a parser: too many names do no harm. */

const HEAD = /^[ \t]*class[ \t]+\w+[ \t]*\(([^)]{0,2000})\)/gm;
const NAME = /[A-Za-z_]\w*/g;

export function supertypesNamed(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, bases = ''] of text.matchAll(HEAD)) for (const [name] of bases.matchAll(NAME)) names.add(name);
  return names;
}
