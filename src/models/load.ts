/**
 * Reads the rules of a language: from the JSON made at build time when there is one next to the compiled
 * code, else from the YAML in `rules/`; then the user's own files, which come first wherever both speak.
 * Does not interpret them; that is `compile.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Language } from '../ir/ir.ts';
import { UserError } from '../errors.ts';
import { compileModels } from './compile.ts';
import type { ModelSet } from './model-set.ts';
import { checkRules, parseRules } from './parse-rules.ts';
import type { ParsedRules } from './parse-rules.ts';
import type { RuleSource } from './schema.ts';

const rulesFolder = new URL('../../rules/', import.meta.url);
/** Beside `dist/models/`; from `src/` there is no such file. */
const builtFolder = new URL('../rules/', import.meta.url);

const builtIn = new Map<Language, readonly RuleSource[]>();
const builtInModels = new Map<Language, ModelSet>();

/** `extraFiles`: YAML files of the user's, read relative to the working directory. */
export function loadModels(language: Language, extraFiles: readonly string[] = []): ModelSet {
  const shipped = builtInSources(language);
  if (extraFiles.length > 0)
    return compileModels(language, [...userSources(language, extraFiles, shipped), ...shipped]);
  let models = builtInModels.get(language);
  if (models === undefined) {
    models = compileModels(language, shipped);
    builtInModels.set(language, models);
  }
  return models;
}

/** The rules of a language as they are written, the user's first. */
export function ruleSources(language: Language, extraFiles: readonly string[]): readonly RuleSource[] {
  const shipped = builtInSources(language);
  return extraFiles.length === 0 ? shipped : [...userSources(language, extraFiles, shipped), ...shipped];
}

/** Every rules file of a language from its YAML, validated; `scripts/build-rules.mjs` stores the result. */
export function readRules(language: Language): readonly RuleSource[] {
  const folder = new URL(`${language}/`, rulesFolder);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const parsed = names.sort().map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return parseRules(text, `rules/${language}/${name}`);
  });
  checkAll(parsed, []);
  return parsed.map((rules) => rules.source);
}

/** Equal as long as the program, the rules shipped with it and the user's models are. */
export function modelStamp(modelFiles: readonly string[]): string {
  const build = new URL('build-id', builtFolder);
  const program = existsSync(build) ? readFileSync(build, 'utf8').trim() : 'from source';
  return JSON.stringify([program, ...modelFiles.map((path) => readUserFile(path))]);
}

function builtInSources(language: Language): readonly RuleSource[] {
  let sources = builtIn.get(language);
  if (sources === undefined) {
    const file = new URL(`${language}.json`, builtFolder);
    // Written by our own build from validated YAML, so its shape needs no second check.
    sources = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RuleSource[]) : readRules(language);
    builtIn.set(language, sources);
  }
  return sources;
}

function userSources(
  language: Language,
  paths: readonly string[],
  shipped: readonly RuleSource[],
): readonly RuleSource[] {
  const parsed = paths.map((path) => parseRules(readUserFile(path), path));
  const wanted = parsed.filter((rules) => rules.source.document.language === language);
  checkAll(wanted, shipped);
  return wanted.map((rules) => rules.source);
}

function checkAll(parsed: readonly ParsedRules[], others: readonly RuleSource[]): void {
  const sources = [...others, ...parsed.map((rules) => rules.source)];
  const resources = new Set(sources.flatMap((source) => Object.keys(source.document.resources ?? {})));
  for (const rules of parsed) checkRules(rules, resources);
}

function readUserFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = { ENOENT: 'no such file', EISDIR: 'is a directory', EACCES: 'permission denied' }[code] ?? code;
    throw new UserError(`${path}: cannot read the model file: ${why}`);
  }
}
