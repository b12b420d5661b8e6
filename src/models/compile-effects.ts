/**
 * The right-hand side of a rule, as effects. Rules say the usual thing briefly; the defaults are here:
 * an acquisition, alias or transfer happens on return only, a release and everything else on both outcomes,
 * since a `close` that throws has still closed.
 *
 * Faults in what a rule says are `RuleFault`s; `parse-rules.ts` turns them into messages with a position.
 */
import type { Effect, Guard, Owner, ResourceKind, Slot } from '../effects/effect.ts';
import type { Language } from '../ir/ir.ts';
import type { CallRule, EffectGroup, OneOrMany } from './schema.ts';

/** Something in a rule that its schema cannot rule out; `at` leads to it inside the entry. */
export class RuleFault extends Error {
  readonly at: readonly (string | number)[];

  constructor(at: readonly (string | number)[], message: string) {
    super(message);
    this.at = at;
  }
}

/** Effects of a call rule, in the order: the entry's own, then those under `and`. */
export function compileEffects(rule: CallRule, language: Language): readonly Effect[] {
  if (rule.exempt !== undefined) return [];
  const further = rule.and ?? [];
  return [
    ...compileGroup(rule, language, []),
    ...further.flatMap((group, index) => compileGroup(group, language, ['and', index])),
  ];
}

export function parseSlot(text: string): Slot | null {
  const [head = '', ...fields] = text.split('.');
  if (fields.some((field) => field === '')) return null;
  const under = fields.length > 0 ? { fields } : {};
  if (head === 'receiver' || head === 'callee') return { at: head, ...under };
  const match = /^(params?|result)(\d*)$/.exec(head);
  if (match === null) return null;
  const [, at, digits = ''] = match;
  if (at === 'result') return { at: 'result', index: Number(digits), ...under };
  if (digits === '') return null;
  return { at: at === 'params' ? 'params' : 'param', index: Number(digits), ...under };
}

function compileGroup(group: EffectGroup, language: Language, at: readonly (string | number)[]): readonly Effect[] {
  const slot = (text: string, ...key: (string | number)[]): Slot => {
    const parsed = parseSlot(text);
    if (parsed === null) {
      throw new RuleFault([...at, ...key], `\`${text}\` is no slot: receiver, result, param0 … or params0 …`);
    }
    return parsed;
  };
  const certainty = group.certainty ?? 'must';
  const given = compileGuard(group, at);
  const guard = given === null ? {} : { given };
  const onReturn = { on: group.on ?? 'return', certainty, ...guard } as const;
  const onBoth = { on: group.on ?? 'both', certainty, ...guard } as const;
  const kindOf = (key: string): string => `${language}/${key}`;
  const effects: Effect[] = [];

  if (group.acquire !== undefined) {
    const heldBy = group.heldBy === undefined ? {} : { heldBy: many(group.heldBy).map((one) => slot(one, 'heldBy')) };
    const within = group.within === undefined ? {} : { within: slot(group.within, 'within') };
    const makes = group.makes === undefined ? {} : { makes: slot(group.makes, 'makes') };
    const acquired = slot(group.at ?? 'result', 'at');
    const part = { ...heldBy, ...within, ...makes };
    effects.push({ kind: 'acquire', slot: acquired, resource: kindOf(group.acquire), ...part, ...onReturn });
  }
  for (const { from, into } of many(group.alias)) {
    effects.push({ kind: 'alias', from: slot(from, 'alias'), into: slot(into, 'alias'), ...onReturn });
  }
  for (const { from, to } of many(group.transfer)) {
    const target = isOwner(to) ? to : slot(to, 'transfer');
    effects.push({ kind: 'transfer', from: slot(from, 'transfer'), to: target, ...onReturn });
  }
  for (const text of many(group.release)) {
    const only = group.resource === undefined ? {} : { resource: kindOf(group.resource) };
    effects.push({ kind: 'release', slot: slot(text, 'release'), ...only, ...onBoth });
  }
  for (const rule of many(group.drain)) {
    const [text, otherwise] =
      typeof rule === 'string'
        ? [rule, {}]
        : [rule.slot, { otherwise: { written: rule.otherwise, reason: rule.reason ?? null } }];
    effects.push({ kind: 'drain', slot: slot(text, 'drain'), ...otherwise, ...onReturn });
  }
  for (const text of many(group.borrow)) effects.push({ kind: 'borrow', slot: slot(text, 'borrow'), ...onBoth });
  for (const text of many(group.escape)) effects.push({ kind: 'escape', slot: slot(text, 'escape'), ...onBoth });
  for (const rule of many(group.invoke)) {
    const passed = (rule.with ?? []).map((text) => slot(text, 'invoke'));
    effects.push({
      kind: 'invoke',
      slot: slot(rule.slot, 'invoke'),
      with: passed,
      when: rule.when ?? 'now',
      ...(rule.outcome === undefined ? {} : { outcome: rule.outcome }),
      ...(rule.gives === undefined ? {} : { gives: givenBy(rule.gives, kindOf) }),
      ...onBoth,
    });
  }
  if (group.test !== undefined) {
    effects.push({ kind: 'test', slot: slot(group.test.slot, 'test'), is: group.test.is, ...onReturn });
  }
  if (group.throws !== undefined) {
    const { tier, types = [] } = group.throws === 'never' ? { tier: 'never' as const } : group.throws;
    effects.push({ kind: 'throws', tier, types, ...onBoth });
  }
  if (group.rejects !== undefined) effects.push({ kind: 'rejects', tier: group.rejects, ...onBoth });
  if (group.noReturn === true) effects.push({ kind: 'noReturn', ...onBoth });
  return effects;
}

function givenBy(
  gives: readonly string[],
  kindOf: (key: string) => ResourceKind,
): { resources: readonly (ResourceKind | null)[]; error: number | null } {
  const error = gives.indexOf('error');
  return {
    resources: gives.map((one) => (one === '-' || one === 'error' ? null : kindOf(one))),
    error: error < 0 ? null : error,
  };
}

function compileGuard(group: EffectGroup, at: readonly (string | number)[]): Guard | null {
  if (group.given === undefined) return null;
  const [entry, ...more] = Object.entries(group.given);
  if (entry === undefined || more.length > 0) throw new RuleFault([...at, 'given'], '`given` takes exactly one slot');
  const [text, value] = entry;
  const slot = parseSlot(text);
  if (slot === null) throw new RuleFault([...at, 'given', text], `\`${text}\` is no slot: receiver, result, param0 …`);
  const is = value === null ? 'null' : value === true ? 'true' : value === false ? 'false' : value;
  return { slot, is };
}

const owners: ReadonlySet<string> = new Set(['caller', 'field', 'container', 'static', 'task', 'runtime']);

function isOwner(text: string): text is Owner {
  return owners.has(text);
}

export function many<T extends string | object>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

// `Array.isArray` alone does not narrow a readonly array.
function isList<T>(value: OneOrMany<T>): value is readonly T[] {
  return Array.isArray(value);
}
