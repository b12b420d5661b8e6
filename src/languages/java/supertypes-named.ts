/** What the types of a Java text say they extend or implement, without a parser: too many names do no harm. */

const HEAD = /\b(?:class|interface|enum|record)\s+[A-Z]\w*([^{;]{0,2000})\{/g;
const NAME = /[A-Z]\w*/g;

export function supertypesNamed(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, head = ''] of text.matchAll(HEAD)) {
    const from = head.search(/\b(?:extends|implements)\b/);
    if (from < 0) continue;
    for (const [name] of head.slice(from).matchAll(NAME)) names.add(name);
  }
  return names;
}
