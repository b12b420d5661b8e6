/**
 * Fixes, written down: beside each program under `fixtures/fixes/<language>/` lies what `closewait fix` makes of it,
 * suggestions included, as a diff. `UPDATE=1` rewrites those. What is left is listed too, so a near miss is a
 * program whose diff is empty.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lineMap } from '../src/findings/line-map.ts';
import { fix, type FixResult } from '../src/fix.ts';
import { unifiedDiff } from '../src/fixes/unified-diff.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = join(import.meta.dirname, '../fixtures/fixes');
const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /^[a-z]+\/[^/]+\.(?:java|go|py|ts|js|mjs)$/.test(path))
  .sort();

function fixFile(cwd: string, path: string): Promise<FixResult> {
  return fix({
    paths: [path],
    cwd,
    minConfidence: 'low',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: true,
    suggestions: true,
  });
}

function describeResult({ files, remaining }: FixResult, text: string): string {
  const lines: string[] = [];
  for (const { applied } of files) {
    for (const { fix } of applied)
      lines.push(`${fix.isSafe ? 'safe' : 'suggestion'}: ${fix.title}${fix.reason === null ? '' : ` (${fix.reason})`}`);
  }
  const map = lineMap(files[0]?.after ?? text);
  for (const { finding } of remaining)
    lines.push(`left: line ${String(map.position(finding.acquiredAt.start).line)}: ${finding.message}`);
  const diffs = files.map(({ path, before, after }) => unifiedDiff(path, before, after));
  return `${lines.join('\n')}\n${diffs.join('')}`;
}

describe('fixes', () => {
  test.each(programs)('%s', async (path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const result = await fixFile(folder, path);
    const actual = describeResult(result, text);
    const golden = join(folder, `${path}.diff`);
    if (process.env.UPDATE === '1') writeFileSync(golden, actual);
    expect(existsSync(golden), `${relative('.', golden)} is missing: UPDATE=1 writes it`).toBe(true);
    expect(actual).toBe(readFileSync(golden, 'utf8'));
    const name = path.slice(path.indexOf('/') + 1);
    const after = result.files[0]?.after ?? text;
    const again = await fixFile(temporaryFolder({ [name]: after }), name);
    expect(
      again.files.map((file) => file.after),
      'applying twice changes nothing',
    ).toEqual([]);
    // Comments are never lost.
    for (const comment of text.match(/(?:\/\/|#(?!!)) .*$/gm) ?? []) expect(after).toContain(comment);
  });
});
