/** `--print-config`: every setting with the value that holds, for all files or for one. */
import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { settingsIn } from '../config/config.ts';
import type { Settings } from './scan-settings.ts';

/** JSON. With one path that is a file, what the overrides make of the settings for it. */
export function printConfig({ config, configFile }: Settings, paths: readonly string[], cwd: string): string {
  const shown = (file: string): string => relative(cwd, file).split(sep).join('/');
  const [path] = paths;
  const isFile = path !== undefined && statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile() === true;
  const { models, baseline } = config;
  const settings = {
    configFile,
    ...config,
    folder: undefined,
    ...(isFile ? settingsIn(config, cwd)(path) : {}),
    models: models.map(shown),
    baseline: baseline === null ? null : shown(baseline),
    overrides: isFile ? undefined : config.overrides,
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
