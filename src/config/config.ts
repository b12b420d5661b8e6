/** What a configuration says, and what of it holds for a file. Reading one is `load-config.ts`. */
import { resolve } from 'node:path';
import { pathFrom } from '../project/path-from.ts';
import type { CheckId, Confidence } from '../findings/finding.ts';
import { onlyChecks, type LeastException, type FileSettings, type Severity } from '../findings/select.ts';
import type { FileGlobs } from '../project/discover.ts';
import { pathMatcher } from '../project/path-patterns.ts';

export type FailOn = Severity | 'never';
export type UnusedSuppressions = 'off' | 'warning' | 'error';

/** As it is written: every member may be absent. */
export interface ConfigDocument {
  readonly $schema?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly checks?: FileSettings['checks'];
  readonly minConfidence?: Confidence;
  readonly exceptions?: LeastException;
  readonly failOn?: FailOn;
  readonly models?: readonly string[];
  readonly inlineSuppressions?: boolean;
  readonly unusedSuppressions?: UnusedSuppressions;
  readonly baseline?: string;
  readonly overrides?: readonly Override[];
}

export interface Override extends Partial<FileSettings> {
  readonly files: readonly string[];
}

/** Complete. Globs are as written, and count from `folder`; files are absolute. */
export interface Config extends FileSettings, FileGlobs {
  readonly failOn: FailOn;
  readonly models: readonly string[];
  readonly inlineSuppressions: boolean;
  readonly unusedSuppressions: UnusedSuppressions;
  readonly baseline: string | null;
  readonly overrides: readonly Override[];
}

/** `folder`: absolute, where the document lies. */
export function configFrom(document: ConfigDocument, folder: string): Config {
  const absolute = (file: string): string => resolve(folder, file);
  return {
    folder,
    include: document.include ?? [],
    exclude: document.exclude ?? [],
    checks: document.checks ?? {},
    minConfidence: document.minConfidence ?? 'medium',
    exceptions: document.exceptions ?? 'possible',
    failOn: document.failOn ?? 'note',
    models: (document.models ?? []).map(absolute),
    inlineSuppressions: document.inlineSuppressions ?? true,
    unusedSuppressions: document.unusedSuppressions ?? 'warning',
    baseline: document.baseline === undefined ? null : absolute(document.baseline),
    overrides: document.overrides ?? [],
  };
}

/** What holds for a file, by its path relative to `cwd`. */
export function settingsIn(config: Config, cwd: string): (path: string) => FileSettings {
  const overrides = config.overrides.map((override) => ({ override, matches: pathMatcher(override.files) }));
  const { folder, checks, minConfidence, exceptions } = config;
  const base: FileSettings = { checks, minConfidence, exceptions };
  return (path) => {
    if (overrides.length === 0) return base;
    const place = pathFrom(folder, resolve(cwd, path));
    let settings = base;
    for (const { override, matches } of overrides) {
      if (!matches(place)) continue;
      settings = {
        checks: { ...settings.checks, ...override.checks },
        minConfidence: override.minConfidence ?? settings.minConfidence,
        exceptions: override.exceptions ?? settings.exceptions,
      };
    }
    return settings;
  };
}

/** Only some checks, whatever a configuration says of the others. */
export function withOnlyChecks(config: Config, wanted: readonly CheckId[]): Config {
  const off = onlyChecks(wanted);
  const overrides = config.overrides.map((one) => ({ ...one, checks: { ...one.checks, ...off } }));
  return { ...config, checks: { ...config.checks, ...off }, overrides };
}
