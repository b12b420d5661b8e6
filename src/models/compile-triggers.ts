/**
 * The words that make a file worth parsing, from the rules themselves, in four forms told apart by `gate.ts`:
 * `new FileReader` (a construction), `openStream(` (a call), `.close(` (a call on something), `Files` (a type, where the acquiring member's
 * name alone says too little, as in `Files.lines`).
 */
import { parseCallPattern } from './call-pattern.ts';
import { many } from './compile-effects.ts';
import type { CallRule, RuleSource } from './schema.ts';

export function compileTriggers(sources: readonly RuleSource[]): readonly string[] {
  const conventions = sources.find((source) => source.document.conventions !== undefined)?.document.conventions;
  const generic = new Set(conventions?.genericMembers ?? []);
  const triggers = new Set<string>();
  for (const member of conventions?.releaseMethods ?? []) {
    if (!generic.has(member)) triggers.add(`${member}(`);
  }
  for (const { document } of sources) {
    for (const word of document.triggers ?? []) triggers.add(word);
    for (const { type, resource } of document.types ?? []) {
      if (resource !== undefined) triggers.add(`new ${type.slice(type.lastIndexOf('.') + 1)}`);
    }
    for (const rule of document.calls ?? []) {
      if (mayMatter(rule)) for (const text of many(rule.call)) triggers.add(triggerOf(text, generic));
    }
  }
  return [...triggers].sort();
}

function triggerOf(text: string, generic: ReadonlySet<string>): string {
  const pattern = parseCallPattern(text);
  if (pattern === null) return text;
  const { owner, member } = pattern;
  const simple = owner.slice(owner.lastIndexOf('.') + 1);
  if (member === '<init>') return `new ${simple}`;
  if (!generic.has(member)) return `${member}(`;
  // Of `…ParquetReader.Builder` the outer type's name is the telling one.
  return owner.split('.').find((part) => /^[A-Z]/.test(part)) ?? simple;
}

/** What is released by a name alone, `cursor.toArray()`, was acquired whoever gave it. */
function mayMatter(rule: CallRule): boolean {
  if (rule.acquire !== undefined || (rule.and ?? []).some((group) => group.acquire !== undefined)) return true;
  return rule.release !== undefined && rule.named !== undefined;
}
