/** The SARIF report: what GitHub and editors need of it, its limits, and what Microsoft's validator says of it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { checkCatalogue } from '../src/findings/check-catalogue.ts';
import type { ReportedFinding } from '../src/findings/select.ts';
import { publicUrl } from '../src/git/repository.ts';
import type { SymbolName } from '../src/ir/ir.ts';
import type { ReportInput } from '../src/report/report.ts';
import { sarifReport } from '../src/report/sarif/sarif.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const text = 'class A {\n  void f() {\n    var in = open();\n    parse(in);\n  }\n}\n';

function findingAt(index: number, of: Partial<ReportedFinding> = {}): ReportedFinding {
  const span = { start: text.indexOf('open()'), end: text.indexOf('open()') + 6 };
  return {
    check: 'leak',
    language: 'java',
    resource: 'java/file-stream',
    resourceTitle: 'file stream',
    resourceType: 'FileInputStream',
    variable: 'in',
    symbol: 'java:A#f' as SymbolName,
    path: `src/A${String(index).padStart(5, '0')}.java`,
    acquiredAt: span,
    leaksAt: [span],
    message: '`in` from `open` is not released.',
    trace: [
      { kind: 'acquired', span, text: '`open` acquires it into `in`' },
      {
        kind: 'throws',
        span: { start: text.indexOf('parse'), end: text.indexOf('parse') + 9 },
        text: '`parse` throws',
      },
      { kind: 'leaks', span, text: 'the exception leaves the function' },
    ],
    evidence: {
      resolution: 'typed',
      weakest: null,
      ownership: null,
      usesMay: false,
      isCoarse: false,
      isPresumed: false,
      isFromDoubtfulSource: false,
      isAddedOnce: false,
      isOnlyCostly: false,
      endsWithProcess: false,
      ownerReleasesNothing: false,
      endsByItself: false,
      failsTest: false,
    },
    confidence: 'high',
    severity: 'error',
    remedy: null,
    fingerprint: String(index).padStart(16, '0'),
    ...of,
  };
}

const input: ReportInput = {
  findings: [],
  suppressed: [],
  problems: [],
  texts: new Map(),
  files: 1,
  version: '1.2.3',
  pages: new Map(),
  fixes: null,
  repository: null,
};

function reportOf(part: Partial<ReportInput>) {
  const log = JSON.parse(sarifReport({ ...input, ...part })) as Log;
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return { ...run, results: run.results ?? [] };
}

function resultOf(part: Partial<ReportInput>): Result {
  const [result] = reportOf(part).results;
  if (result === undefined) throw new Error('no result');
  return result;
}

describe('results', () => {
  const finding = findingAt(1);
  const texts = new Map([[finding.path, text]]);

  test('the path is a code flow, the place has its code', () => {
    const result = resultOf({ findings: [finding], texts });
    expect(
      result.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ kinds, location }) => [kinds, location?.message?.text]),
    ).toEqual([
      [['acquired'], '`open` acquires it into `in`'],
      [['throws'], '`parse` throws'],
      [['leaks'], 'the exception leaves the function'],
    ]);
    expect(result.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'src/A00001.java', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3, startColumn: 14, snippet: { text: '    var in = open();' } },
      contextRegion: { startLine: 1, endLine: 5 },
    });
    expect(result.partialFingerprints).toEqual({ 'closewait/v1': '0000000000000001' });
  });

  test('a baseline makes the others new', () => {
    const suppressed = [{ finding: findingAt(2), by: 'baseline', reason: 'known: b.json', span: null } as const];
    expect(reportOf({ findings: [finding], suppressed, texts }).results).toMatchObject([
      { baselineState: 'new' },
      {
        baselineState: 'unchanged',
        suppressions: [{ kind: 'external', status: 'accepted', justification: 'known: b.json' }],
      },
    ]);
  });

  test('in a folder of a repository, paths count from its root', () => {
    const repository = { prefix: 'app/', url: 'https://example.org/a', revision: 'f00', branch: 'main' };
    const run = reportOf({ findings: [finding, findingAt(2, { path: '../lib/B.java' })], repository });
    expect(run.results.map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri)).toEqual([
      'app/src/A00001.java',
      'lib/B.java',
    ]);
    expect(run.versionControlProvenance).toEqual([
      {
        repositoryUri: 'https://example.org/a',
        revisionId: 'f00',
        branch: 'main',
        mappedTo: { uriBaseId: '%SRCROOT%' },
      },
    ]);
  });

  test('beyond 5,000, the most certain stay, and the report says so', () => {
    const sure = Array.from({ length: 3000 }, (_, i) => findingAt(i));
    const unsure = Array.from({ length: 3000 }, (_, i) => findingAt(9000 - i, { severity: 'note', confidence: 'low' }));
    const run = reportOf({ findings: [...unsure, ...sure] });
    expect(run.results).toHaveLength(5000);
    expect(run.results.filter(({ level }) => level === 'error')).toHaveLength(3000);
    expect(run.invocations?.[0]?.toolExecutionNotifications).toMatchObject([
      { level: 'warning', message: { text: expect.stringContaining('1000 results are left out') as string } },
    ]);
  });
});

describe('the run', () => {
  test('files that were not analysed, comments that are wrong', () => {
    const [invocation] =
      reportOf({
        problems: [
          { path: 'B.java', message: 'is larger than 5 MB', kind: 'unreadable' },
          { path: 'A.java', line: 7, message: 'gives no reason', kind: 'suppression' },
        ],
      }).invocations ?? [];
    expect(invocation).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [
        { level: 'error', descriptor: { id: 'unreadable' }, message: { text: 'is larger than 5 MB' } },
      ],
      toolConfigurationNotifications: [
        { level: 'warning', locations: [{ physicalLocation: { region: { startLine: 7 } } }] },
      ],
    });
  });

  test('rules have help, level, precision and weaknesses; links lead out', async () => {
    const { out } = await closewait(['scan', '--format', 'sarif'], temporaryFolder({ 'A.java': 'class A {}' }));
    const rules = (JSON.parse(out) as Log).runs[0]?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(checkCatalogue.map(({ id }) => id));
    for (const rule of rules) {
      expect(rule.help?.markdown).toMatch(/^# /);
      expect(rule.help?.markdown).not.toMatch(/\]\((?!https:)/);
      expect(rule.defaultConfiguration?.level).toMatch(/^(error|warning|note)$/);
      expect(rule.properties?.precision).toMatch(/^(high|medium|low)$/);
      expect(rule.properties?.tags).toContainEqual(expect.stringMatching(/^external\/cwe\/cwe-\d+$/));
    }
  });
});

test.each([
  ['git@github.com:acme/shop.git', 'https://github.com/acme/shop'],
  ['https://token:x@example.org/a/b.git', 'https://example.org/a/b'],
  ['ssh://git@example.org:2222/a/b.git', 'https://example.org/a/b'],
  ['http://example.org:8080/a', 'http://example.org:8080/a'],
  ['/srv/git/a.git', null],
  ['C:\\repos\\a', null],
  ['file:///srv/a', null],
  ['', null],
])('the address of %j is %j', (remote, url) => {
  expect(publicUrl(remote)).toBe(url);
});

/** Set by .ci/run; the validator is a program of 100 MB that only CI downloads. */
const multitool = process.env.CLOSEWAIT_SARIF_MULTITOOL ?? '';

/** Rules with no remedy: addresses cannot be fetched, ids are no numbers, messages are sentences of their own. */
const withoutRemedy = new Set(['SARIF2002', 'SARIF2006', 'SARIF2009']);

describe.skipIf(multitool === '')('validated by sarif-multitool with the rules of GitHub', () => {
  test('leaks of every language, in a repository, with suppressions and odd names', () => {
    const demo = join(import.meta.dirname, '../demo/http-call/HttpUtil.java');
    const leaky =
      'class A { int f(java.io.File f) throws java.io.IOException { return new java.io.FileInputStream(f).read(); } }\n';
    const cwd = temporaryFolder({
      'app/HttpUtil.java': readFileSync(demo, 'utf8'),
      'app/a b#ä/A.java': leaky,
      'app/B.java': `// closewait-disable lost-reference -- for the test\n${leaky}`,
      'app/C.java': '// closewait-disable leak\nclass C { void f( { new FileInputStream(\n',
      'app/a.py': 'def f(name):\n    f = open(name)\n    return f.read()\n',
    });
    return validate(cwd);
  });

  test('fixes of every language', { timeout: 240_000 }, () => {
    const cwd = temporaryFolder({ 'app/.gitignore': '' });
    const fixtures = join(import.meta.dirname, '../fixtures/fixes');
    for (const language of ['java', 'go', 'python', 'typescript'])
      cpSync(join(fixtures, language), join(cwd, 'app', language), { recursive: true });
    return validate(cwd, '--fixes');
  });
});

async function validate(cwd: string, ...options: string[]): Promise<void> {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd, stdio: 'pipe' });
  };
  git('init', '-q', '-b', 'main');
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  git('add', '.');
  git('commit', '-qm', 'first');
  if ((statSync(multitool).mode & 0o100) === 0) chmodSync(multitool, 0o755);
  const { code } = await closewait(
    ['scan', '--format', 'sarif', '--output', '../leaks.sarif', ...options],
    join(cwd, 'app'),
  );
  expect(code).toBe(1);
  const args = ['--rule-kind', 'Sarif;Gh;Ghas', '--level', 'Error;Warning;Note', '--output', 'validation.sarif'];
  execFileSync(multitool, ['validate', ...args, 'leaks.sarif'], { cwd, stdio: 'pipe' });
  const validation = JSON.parse(readFileSync(join(cwd, 'validation.sarif'), 'utf8')) as Log;
  const found = (validation.runs[0]?.results ?? [])
    .filter(({ ruleId = '' }) => !withoutRemedy.has(ruleId.split('/')[0] ?? ''))
    .map(
      ({ ruleId, message }) =>
        `${ruleId ?? ''} ${message.text ?? message.id ?? ''} ${(message.arguments ?? []).join(' ')}`,
    );
  expect(found).toEqual([]);
}
