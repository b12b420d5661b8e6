/** Others' code that is kept within a project, `vendor/` of Go: it is there to be called, and its leaks are theirs to mend. */
import { relative, resolve, sep } from 'node:path';

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
  const bases = roots.map((root) => relative(cwd, resolve(cwd, root)).split(sep).join('/'));
  return (path) => bases.every((base) => !isOwnBelow(path, base, folders));
}

function isOwnBelow(path: string, base: string, folders: readonly string[]): boolean {
  if (path === base) return true;
  if (base !== '' && !path.startsWith(`${base}/`)) return false;
  const inner = path.slice(base === '' ? 0 : base.length + 1).split('/');
  return !inner.slice(0, -1).some((name) => folders.includes(name));
}
