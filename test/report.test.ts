import { describe, expect, test } from 'vitest';
import { lineMap } from '../src/findings/line-map.ts';
import { select } from '../src/findings/select.ts';
import type { ReportedFinding } from '../src/findings/select.ts';
import type { SymbolName } from '../src/ir/ir.ts';
import { codeFrame } from '../src/report/code-frame.ts';
import { colorsFor, noColors } from '../src/report/colors.ts';
import { jsonReport } from '../src/report/json.ts';
import type { ReportInput } from '../src/report/report.ts';
import { sarifReport } from '../src/report/sarif/sarif.ts';
import { story } from '../src/report/story.ts';
import { textReport } from '../src/report/text.ts';

const text = 'class A {\r\n  void f() {\r\n\tvar in = open();\r\n    parse(in);\r\n  }\r\n}\r\n';
const at = (part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length });

const finding: ReportedFinding = {
  check: 'leak-on-exception',
  language: 'java',
  resource: 'java/file-stream',
  resourceTitle: 'file stream',
  resourceType: 'FileInputStream',
  variable: 'in',
  symbol: 'java:A#f' as SymbolName,
  path: 'src/a b/Ä#1.java',
  acquiredAt: at('open()'),
  leaksAt: [at('parse(in)')],
  message: '`in` from `open` is not released when `parse` throws (line 4).',
  trace: [
    { kind: 'acquired', span: at('open()'), text: '`in` is acquired' },
    { kind: 'throws', span: at('parse(in)'), text: '`parse` may throw' },
  ],
  evidence: {
    resolution: 'typed',
    weakest: 'declared',
    ownership: 'released-on-another-path',
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
  fingerprint: 'abc123',
};

const input: ReportInput = {
  findings: [finding],
  suppressed: [],
  problems: [{ path: 'B.java', message: 'is larger than 5 MB', kind: 'unreadable' }],
  texts: new Map([[finding.path, text]]),
  files: 120,
  version: '1.2.3',
  pages: new Map(),
  fixes: null,
  repository: null,
};

describe('line map', () => {
  test.each([
    ['', 0, 1, 1],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\r\nb', 2, 1, 3],
    ['a\rb', 2, 2, 1],
    ['a\n', 2, 2, 1],
    ['a\n', 99, 2, 1],
    ['\u{1f600}x', 2, 1, 3],
    ['a', -1, 1, 1],
  ])('%j at %d is %d:%d', (source, offset, line, column) => {
    expect(lineMap(source).position(offset)).toEqual({ line, column });
  });

  test('lines come without their breaks', () => {
    const map = lineMap('a\r\nb\rc\n');
    expect([1, 2, 3, 4, 5].map((number) => map.line(number))).toEqual(['a', 'b', 'c', '', '']);
  });
});

describe('text', () => {
  test('a line per finding, the path, a summary', () => {
    expect(textReport(input, noColors)).toBe(
      [
        'src/a b/Ä#1.java:3:11  leak-on-exception  `in` from `open` is not released when `parse` throws (line 4).',
        '       3  `in` is acquired',
        '       4  `parse` may throw',
        '',
        '1 finding (1 leak-on-exception) in 120 files',
        '',
      ].join('\n'),
    );
  });

  test('a path is told in full, unless it is very long', () => {
    const told = (length: number): string[] => {
      const trace = Array.from({ length }, (_, index) => ({
        kind: 'branch' as const,
        span: at('parse(in)'),
        text: `step ${String(index)}`,
      }));
      const report = textReport({ ...input, findings: [{ ...finding, trace }] }, noColors);
      return [...report.matchAll(/(step \d+|\d+ more steps?.*)$/gm)].map(([line]) => line);
    };
    expect(told(8)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'].map((index) => `step ${index}`));
    expect(told(9)).toEqual([
      'step 0',
      '2 more steps, see `closewait explain`',
      ...['3', '4', '5', '6', '7', '8'].map((index) => `step ${index}`),
    ]);
  });

  test('nothing found', () => {
    expect(textReport({ ...input, findings: [], files: 1 }, noColors)).toBe('no findings in 1 file\n');
  });

  test('file names cannot drive the terminal', () => {
    const path = 'a\u001b[2J\n.java';
    expect(textReport({ ...input, findings: [{ ...finding, path }] }, noColors)).toContain('a·[2J·.java:1:1');
  });
});

describe('colours', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %j, environment %j: %j', (isTerminal, env, isColored) => {
    expect(colorsFor(isTerminal, env).red('x') !== 'x').toBe(isColored);
  });
});

test('JSON', () => {
  expect(JSON.parse(jsonReport(input))).toMatchObject({
    version: 1,
    tool: { name: 'closewait', version: '1.2.3' },
    files: 120,
    problems: [{ path: 'B.java', kind: 'unreadable' }],
    findings: [
      {
        check: 'leak-on-exception',
        path: 'src/a b/Ä#1.java',
        line: 3,
        column: 11,
        endLine: 3,
        endColumn: 17,
        leaksAt: [{ line: 4, column: 5 }],
        trace: [
          { kind: 'acquired', line: 3 },
          { kind: 'throws', line: 4 },
        ],
        fingerprint: 'abc123',
      },
    ],
  });
});

describe('SARIF', () => {
  const log = JSON.parse(sarifReport(input)) as { runs: unknown[] };

  test('a result says where, how sure, and along which path', () => {
    const artifactLocation = { uri: 'src/a%20b/%C3%84%231.java' };
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'leak-on-exception',
              ruleIndex: 1,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation,
                    region: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 17 },
                  },
                },
              ],
              relatedLocations: [{ physicalLocation: { region: { startLine: 4 } } }],
              codeFlows: [{ threadFlows: [{ locations: [{ kinds: ['acquired'] }, { kinds: ['throws'] }] }] }],
              partialFingerprints: { 'closewait/v1': 'abc123' },
              properties: { variable: 'in', resourceType: 'FileInputStream', confidence: 'high' },
            },
          ],
        },
      ],
    });
  });

  test('problems are notifications', () => {
    expect(log).toMatchObject({
      runs: [
        {
          invocations: [
            {
              executionSuccessful: true,
              toolExecutionNotifications: [
                { level: 'error', message: { text: 'is larger than 5 MB' }, descriptor: { id: 'unreadable' } },
              ],
            },
          ],
        },
      ],
    });
  });

  test('every rule is described', () => {
    const rules = (log as { runs: { tool: { driver: { rules: Record<string, unknown>[] } } }[] }).runs[0]?.tool.driver
      .rules;
    expect(rules?.map((rule) => rule.id)).toEqual([
      'leak',
      'leak-on-exception',
      'lost-reference',
      'inline-open',
      'unreleased-field',
      'unfinished-transaction',
      'unreleased-lock',
      'unremoved-listener',
      'defer-in-loop',
      'wrong-target',
      'blocking-call-in-async',
      'client-per-call',
    ]);
  });

  test('a check that is only a note is one however sure its findings are', () => {
    const settings = { minConfidence: 'low', checks: {}, exceptions: 'possible' } as const;
    expect(select({ ...finding, check: 'inline-open' }, settings)?.severity).toBe('note');
    expect(
      select({ ...finding, check: 'inline-open' }, { ...settings, checks: { 'inline-open': 'error' } })?.severity,
    ).toBe('error');
    expect(select(finding, settings)?.severity).toBe('error');
  });

  test.each(['\ud800.java', 'c:x.java', '%41.java'])('%j makes a URI', (path) => {
    const uri = /"uri": "([^"]*)"/.exec(sarifReport({ ...input, findings: [{ ...finding, path }] }))?.[1];
    expect(uri).toMatch(/^[A-Za-z0-9%._/-]+$/);
  });
});

describe('code frame', () => {
  test('marks the span, under tabs as well', () => {
    expect(codeFrame(lineMap(text), finding.acquiredAt, { context: 1, colors: noColors })).toBe(
      ['  2 |   void f() {', '  3 | \tvar in = open();', '    | \t         ^^^^^^', '  4 |     parse(in);'].join('\n'),
    );
  });

  test('explains a finding step by step', () => {
    const told = story(finding, lineMap(text), noColors);
    expect(told).toContain('1. line 3: `in` is acquired');
    expect(told).toContain('2. line 4: `parse` may throw');
    expect(told).toContain(
      'Confidence: high (the acquiring call is known by its type; the exception on the path is declared',
    );
  });

  test.each<[Partial<typeof finding.evidence>, string]>([
    [{}, 'the function releases it on another path'],
    [{ ownership: 'released-here' }, 'the function itself releases it'],
    [{ ownership: 'released-by-others' }, 'other code of the file releases what it gets alike'],
    [{ ownership: 'forgotten-by-owner' }, 'the method that ends the life of its owner forgets it'],
    [{ ownership: 'adds-up' }, 'one more stays behind every time'],
    [{ ownership: 'outlives-its-end' }, 'what it is to end may be over long before, which the function hears of'],
    [{ ownership: 'locked-twice' }, 'the function has locked it before'],
    [{ ownership: null, endsWithProcess: true }, 'it ends with the process'],
    [{ ownership: null, ownerReleasesNothing: true }, 'no method of the class releases anything'],
    [{ ownership: null, endsByItself: true }, 'it ends by itself, or is left to end what failed'],
    [{ ownership: null, failsTest: true }, 'what throws fails a test'],
    [{ ownership: null, isOnlyCostly: true }, 'nothing stays open; it only costs more'],
  ])('says what the confidence rests on: %j', (facts, sentence) => {
    const evidence = { ...finding.evidence, weakest: null, ...facts };
    expect(story({ ...finding, evidence }, lineMap(text), noColors)).toContain(
      `Confidence: high (the acquiring call is known by its type; ${sentence}).\n`,
    );
  });
});
