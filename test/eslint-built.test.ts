/** What only the built plugin shows: how it is loaded. `npm run build` makes it; `.ci/run` does so before the tests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const plugin = join(import.meta.dirname, '../dist/eslint/plugin.js');

describe.runIf(existsSync(plugin))('the built plugin', () => {
  test('can be required', () => {
    const cwd = temporaryFolder({ 'a.cjs': `console.log(Object.keys(require(${JSON.stringify(plugin)}).rules)[0])` });
    const { stdout, stderr } = spawnSync(process.execPath, ['a.cjs'], { cwd, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'leak\n', stderr: '' });
  });
});
