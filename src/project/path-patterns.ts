/**
 * Globs as people write them in configurations: a name without a slash matches wherever it is, a folder matches all
 * that is inside, and everything else counts from the folder the globs belong to.
 */
import picomatch from 'picomatch';

/** Takes a path with `/`, relative to the globs' folder. No globs match nothing. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = globs.map(anchored).flatMap((pattern) => [pattern, `${pattern}/**`]);
  const matches = picomatch(patterns, { dot: true });
  return (path) => matches(path);
}

/** In one form: no `./`, no slash at the end. */
export function anchored(glob: string): string {
  const trimmed = glob
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '');
  const isAnywhere = trimmed.startsWith('**/') || !trimmed.includes('/');
  return isAnywhere ? `**/${trimmed.replace(/^(\*\*\/)+/, '')}` : trimmed;
}
