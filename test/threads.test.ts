/** Threads, which only the built program has: they change nothing in the report. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builtProgram, isBuilt } from './built.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

function nameOf(n: number): string {
  return `C${String(n).padStart(3, '0')}`;
}

/** One of three says nothing of resources and uses what another hands out. */
function source(n: number): string {
  const next = nameOf((n * 7) % 900);
  if (n % 3 === 0)
    return `package app;\nclass ${nameOf(n)} {\n  int first(java.io.File file) throws Exception {\n    var in = ${next}.open(file);\n    return in.read();\n  }\n}\n`;
  return `package app;
import java.io.*;
class ${nameOf(n)} {
  static InputStream open(File file) throws IOException {
    return ${n % 5 === 0 ? `${next}.open(file)` : 'new FileInputStream(file)'};
  }
  int first(File file) throws IOException {
    InputStream in = ${next}.open(file);
    return in.read();
  }
}
`;
}

describe.runIf(isBuilt(builtProgram))('the built program', () => {
  const files = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`app/${nameOf(n)}.java`, source(n)]));

  function scan(cwd: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [builtProgram, 'scan', '--format', 'json', ...args],
      {
        cwd,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    return stdout;
  }

  test('says the same with one thread, with two, and with a cache that two have filled', () => {
    const cwd = temporaryFolder(files);
    const alone = scan(cwd, '--threads', '1');
    const { findings } = JSON.parse(alone) as { findings: unknown[] };
    expect(findings.length).toBeGreaterThan(400);
    expect(scan(cwd, '--threads', '2')).toBe(alone);
    expect(scan(cwd, '--threads', '2', '--cache')).toBe(alone);
    expect(scan(cwd, '--threads', '1', '--cache')).toBe(alone);
  });
});

test.each(['0', '-1', 'two', '1.5', ''])('--threads %j is no number of threads', async (count) => {
  const { code, err } = await closewait(['scan', '--threads', count], temporaryFolder());
  expect(code).toBe(2);
  expect(err).toContain('expected a number from 1');
});
