/** `--print-config`: every setting with the value that holds, for all files or for one. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathFrom } from '../project/path-from.ts';
import { UserError } from '../errors.ts';
import { anchored } from '../project/path-patterns.ts';
import { settingsIn } from '../config/config.ts';
import type { Settings } from './scan-settings.ts';

/** JSON. With a path that is a file, what the overrides make of the settings for it. `exclude`: of the command line. */
export function printConfig(
  { config, configFile }: Settings,
  paths: readonly string[],
  exclude: readonly string[],
  cwd: string,
): string {
  const [path, ...more] = paths;
  if (more.length > 0) throw new UserError('--print-config takes one path: settings may differ from file to file');
  const shown = (file: string): string => pathFrom(cwd, file);
  const isFile = path !== undefined && statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile() === true;
  const { models, baseline } = config;
  const settings = {
    configFile,
    ...config,
    folder: undefined,
    exclude: [...config.exclude, ...exclude.map((glob) => globFrom(config.folder, glob, cwd))],
    ...(isFile ? settingsIn(config, cwd)(path) : {}),
    models: models.map(shown),
    baseline: baseline === null ? null : shown(baseline),
    overrides: isFile ? undefined : config.overrides,
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** As the configuration would say it: its globs count from its folder, those of the command line from where we are. */
function globFrom(folder: string, glob: string, cwd: string): string {
  const pattern = anchored(glob);
  const place = pathFrom(folder, resolve(cwd));
  return pattern.startsWith('**/') || place === '' ? glob : `${place}/${pattern}`;
}
