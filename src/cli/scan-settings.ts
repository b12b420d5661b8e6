/** Options and configuration to what a scan wants: an option wins over the configuration, and adds to its lists. */
import { relative, resolve } from 'node:path';
import type { ScanOptions } from '../analyze.ts';
import { settingsIn, withOnlyChecks } from '../config/config.ts';
import type { Config, FailOn, UnusedSuppressions } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { CheckId, Confidence } from '../findings/finding.ts';
import type { Terminal } from './terminal.ts';

/** What a configuration may add to. */
export interface ConfigFlags {
  /** A file; false for `--no-config`. */
  readonly config?: string | false;
  readonly models: string[];
}

/** What is to be looked at, and by which models. */
export interface ProjectFlags extends ConfigFlags {
  readonly exclude: string[];
}

/** What is wanted of it. */
export interface SettingFlags extends ProjectFlags {
  readonly minConfidence?: Confidence;
  readonly checks?: CheckId[];
  readonly failOn?: FailOn;
  readonly inlineSuppressions: boolean;
  readonly unusedSuppressions?: UnusedSuppressions;
}

export interface Settings {
  readonly config: Config;
  /** Relative to the working directory; null: all is by default. */
  readonly configFile: string | null;
}

export async function settingsFrom(flags: ConfigFlags & Partial<SettingFlags>, { cwd }: Terminal): Promise<Settings> {
  const { config: found, file } = await loadConfig(cwd, flags.config ?? null);
  const config: Config = {
    ...found,
    models: [...flags.models.map((model) => resolve(cwd, model)), ...found.models],
    failOn: flags.failOn ?? found.failOn,
    inlineSuppressions: flags.inlineSuppressions !== false && found.inlineSuppressions,
    unusedSuppressions: flags.unusedSuppressions ?? found.unusedSuppressions,
  };
  const { minConfidence } = flags;
  const asked = minConfidence === undefined ? config : withConfidence(config, minConfidence);
  return { config: flags.checks === undefined ? asked : withOnlyChecks(asked, flags.checks), configFile: file };
}

/** What the command line asks for holds for every file. */
function withConfidence(config: Config, minConfidence: Confidence): Config {
  return { ...config, minConfidence, overrides: config.overrides.map((one) => ({ ...one, minConfidence })) };
}

/** What a scan looks at, whatever is wanted of it. */
export type Project = Required<Pick<ScanOptions, 'cwd' | 'modelFiles' | 'exclude' | 'globs'>>;

export function projectFrom(config: Config, exclude: readonly string[], cwd: string): Project {
  return { cwd, modelFiles: modelFilesOf(config), exclude, globs: config };
}

export function scanOptionsFrom(
  config: Config,
  paths: readonly string[],
  exclude: readonly string[],
  cwd: string,
): ScanOptions {
  return {
    ...projectFrom(config, exclude, cwd),
    paths: [...paths],
    minConfidence: config.minConfidence,
    checks: null,
    settingsOf: settingsIn(config, cwd),
    readsComments: config.inlineSuppressions,
    verify: false,
  };
}

/** As messages name them. */
export function modelFilesOf({ models }: Config): readonly string[] {
  return models.map((file) => relative('.', file));
}
