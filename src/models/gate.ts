/**
 * Whether a file can matter at all, from its text, before any parsing. One regular expression over the
 * rules' trigger names. Deliberately crude: comments and strings count, so it errs towards parsing.
 * It does not know the project's own acquiring functions; those are a second round (src/session/acquirers.ts).
 */
import type { ModelSet } from './model-set.ts';

export function compileGate(models: ModelSet): (text: string) => boolean {
  const constructed: string[] = [];
  const called: string[] = [];
  const methods: string[] = [];
  const types: string[] = [];
  for (const trigger of models.triggers) {
    if (trigger.startsWith('.')) methods.push(escapeRegExp(trigger.slice(1, -1)));
    else if (trigger.startsWith('new ')) constructed.push(escapeRegExp(trigger.slice(4)));
    else if (trigger.endsWith('(')) called.push(escapeRegExp(trigger.slice(0, -1)));
    else types.push(escapeRegExp(trigger));
  }
  // `new FooClient(` of an unknown library is presumed to need a release, so it counts as well.
  constructed.push(unanchored(models.conventions.presumedCloseable));
  called.push(unanchored(models.conventions.streamGetters));
  for (const { at, name } of models.conventions.presumedCalls) if (at === 'param0') called.push(unanchored(name));
  const gate = new RegExp(
    [
      construction(models, constructed.join('|')),
      String.raw`\b(?:${called.join('|')})\s*\(`,
      String.raw`::\s*(?:${called.join('|')})\b`,
      String.raw`\b(?:${types.join('|')})\b`,
      ...(methods.length > 0 ? [String.raw`\.(?:${methods.join('|')})\s*\(`] : []),
    ].join('|'),
  );
  return (text) => gate.test(text);
}

function construction(models: ModelSet, names: string): string {
  const keyword = models.conventions.constructionKeyword;
  return keyword === null
    ? String.raw`\b(?:${names})\s*[({]`
    : String.raw`\b${keyword}\s+(?:\w+\.)*(?:${names})\s*[(<]`;
}

function unanchored(pattern: RegExp): string {
  return `(?:${pattern.source.replace(/^\^/, '').replace(/\$$/, '')})`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
