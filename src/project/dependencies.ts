/** Others' code that is kept within a project, `vendor/` of Go: it is there to be called, and its leaks are theirs to mend. */
import { isAbsolute, resolve } from 'node:path';
import { pathFrom } from './path-from.ts';

/**
 * `folders`: names of folders that hold such code; `roots`: what was asked for, relative to `cwd`. The test takes paths as
 * reports show them. What is asked for by name is wanted, wherever it lies.
 */
export function dependencyTest(
  folders: readonly string[],
  roots: readonly string[],
  cwd: string,
): (path: string) => boolean {
  if (folders.length === 0) return () => false;
  const bases = roots.map((root) => resolve(cwd, root));
  return (path) => {
    const absolute = resolve(cwd, path);
    return bases.every((base) => !isOwnBelow(pathFrom(base, absolute), folders));
  };
}

/** `inner`: from what was asked for; '' is that itself. */
function isOwnBelow(inner: string, folders: readonly string[]): boolean {
  const segments = inner.split('/');
  if (segments[0] === '..' || isAbsolute(inner)) return false;
  return !segments.slice(0, -1).some((name) => folders.includes(name));
}
