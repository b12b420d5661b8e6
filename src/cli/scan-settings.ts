/** Options and configuration to what a scan wants: an option wins over the configuration, and adds to its lists. */
import { relative, resolve } from 'node:path';
import type { ScanOptions } from '../analyze.ts';
import { settingsIn, withOnlyChecks } from '../config/config.ts';
import type { Config, FailOn, UnusedSuppressions } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { CheckId, Confidence } from '../findings/finding.ts';
import type { Terminal } from './terminal.ts';

export interface SettingFlags {
  /** A file; false for `--no-config`. */
  readonly config?: string | false;
  readonly minConfidence?: Confidence;
  readonly checks?: CheckId[];
  readonly models: string[];
  readonly exclude: string[];
  readonly failOn?: FailOn;
  readonly inlineSuppressions: boolean;
  readonly unusedSuppressions?: UnusedSuppressions;
}

export interface Settings {
  readonly config: Config;
  /** Relative to the working directory; null: all is by default. */
  readonly configFile: string | null;
}

export async function settingsFrom(flags: SettingFlags, { cwd }: Terminal): Promise<Settings> {
  const { config: found, file } = await loadConfig(cwd, flags.config ?? null);
  const config: Config = {
    ...found,
    models: [...flags.models.map((model) => resolve(cwd, model)), ...found.models],
    failOn: flags.failOn ?? found.failOn,
    inlineSuppressions: flags.inlineSuppressions && found.inlineSuppressions,
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

export function scanOptionsFrom(
  config: Config,
  paths: readonly string[],
  exclude: readonly string[],
  cwd: string,
): ScanOptions {
  return {
    paths: [...paths],
    cwd,
    minConfidence: config.minConfidence,
    checks: null,
    settingsOf: settingsIn(config, cwd),
    modelFiles: modelFilesOf(config),
    exclude: [...exclude],
    globs: config,
    readsComments: config.inlineSuppressions,
    verify: false,
  };
}

/** As messages name them. */
export function modelFilesOf({ models }: Config): readonly string[] {
  return models.map((file) => relative('.', file));
}
