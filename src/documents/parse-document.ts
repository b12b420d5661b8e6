/**
 * YAML or JSON text to data that fits a schema. Every fault is a UserError with file, line and column.
 *
 * `yaml` and `ajv` are loaded on first use only: a scan without a configuration or models of its own never comes here.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as AjvPackage from 'ajv';
import type * as YamlPackage from 'yaml';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { UserError } from '../errors.ts';

type Yaml = typeof YamlPackage;
type Ajv = typeof AjvPackage;

/** Keys and indexes from the top of the document. */
export type DocumentPath = readonly (string | number)[];

export interface DocumentForm<T> {
  /** Of a JSON schema. */
  readonly schema: URL;
  /** States what fitting the schema means for the type: `(value, fits): value is T => fits(value)`. */
  readonly isValid: (value: unknown, fits: (value: unknown) => boolean) => value is T;
  /** What the document is, where it is none at all: `a mapping with …`. */
  readonly expected: string;
}

export interface ParsedDocument<T> {
  readonly value: T;
  /** Fails with a message that points at this part of the document. */
  readonly fail: (at: DocumentPath, message: string) => never;
  readonly lineOf: (at: DocumentPath) => number;
}

export function parseDocument<T>(text: string, path: string, form: DocumentForm<T>): ParsedDocument<T> {
  const { LineCounter, parseDocument: parseYaml } = loadYaml();
  const lines = new LineCounter();
  const parsed = parseYaml(text, { lineCounter: lines, prettyErrors: false });
  const failAt = (offset: number, message: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new UserError(`${path}:${String(line)}:${String(col)}: ${message}`);
  };
  const [syntaxError] = parsed.errors;
  if (syntaxError !== undefined) {
    const language = path.endsWith('.json') ? 'JSON' : 'YAML';
    failAt(syntaxError.pos[0], `not valid ${language}: ${firstLine(syntaxError.message)}`);
  }
  const offsetOf = (at: DocumentPath): number => {
    for (let length = at.length; length >= 0; length--) {
      const range = nodeRange(parsed, at.slice(0, length));
      if (range !== null) return range;
    }
    return 0;
  };
  const fail = (at: DocumentPath, message: string): never => failAt(offsetOf(at), message);
  const lineOf = (at: DocumentPath): number => lines.linePos(offsetOf(at)).line;
  const value = toPlain(parsed, (message) => failAt(0, message));
  return { value: checked(value, form, fail), fail, lineOf };
}

/** Data that came from elsewhere: a module, options. The fault is found by its path, such as `checks.leak`. */
export function checkValue<T>(value: unknown, path: string, form: DocumentForm<T>): T {
  return checked(value, form, (at, message) => {
    throw new UserError(`${path}: ${at.length === 0 ? '' : `${at.join('.')}: `}${message}`);
  });
}

function checked<T>(value: unknown, form: DocumentForm<T>, fail: (at: DocumentPath, message: string) => never): T {
  const validate = validatorOf(form.schema);
  if (form.isValid(value, (it) => validate(it))) return value;
  const { at, message } = describe(pickError(validate.errors ?? []), value, form.expected);
  return fail(at, message);
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: URL): ValidateFunction {
  let validator = validators.get(schema.href);
  if (validator === undefined) {
    const { Ajv } = loadAjv();
    const content: unknown = JSON.parse(readFileSync(schema, 'utf8'));
    const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
    validator = ajv.compile(content as object); // our own file, an object by construction
    validators.set(schema.href, validator);
  }
  return validator;
}

/** The most deeply nested error says most; branches of the schema only repeat it further out. */
function pickError(errors: readonly ErrorObject[]): ErrorObject | null {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const real = errors.filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames');
  return real.reduce<ErrorObject | null>((best, error) => (best && depth(best) >= depth(error) ? best : error), null);
}

function describe(
  error: ErrorObject | null,
  value: unknown,
  expectedWhole: string,
): { at: DocumentPath; message: string } {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || error === null) {
    return { at: [], message: `expected ${expectedWhole}` };
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
      return {
        at,
        message: `${show(error.data)} is not ${[params.type].flat().map(withArticle).join(' or ')}${expected}`,
      };
    default:
      return { at, message: `${show(error.data)}: ${error.message ?? 'not valid'}${expected}` };
  }
}

/** `type`: as a schema names it. */
function withArticle(type: unknown): string {
  const name = String(type);
  if (name === 'null') return name;
  return /^[aio]/.test(name) ? `an ${name}` : `a ${name}`;
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
