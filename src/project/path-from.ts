/** Paths as reports, configurations and models have them. */
import { relative, sep } from 'node:path';

/** The way from a folder to a file, with `/` on every system; '' for the folder itself. */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
