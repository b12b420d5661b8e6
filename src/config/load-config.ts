/**
 * Finds and reads a configuration. `closewait.config.json` and `.yaml` are data, and are taken from the working
 * directory or the nearest folder above it, up to the repository's. A module runs code, so it is read only when it is
 * named on the command line.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pathFrom } from '../project/path-from.ts';
import { checkValue, parseDocument } from '../documents/parse-document.ts';
import type { DocumentForm } from '../documents/parse-document.ts';
import { UserError } from '../errors.ts';
import { configFrom } from './config.ts';
import type { Config, ConfigDocument } from './config.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Relative to the working directory; null: there is none, so all is as it is by default. */
  readonly file: string | null;
}

export const configNames: readonly string[] = [
  'closewait.config.json',
  'closewait.config.yaml',
  'closewait.config.yml',
];

/** An empty file is null, and sets nothing. */
const form: DocumentForm<ConfigDocument | null> = {
  schema: new URL('../../closewait.schema.json', import.meta.url),
  isValid: (value, fits): value is ConfigDocument | null => fits(value),
  expected: 'a mapping of settings',
};

/** `named`: the user's `--config`; null: look for one; false: there is to be none. */
export async function loadConfig(cwd: string, named: string | false | null): Promise<LoadedConfig> {
  const path = named === null ? findConfig(cwd) : named === false ? null : resolve(cwd, named);
  if (path === null) return { config: configFrom({}, resolve(cwd)), file: null };
  const file = pathFrom(cwd, path);
  return { config: configFrom(await readConfig(path, file), dirname(path)), file };
}

/** Absolute, or null. */
function findConfig(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = configNames.map((name) => join(folder, name)).filter((path) => existsSync(path));
    const [first, second] = found;
    if (first !== undefined && second !== undefined)
      throw new UserError(`there are ${relative(cwd, first)} and ${relative(cwd, second)}: keep one of them`);
    if (first !== undefined) return first;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
}

async function readConfig(path: string, shown: string): Promise<ConfigDocument> {
  switch (extname(path)) {
    case '.json':
    case '.yaml':
    case '.yml':
      return parseDocument(readText(path, shown), shown, form).value ?? {};
    case '.js':
    case '.mjs':
    case '.ts':
    case '.mts':
      return checkValue(await exportOf(path, shown), shown, form) ?? {};
    default:
      throw new UserError(`${shown}: a configuration is a .json, .yaml, .yml, .js, .mjs, .ts or .mts file`);
  }
}

function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${shown}: cannot be read: ${codeOf(error)}`);
  }
}

async function exportOf(path: string, shown: string): Promise<unknown> {
  if (!existsSync(path)) throw new UserError(`${shown}: cannot be read: ENOENT`);
  try {
    const module: unknown = /\.m?ts$/.test(path)
      ? await importTypescript(path)
      : await import(pathToFileURL(path).href);
    if (typeof module === 'object' && module !== null && 'default' in module) return module.default;
  } catch (error) {
    throw new UserError(`${shown}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UserError(`${shown}: has no default export`);
}

async function importTypescript(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  return createJiti(import.meta.url).import(path);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
