/**
 * YAML text to a validated rules document. Every fault is a UserError with file, line and column.
 *
 * `yaml` and `ajv` are loaded on first use only: a release build runs on rules that were validated when it
 * was built (`load.ts`) and never comes here unless the user brings models of their own.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as AjvPackage from 'ajv';
import type * as YamlPackage from 'yaml';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { UserError } from '../errors.ts';
import { parseCallPattern } from './call-pattern.ts';
import { compileEffects, many, RuleFault } from './compile-effects.ts';
import type { CallRule, ConventionRules, EffectGroup, RuleDocument, RuleSource, TypeRule } from './schema.ts';

type Yaml = typeof YamlPackage;
type Ajv = typeof AjvPackage;
type DocumentPath = readonly (string | number)[];

export interface ParsedRules {
  readonly source: RuleSource;
  /** Fails with a message that points at this part of the document. */
  readonly fail: (at: DocumentPath, message: string) => never;
}

/** Shape only; `checkRules` looks at what the rules say once all documents are known. */
export function parseRules(text: string, path: string): ParsedRules {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const failAt = (offset: number, message: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new UserError(`${path}:${String(line)}:${String(col)}: ${message}`);
  };
  const [syntaxError] = parsed.errors;
  if (syntaxError !== undefined) failAt(syntaxError.pos[0], `not valid YAML: ${firstLine(syntaxError.message)}`);

  const offsetOf = (at: DocumentPath): number => {
    for (let length = at.length; length >= 0; length--) {
      const range = nodeRange(parsed, at.slice(0, length));
      if (range !== null) return range;
    }
    return 0;
  };
  const fail = (at: DocumentPath, message: string): never => failAt(offsetOf(at), message);

  const value = toPlain(parsed, (message) => failAt(0, message));
  const validate = validator();
  if (!isDocument(validate, value)) {
    const { at, message } = describe(pickError(validate.errors ?? []), value);
    return fail(at, message);
  }
  const lineOf = (at: DocumentPath): number => lines.linePos(offsetOf(at)).line;
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
    }
  }
  if (document.conventions !== undefined) checkConventions(document.conventions, rules.fail);
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
    fail(at, `\`${pattern}\` is no call: expected Type#member, Type#member/arity or Type#member(SimpleType,*)`);
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
    if (group.heldBy !== undefined) fail([...path, 'heldBy'], '`heldBy` needs an `acquire`');
  }
  const isEmpty = groupsOf(rule).every(([, group]) => !effectKeys.some((key) => group[key] !== undefined));
  if (rule.exempt !== undefined && !isEmpty) fail(['exempt'], 'an exempt call has no effects: remove one or the other');
  if (isEmpty && rule.exempt === undefined && rule.returns === undefined && rule.blocks === undefined) {
    fail([], 'the rule says nothing: give it an effect, `returns`, `blocks` or `exempt`');
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
  'acquire', 'release', 'drain', 'borrow', 'escape', 'alias', 'transfer', 'invoke', 'test', 'step', 'throws', 'noReturn',
] as const satisfies readonly (keyof EffectGroup)[]; // prettier-ignore

function groupsOf(rule: CallRule): readonly (readonly [DocumentPath, EffectGroup])[] {
  const further = (rule.and ?? []).map((group, index) => [['and', index], group] as const);
  return [[[], rule], ...further];
}

function checkConventions(rules: ConventionRules, fail: (at: DocumentPath, message: string) => never): void {
  for (const [key, value] of Object.entries(rules)) {
    if (typeof value !== 'string') continue;
    try {
      new RegExp(value, 'u');
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

let cachedValidator: ValidateFunction | null = null;

function validator(): ValidateFunction {
  if (cachedValidator !== null) return cachedValidator;
  const { Ajv } = loadAjv();
  const schema: unknown = JSON.parse(readFileSync(new URL('../../rules/schema.json', import.meta.url), 'utf8'));
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  cachedValidator = ajv.compile(schema as object); // our own file, an object by construction
  return cachedValidator;
}

function isDocument(validate: ValidateFunction, value: unknown): value is RuleDocument {
  return validate(value);
}

/** The most deeply nested error says most; branches of the schema only repeat it further out. */
function pickError(errors: readonly ErrorObject[]): ErrorObject | null {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const real = errors.filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames');
  return real.reduce<ErrorObject | null>((best, error) => (best && depth(best) >= depth(error) ? best : error), null);
}

function describe(error: ErrorObject | null, value: unknown): { at: DocumentPath; message: string } {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || error === null) {
    return { at: [], message: 'expected a mapping with `library` and `language`' };
  }
  const at = error.instancePath.split('/').slice(1).map(pathPart);
  const params = error.params as Readonly<Record<string, unknown>>; // keyed by keyword, see Ajv's documentation
  const schema = error.parentSchema as Readonly<Record<string, unknown>> | undefined;
  const expected = typeof schema?.description === 'string' ? `; expected ${schema.description}` : '';
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys(schema?.properties ?? {}).sort(); // `properties` is an object in any schema
      return { at: [...at, key], message: `unknown key \`${key}\`; known here: ${known.join(', ')}` };
    }
    case 'required':
      return { at, message: `\`${String(params.missingProperty)}\` is missing` };
    case 'enum':
    case 'const': {
      const allowed = [params.allowedValues ?? params.allowedValue].flat();
      return { at, message: `${show(error.data)} is not one of: ${allowed.map(String).join(', ')}` };
    }
    case 'type':
      return { at, message: `${show(error.data)} is no ${[params.type].flat().join(' or ')}${expected}` };
    default:
      return { at, message: `${show(error.data)}: ${error.message ?? 'not valid'}${expected}` };
  }
}

function pathPart(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text.replaceAll('~1', '/').replaceAll('~0', '~');
}

function show(data: unknown): string {
  const text = JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function nodeRange(parsed: ReturnType<Yaml['parseDocument']>, at: DocumentPath): number | null {
  const { isMap, isNode, isScalar } = loadYaml();
  if (at.length === 0) return parsed.contents?.range?.[0] ?? 0;
  const parent: unknown = at.length === 1 ? parsed.contents : parsed.getIn(at.slice(0, -1), true);
  const last = at[at.length - 1];
  if (isMap(parent)) {
    // Point at the key: that is where the eye looks for `unknown key`.
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? null;
  }
  const node: unknown = parsed.getIn(at, true);
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function toPlain(parsed: ReturnType<Yaml['parseDocument']>, fail: (message: string) => never): unknown {
  try {
    return parsed.toJS();
  } catch (error) {
    // Aliases that expand without end are refused by the parser.
    return fail(`not valid YAML: ${error instanceof Error ? firstLine(error.message) : 'cannot be read'}`);
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

const require = createRequire(import.meta.url);

// `require` is untyped; the package's own types describe what it returns.
function loadYaml(): Yaml {
  return require('yaml') as Yaml;
}

function loadAjv(): Ajv {
  return require('ajv') as Ajv;
}
