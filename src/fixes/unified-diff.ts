/** What a fix changes, as people and `git apply` read it. */
import { createTwoFilesPatch } from 'diff';

export function unifiedDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 });
  // The first line is a rule that no tool needs.
  return patch.replace(/^=+\n/, '');
}
