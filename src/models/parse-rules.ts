/** YAML text to a validated rules document. Every fault is a UserError with file, line and column. */
import { parseDocument } from '../documents/parse-document.ts';
import type { DocumentForm, DocumentPath } from '../documents/parse-document.ts';
import { parseCallPattern } from './call-pattern.ts';
import { compileEffects, many, RuleFault } from './compile-effects.ts';
import { checkConvention } from './conventions.ts';
import type { CallRule, EffectGroup, RuleDocument, RuleSource, TypeRule } from './schema.ts';

export interface ParsedRules {
  readonly source: RuleSource;
  /** Fails with a message that points at this part of the document. */
  readonly fail: (at: DocumentPath, message: string) => never;
}

const form: DocumentForm<RuleDocument> = {
  schema: new URL('../../rules/schema.json', import.meta.url),
  isValid: (value, fits): value is RuleDocument => fits(value),
  expected: 'a mapping with `library` and `language`',
};

/** Shape only; `checkRules` looks at what the rules say once all documents are known. */
export function parseRules(text: string, path: string): ParsedRules {
  const { value, fail, lineOf } = parseDocument(text, path, form);
  return { source: { path, document: withLines(value, lineOf) }, fail };
}

/** What the schema cannot say: call patterns, slots, regular expressions, names of resources. */
export function checkRules(rules: ParsedRules, resources: ReadonlySet<string>): void {
  const { document } = rules.source;
  const checkResource = (name: string | undefined, at: DocumentPath): void => {
    if (name === undefined || resources.has(name)) return;
    const similar = [...resources].filter((other) => other.includes(name) || name.includes(other)).sort();
    const hint = similar.length > 0 ? ` (did you mean ${similar.slice(0, 3).join(', ')}?)` : '';
    rules.fail(at, `there is no resource \`${name}\`${hint}`);
  };
  for (const [index, rule] of (document.types ?? []).entries()) {
    checkType(rule, (key, message) => rules.fail(['types', index, key], message));
    checkResource(rule.resource, ['types', index, 'resource']);
  }
  for (const [index, rule] of (document.calls ?? []).entries()) {
    const at = ['calls', index];
    checkCall(rule, document, (under, message) => rules.fail([...at, ...under], message));
    for (const [path, group] of groupsOf(rule)) {
      checkResource(group.acquire, [...at, ...path, 'acquire']);
      checkResource(group.resource, [...at, ...path, 'resource']);
      for (const { gives = [] } of many(group.invoke ?? []))
        for (const one of gives) if (one !== '-' && one !== 'error') checkResource(one, [...at, ...path, 'invoke']);
    }
  }
  for (const [name, { undo, freedIn }] of Object.entries(document.resources ?? {})) {
    if (freedIn !== undefined && !isPattern(freedIn))
      rules.fail(['resources', name, 'freedIn'], `\`${freedIn}\` is no regular expression`);
    for (const key of ['after', 'unless', 'ends'] as const) {
      if (undo === undefined || isPattern(undo[key])) continue;
      rules.fail(['resources', name, 'undo', key], `\`${undo[key]}\` is no regular expression`);
    }
  }
  checkConventions(document, rules.fail);
}

function checkType(rule: TypeRule, fail: (key: string, message: string) => never): void {
  if (rule.exempt !== undefined && rule.resource !== undefined) {
    fail('exempt', `\`${rule.type}\` is exempt and has a resource: choose one`);
  }
}

function checkCall(rule: CallRule, document: RuleDocument, fail: (at: DocumentPath, message: string) => never): void {
  for (const [index, pattern] of many(rule.call).entries()) {
    if (parseCallPattern(pattern) !== null) continue;
    const at = typeof rule.call === 'string' ? ['call'] : ['call', index];
    fail(at, `\`${pattern}\` is no call: expected Type#member, Type#member/arity or Type#member(Type,*)`);
  }
  if (rule.named !== undefined && !isPattern(rule.named)) fail(['named'], `\`${rule.named}\` is no regular expression`);
  try {
    compileEffects(rule, document.language);
  } catch (fault) {
    if (fault instanceof RuleFault) fail(fault.at, fault.message);
    throw fault;
  }
  for (const [path, group] of groupsOf(rule)) {
    if (group.acquire !== undefined) continue;
    if (group.at !== undefined) fail([...path, 'at'], '`at` says where an acquisition is, and there is no `acquire`');
    for (const key of ['heldBy', 'within', 'makes'] as const) {
      if (group[key] !== undefined) fail([...path, key], `\`${key}\` needs an \`acquire\``);
    }
  }
  const isEmpty = groupsOf(rule).every(([, group]) => !effectKeys.some((key) => group[key] !== undefined));
  if (rule.exempt !== undefined && !isEmpty) fail(['exempt'], 'an exempt call has no effects: remove one or the other');
  const isBare = [rule.exempt, rule.returns, rule.blocks, rule.succeeds].every((one) => one === undefined);
  if (isEmpty && isBare) {
    fail([], 'the rule says nothing: give it an effect, `returns`, `blocks`, `succeeds` or `exempt`');
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}

const effectKeys = [
  'acquire', 'release', 'drain', 'borrow', 'escape', 'alias', 'transfer', 'invoke', 'test', 'throws', 'rejects', 'noReturn',
] as const satisfies readonly (keyof EffectGroup)[]; // prettier-ignore

function groupsOf(rule: CallRule): readonly (readonly [DocumentPath, EffectGroup])[] {
  const further = (rule.and ?? []).map((group, index) => [['and', index], group] as const);
  return [[[], rule], ...further];
}

function checkConventions(
  { conventions, language }: RuleDocument,
  fail: (at: DocumentPath, message: string) => never,
): void {
  for (const [key, rule] of Object.entries(conventions ?? {})) {
    try {
      checkConvention(key, rule, language);
    } catch (error) {
      fail(['conventions', key], error instanceof Error ? error.message : 'not a regular expression');
    }
  }
}

function withLines(document: RuleDocument, lineOf: (at: DocumentPath) => number): RuleDocument {
  const types = document.types?.map((rule, index) => ({ ...rule, line: lineOf(['types', index]) }));
  const calls = document.calls?.map((rule, index) => ({ ...rule, line: lineOf(['calls', index]) }));
  return { ...document, ...(types && { types }), ...(calls && { calls }) };
}
