/** Fixes in reports: whoever applies them gets what `closewait fix` writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { lineMap } from '../src/findings/line-map.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const program = `import java.io.FileInputStream;

class Prices {
  // ä is two bytes
  int first(String ä) throws Exception {
    int least = ä.length();
    FileInputStream in = new FileInputStream(ä);
    if (least == 0) {
      return 0;
    }
    return in.read();
  }

  java.io.InputStream kept;

  void keep(String name) throws Exception {
    kept = new FileInputStream(name);
  }
}
`;

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Change {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
}

function apply(text: string, changes: readonly Change[], offsetOf: (place: Place) => number): string {
  return [...changes]
    .sort((a, b) => offsetOf(b.start) - offsetOf(a.start))
    .reduce(
      (result, { start, end, text: added }) => result.slice(0, offsetOf(start)) + added + result.slice(offsetOf(end)),
      text,
    );
}

function lineStart(line: number): number {
  return (
    program
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line === 1 ? 0 : 1)
  );
}

const inUnits = ({ line, column }: Place): number => lineStart(line) + column - 1;

function inBytes({ line, column }: Place): number {
  const bytes = Buffer.from(lineMap(program).line(line)).subarray(0, column - 1);
  return lineStart(line) + bytes.toString().length;
}

async function report(format: string): Promise<unknown> {
  const folder = temporaryFolder({ 'Prices.java': program });
  const { out } = await closewait(['scan', '.', '--fixes', '--format', format], folder);
  return JSON.parse(out);
}

async function fixedByCommand(): Promise<string> {
  const folder = temporaryFolder({ 'Prices.java': program });
  await closewait(['fix', '.', '--suggestions'], folder);
  return readFileSync(join(folder, 'Prices.java'), 'utf8');
}

interface JsonEdit extends Place {
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

interface JsonReport {
  readonly findings: readonly {
    readonly fix: { readonly isSafe: boolean; readonly edits: readonly JsonEdit[] } | null;
  }[];
}

interface RdJson {
  readonly diagnostics: readonly {
    readonly suggestions?: readonly { readonly range: { start: Place; end: Place }; readonly text: string }[];
  }[];
}

describe('fixes in reports', () => {
  test('JSON', async () => {
    const { findings } = (await report('json')) as JsonReport;
    const [fix] = findings.flatMap((finding) => finding.fix ?? []);
    expect(fix?.isSafe).toBe(true);
    const changes = (fix?.edits ?? []).map(({ line, column, endLine, endColumn, text }) => {
      return { start: { line, column }, end: { line: endLine, column: endColumn }, text };
    });
    expect(apply(program, changes, inUnits)).toBe(await fixedByCommand());
  });

  test('SARIF', async () => {
    const log = (await report('sarif')) as Log;
    const [fix] = log.runs[0]?.results?.flatMap((result) => result.fixes ?? []) ?? [];
    expect(fix?.description?.text).toMatch(/^Close `in`/);
    const changes = (fix?.artifactChanges[0]?.replacements ?? []).map(({ deletedRegion, insertedContent }) => {
      const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = deletedRegion;
      const [start, end] = [
        { line: startLine, column: startColumn },
        { line: endLine, column: endColumn },
      ];
      return { start, end, text: insertedContent?.text ?? '' };
    });
    expect(apply(program, changes, inUnits)).toBe(await fixedByCommand());
  });

  test('rdjson, in bytes', async () => {
    const { diagnostics } = (await report('rdjson')) as RdJson;
    const [suggestion, ...others] = diagnostics.flatMap((one) => one.suggestions ?? []);
    expect(others).toEqual([]);
    if (suggestion === undefined) throw new Error('no suggestion');
    const { range, text } = suggestion;
    expect(apply(program, [{ ...range, text }], inBytes)).toBe(await fixedByCommand());
  });

  test('nobody who did not ask waits for them', async () => {
    const { out } = await closewait(['scan', '.', '--format', 'json'], temporaryFolder({ 'Prices.java': program }));
    expect(out).not.toContain('"fix"');
  });
});
