/**
 * Rules documents to the `ModelSet` the rest of the program asks. Start-up is what counts here: documents
 * are indexed by name once, and a rule is compiled when somebody asks for it.
 *
 * Where documents disagree the earlier one wins, so a user's models override those shipped.
 */
import { append } from '../append.ts';
import { InvariantError } from '../errors.ts';
import { GENERIC_RESOURCE, type ResourceKind } from '../effects/effect.ts';
import type { Language } from '../ir/ir.ts';
import { memberOf, parseCallPattern } from './call-pattern.ts';
import type { CallPattern } from './call-pattern.ts';
import { compileEffects, many, parseSlot } from './compile-effects.ts';
import { compileExceptions } from './compile-exceptions.ts';
import { compileConventions } from './conventions.ts';
import { compileTriggers } from './compile-triggers.ts';
import { presumedKinds } from './presumed-kinds.ts';
import type { AnnotationMeaning, CallModel, ModelSet, ResourceInfo, TypeModel } from './model-set.ts';
import type { CallRule, RuleSource, TypeRule, ResourceRule } from './schema.ts';

/** Replaces a package by another the same library goes by; identity for the name as written. */
type Rename = (name: string) => string;

interface PendingCall {
  readonly source: RuleSource;
  readonly rule: CallRule;
  readonly pattern: CallPattern;
  readonly rename: Rename;
}

interface PendingType {
  readonly source: RuleSource;
  readonly rule: TypeRule;
  readonly rename: Rename;
}

interface Index {
  readonly calls: Map<string, PendingCall[]>;
  /** Types of which some call is known. */
  readonly owners: Set<string>;
  readonly types: Map<string, PendingType[]>;
  readonly members: Set<string>;
  readonly acquiringMembers: Set<string>;
  readonly releasingMembers: Set<string>;
  /** Those that release what they are given. */
  readonly takingMembers: Set<string>;
  readonly blockingMembers: Set<string>;
  readonly succeedingMembers: Set<string>;
  readonly simpleNames: Map<string, string[]>;
}

export function compileModels(language: Language, sources: readonly RuleSource[]): ModelSet {
  const index = buildIndex(sources);
  const resources = compileResources(language, sources);
  const annotations = new Map<string, AnnotationMeaning>();
  for (const { document } of [...sources].reverse()) {
    for (const [name, meaning] of Object.entries(document.annotations ?? {})) annotations.set(name, meaning);
  }
  const conventions = lazily(() => compileConventions(language, sources));
  const exceptions = lazily(() => compileExceptions(sources));
  const triggers = lazily(() => compileTriggers(sources));
  const released = lazily(() => byReleaseMethod(resources));
  const presumed = lazily(() => {
    const rules = sources.flatMap(({ document }) => document.calls ?? []);
    return presumedKinds(language, [...rules, ...rules.flatMap(({ and = [] }) => and)]);
  });
  const releasing = lazily(() => releasingMembers(language, sources));
  const removing = lazily(() => {
    const listeners = [...releasing()].filter(([kind]) => resources.get(kind)?.family === 'listener');
    return new Set(listeners.flatMap(([, members]) => [...members]));
  });
  const wrappers = lazily(() => [...index.types.keys()].filter((name) => types(name)?.wraps != null));
  const calls = memoised((key) => compileCalls(index.calls.get(key) ?? [], language));
  const types = memoised((name) => compileType(name, index.types.get(name) ?? [], language));

  return {
    language,
    resource(kind) {
      const info = kind === GENERIC_RESOURCE ? generic : resources.get(kind);
      if (info === undefined) throw new InvariantError(`no resource kind ${kind}`);
      return info;
    },
    throughFields: [...new Set([...resources.values()].flatMap(({ through }) => through))],
    spendingFields: bySpendingField(resources),
    releasedBy: (method) => released().get(method) ?? [],
    calls: (type, member) => (index.owners.has(type) ? calls(`${type}#${memberOf(member)}`) : noCalls),
    knowsMember: (member) => index.members.has(member),
    acquiresMember: (member) => index.acquiringMembers.has(member),
    releasesMember: (member) => index.releasingMembers.has(member),
    releasesGiven: (member) => index.takingMembers.has(member),
    blocksMember: (member) => index.blockingMembers.has(member),
    succeedsMember: (member) => index.succeedingMembers.has(member),
    releasingMembers: (kind) => releasing().get(kind) ?? none,
    get presumedKinds() {
      return presumed();
    },
    get removingMembers() {
      return removing();
    },
    type: (name) => types(name),
    get wrappers() {
      return wrappers();
    },
    typesNamed: (simpleName) => index.simpleNames.get(simpleName) ?? [],
    annotation: (simpleName) => annotations.get(simpleName) ?? null,
    get conventions() {
      return conventions();
    },
    get exceptions() {
      return exceptions();
    },
    get triggers() {
      return triggers();
    },
  };
}

function compileResources(language: Language, sources: readonly RuleSource[]): ReadonlyMap<ResourceKind, ResourceInfo> {
  const resources = new Map<ResourceKind, ResourceInfo>();
  for (const { document } of sources) {
    for (const [key, rule] of Object.entries(document.resources ?? {})) {
      const kind = `${language}/${key}`;
      if (resources.has(kind)) continue;
      resources.set(kind, resourceInfo(kind, rule));
    }
  }
  return resources;
}

/** In place of a method: a call made on it, or given it, or a function that has it. */
const ANY_USE = '*';

function resourceInfo(kind: ResourceKind, rule: ResourceRule): ResourceInfo {
  const {
    title,
    release,
    family = 'resource',
    fix = null,
    fixSince = null,
    written = null,
    releaseAlso = null,
    takenBack = {},
    through = [],
    outlets = [],
    shared = null,
    takesEmpty = false,
    sync = false,
    reused = false,
    once = reused || family === 'lock',
    undo = null,
    addsUp = null,
    handedOn = false,
    withHolder = false,
    states = {},
    emptyWith = {},
    noneGiven = [],
    freedIn,
    completes = false,
    spentBy = [],
    copiedTo = {},
    startedBy = [],
    mayBeStartedBy = [],
    readBy = [],
    soonOver = null,
    ofOwner = false,
  } = rule;
  return {
    kind,
    title,
    releases: release,
    isFunction: release[0] === '()',
    family,
    fix,
    fixSince,
    written,
    releaseAlso,
    takenBack: new Map(Object.entries(takenBack)),
    through,
    outlets,
    shared,
    takesEmpty,
    isSync: sync,
    isReused: reused,
    isOnce: once,
    undo,
    addsUp: addsUp === true ? 'everywhere' : addsUp,
    isHandedOn: handedOn,
    isWithHolder: withHolder,
    states: new Map(Object.entries(states).map(([field, is]) => [field, is === 'open'])),
    emptyWith: new Map(Object.entries(emptyWith).map(([field, values]) => [field, new Set(values)])),
    noneGiven: new Set(noneGiven),
    freedIn: freedIn === undefined ? null : new RegExp(freedIn, 'u'),
    completes,
    spentBy,
    copiedTo: new Map(Object.entries(copiedTo)),
    startedBy: new Set(startedBy),
    isStartedByUse: startedBy.includes(ANY_USE),
    mayBeStartedBy: new Set(mayBeStartedBy),
    readBy: new Set(readBy),
    soonOver,
    isOfOwner: ofOwner,
  };
}

function bySpendingField(resources: ReadonlyMap<ResourceKind, ResourceInfo>): ReadonlyMap<string, ResourceKind[]> {
  const kinds = new Map<string, ResourceKind[]>();
  for (const { kind, spentBy } of resources.values()) for (const field of spentBy) append(kinds, field, kind);
  return kinds;
}

function byReleaseMethod(resources: ReadonlyMap<ResourceKind, ResourceInfo>): ReadonlyMap<string, ResourceKind[]> {
  const kinds = new Map<string, ResourceKind[]>();
  for (const { kind, releases } of resources.values()) {
    for (const method of releases) append(kinds, method, kind);
  }
  return kinds;
}

/** Nothing is said of it. */
const generic = resourceInfo(GENERIC_RESOURCE, { title: 'resource', release: [] });
const none: ReadonlySet<string> = new Set();
const noCalls: readonly CallModel[] = [];

/** Members of rules that release one kind only. */
function releasingMembers(
  language: Language,
  sources: readonly RuleSource[],
): ReadonlyMap<ResourceKind, ReadonlySet<string>> {
  const found = new Map<ResourceKind, Set<string>>();
  for (const rule of sources.flatMap(({ document }) => document.calls ?? [])) {
    if (rule.release === undefined || rule.resource === undefined) continue;
    const kind = `${language}/${rule.resource}`;
    const members = found.get(kind) ?? new Set<string>();
    found.set(kind, members);
    for (const text of many(rule.call)) members.add(parseCallPattern(text)?.member ?? text);
  }
  return found;
}

function buildIndex(sources: readonly RuleSource[]): Index {
  const index: Index = {
    calls: new Map(),
    owners: new Set(),
    types: new Map(),
    members: new Set(),
    acquiringMembers: new Set(),
    releasingMembers: new Set(),
    takingMembers: new Set(),
    blockingMembers: new Set(),
    succeedingMembers: new Set(),
    simpleNames: new Map(),
  };
  for (const source of sources) {
    const renames = renamesOf(source);
    for (const rule of source.document.calls ?? []) {
      for (const text of many(rule.call)) indexCall(index, source, rule, text, renames);
    }
    for (const rule of source.document.types ?? []) indexType(index, source, rule, renames);
  }
  return index;
}

function has(rule: CallRule, effect: 'acquire' | 'release'): boolean {
  return rule[effect] !== undefined || (rule.and ?? []).some((group) => group[effect] !== undefined);
}

function indexCall(index: Index, source: RuleSource, rule: CallRule, text: string, renames: readonly Rename[]): void {
  const pattern = parseCallPattern(text);
  if (pattern === null) throw new InvariantError(`${source.path}: ${text}`);
  index.members.add(pattern.member);
  if (has(rule, 'acquire') || many(rule.invoke ?? []).some(({ gives }) => gives !== undefined))
    index.acquiringMembers.add(pattern.member);
  if (has(rule, 'release')) index.releasingMembers.add(pattern.member);
  if (many(rule.release ?? []).some((slot) => slot.startsWith('param'))) index.takingMembers.add(pattern.member);
  if (rule.blocks !== undefined) index.blockingMembers.add(pattern.member);
  if (rule.succeeds === true) index.succeedingMembers.add(pattern.member);
  for (const [name, rename] of namesUnder(pattern.owner, renames)) {
    addCall(index, { source, rule, pattern: { ...pattern, owner: name }, rename });
    addSimpleName(index, name);
  }
}

function indexType(index: Index, source: RuleSource, rule: TypeRule, renames: readonly Rename[]): void {
  for (const [name, rename] of namesUnder(rule.type, renames)) {
    append(index.types, name, { source, rule, rename });
    addSimpleName(index, name);
    for (const member of rule.fluent ?? []) {
      index.members.add(member);
      const pattern = { owner: name, member, arity: null, params: null, named: [] };
      const fluent: CallRule = {
        call: `${rule.type}#${member}`,
        alias: { from: 'receiver', into: 'result' },
        returns: rule.type,
        // Setting an option of a builder is no I/O.
        throws: 'never',
        ...(rule.line !== undefined && { line: rule.line }),
      };
      addCall(index, { source, rule: fluent, pattern, rename });
    }
  }
}

function addCall(index: Index, call: PendingCall): void {
  const { owner, member } = call.pattern;
  index.owners.add(owner);
  append(index.calls, `${owner}#${member}`, call);
}

function namesUnder(name: string, renames: readonly Rename[]): ReadonlyMap<string, Rename> {
  const names = new Map<string, Rename>([[name, identity]]);
  for (const rename of renames) {
    const other = rename(name);
    if (!names.has(other)) names.set(other, rename);
  }
  return names;
}

function renamesOf(source: RuleSource): readonly Rename[] {
  return Object.entries(source.document.alsoAs ?? {}).flatMap(([from, others]) =>
    [others].flat().map(
      (to): Rename =>
        (name) =>
          name === from || name.startsWith(`${from}.`) ? to + name.slice(from.length) : name,
    ),
  );
}

function addSimpleName(index: Index, name: string): void {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  const known = index.simpleNames.get(simple);
  if (known === undefined) index.simpleNames.set(simple, [name]);
  else if (!known.includes(name)) known.push(name);
}

/** Most specific first; a user's rule before a shipped one that is as specific. */
function compileCalls(pending: readonly PendingCall[], language: Language): readonly CallModel[] {
  const specificity = ({ pattern }: PendingCall): number =>
    pattern.named.length > 0
      ? 100 + pattern.named.length
      : pattern.params !== null
        ? 2 + pattern.params.filter((param) => param !== '*').length
        : pattern.arity !== null
          ? 1
          : 0;
  const ordered = [...pending].sort((a, b) => specificity(b) - specificity(a));
  return ordered.map(({ source, rule, pattern, rename }) => ({
    ...pattern,
    receiverNamed: rule.named === undefined ? null : new RegExp(rule.named, 'u'),
    until: rule.until?.split('.').map(Number) ?? null,
    summary: { effects: compileEffects(rule, language) },
    ...compileReturns(rule, rename),
    succeeds: rule.succeeds === true,
    mayBlock: rule.blocks !== undefined,
    blocksHandlersOnly: rule.blocks === 'handlers' || rule.blocks === 'briefly',
    blocksBriefly: rule.blocks === 'briefly',
    source: `${source.path}:${String(rule.line ?? 1)}`,
  }));
}

/** A type, or the slot whose type it is. */
function compileReturns({ returns }: CallRule, rename: Rename): Pick<CallModel, 'returns' | 'returnsTypeOf'> {
  const returnsTypeOf = returns === undefined ? null : parseSlot(returns);
  return { returns: returns === undefined || returnsTypeOf !== null ? null : rename(returns), returnsTypeOf };
}

function compileType(name: string, pending: readonly PendingType[], language: Language): TypeModel | null {
  const [first] = pending;
  if (first === undefined) return null;
  let { resource, exempt, wraps } = toModelParts(first.rule);
  const supertypes = new Set<string>();
  for (const { rule, rename } of pending) {
    const parts = toModelParts(rule);
    const saysOtherwise = resource !== null || exempt !== null;
    resource ??= saysOtherwise ? null : parts.resource;
    exempt ??= saysOtherwise ? null : parts.exempt;
    wraps ??= parts.wraps;
    for (const supertype of rule.extends ?? []) supertypes.add(rename(supertype));
  }
  const kind = resource === null ? null : `${language}/${resource}`;
  return { type: name, resource: kind, exempt, wraps, supertypes: [...supertypes] };
}

function toModelParts(rule: TypeRule): { resource: string | null; exempt: string | null; wraps: number | null } {
  return { resource: rule.resource ?? null, exempt: rule.exempt ?? null, wraps: rule.wraps ?? null };
}

function identity(name: string): string {
  return name;
}

function lazily<T>(compute: () => T): () => T {
  let cell: { readonly value: T } | null = null;
  return () => (cell ??= { value: compute() }).value;
}

function memoised<T>(compute: (key: string) => T): (key: string) => T {
  const cache = new Map<string, T>();
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    cache.set(key, value);
    return value;
  };
}
