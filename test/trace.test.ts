/** What a finding tells of its path, in the words a reader gets. */
import { describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import type { Finding } from '../src/findings/finding.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function findingsIn(path: string, source: string): Promise<readonly Finding[]> {
  const { findings } = await scan({
    paths: [path],
    cwd: temporaryFolder({ [path]: source }),
    minConfidence: 'medium',
    checks: null,
    modelFiles: [],
    exclude: [],
    verify: true,
  });
  return findings;
}

async function branchesTold(source: string, path = 'ledger.py'): Promise<readonly string[]> {
  const findings = await findingsIn(path, source);
  return (findings[0]?.trace ?? []).filter(({ kind }) => kind === 'branch').map(({ text }) => text);
}

/** A book that is left open where the test comes out as asked for. */
function ledger(parameter: string, test: string, before = 'pass'): string {
  return [
    `def total(${parameter}):`,
    '    book = open("ledger")',
    `    ${before}`,
    `    if ${test}:`,
    '        return 0',
    '    book.close()',
    '',
  ].join('\n');
}

describe('the truth of a value of Python', () => {
  test.each([
    ['rows: list', 'not rows', ['`rows` is false']],
    ['rows: list', 'rows', ['`rows` is true']],
    ['limit: int', 'not limit', ['`limit` is false']],
    ['limit: int', 'limit', ['`limit` is true']],
    ['name: str', 'name and len(name) > 3', ['`name` is true', '`len(name) > 3` is true']],
    ['rows', 'not rows', ['`rows` is false']],
    ['rows', 'rows', ['`rows` is true']],
    ['rows', 'rows is None', ['`rows is None` is true']],
  ])('%s: `if %s`', async (parameter, test, told) => {
    expect(await branchesTold(ledger(parameter, test))).toEqual(told);
  });

  test('of a list that is written out', async () => {
    expect(await branchesTold(ledger('', 'done', 'done = [False]'))).toEqual(['`done` is true']);
  });
});

describe('what JavaScript asks of a value that may be missing', () => {
  /** A file that is left open where a function is called that gives nothing. */
  const left = (parameters: string, statement: string): string =>
    [
      "import fs from 'node:fs';",
      `export function left(${parameters}) {`,
      "  const file = fs.openSync('stock', 'r');",
      `  ${statement}`,
      '  if (limit) return limit;',
      '  fs.closeSync(file);',
      '}',
      '',
    ].join('\n');

  test.each([
    'const limit = given ?? null;',
    'let limit = given; limit ??= null;',
    'let limit = given; limit ||= null;',
  ])('`%s`', async (statement) => {
    const told = await branchesTold(left('given', statement), 'left.js');
    expect(told.at(0)).toBe(statement.includes('let') ? '`limit` is true' : '`given` is true');
  });

  test('a default asks nothing that the source says', async () => {
    const told = await branchesTold(left('{ limit = 5 }', 'limit;'), 'left.js');
    expect(told.filter((one) => one.includes('5'))).toEqual([]);
    expect(told).toContain('`limit` is true');
  });
});

test('the type of a call with several results is that of the one that is open', async () => {
  const source = [
    'package work',
    'import (',
    '\t"context"',
    '\t"go.opentelemetry.io/otel"',
    ')',
    'func name(ctx context.Context) context.Context {',
    '\tnamed, _ := otel.Tracer("work").Start(ctx, "name")',
    '\treturn named',
    '}',
    '',
  ].join('\n');
  const [finding] = await findingsIn('work.go', source);
  expect(finding?.resourceType).toBe('Span');
});

test('what a test asserts is no step, and what it asks is one', async () => {
  const source = [
    'package ledger',
    'import ("os"; "testing"; "github.com/stretchr/testify/require")',
    'func TestTotal(t *testing.T) {',
    '\tbook, err := os.Open("ledger")',
    '\trequire.NoError(t, err)',
    '\tif total(book) == 0 {',
    '\t\treturn',
    '\t}',
    '\tbook.Close()',
    '}',
    '',
  ].join('\n');
  expect(await branchesTold(source, 'ledger_test.go')).toEqual(['`total(book) == 0` is true']);
});
