/**
 * What `npm run build` has made, for suites that start it. Without a build they are left out; `.ci/run`, which builds before
 * the tests, sets CLOSEWAIT_REQUIRE_BUILD, and they fail.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const builtProgram = join(import.meta.dirname, '../dist/cli/main.js');
export const builtPlugin = join(import.meta.dirname, '../dist/eslint/plugin.js');

export function isBuilt(path: string): boolean {
  return process.env.CLOSEWAIT_REQUIRE_BUILD === '1' || existsSync(path);
}
