/** What a folder holds, and a configuration that fits it: quieter in tests, without generated code. */

import { pathMatcher } from '../project/path-patterns.ts';

export interface Survey {
  /** Sentences for people. */
  readonly seen: readonly string[];
  /** Globs of tests there are. */
  readonly tests: readonly string[];
  /** Globs of generated code there is. */
  readonly generated: readonly string[];
}

export interface SeenFile {
  readonly path: string;
  readonly language: string;
}

interface Kind {
  readonly glob: string;
  readonly matches: (path: string) => boolean;
}

/**
 * Where tests are by the habits of build tools; the first that fits a file counts. What the analysis itself takes for a
 * test is a pattern of each language, `testPaths`; users are given globs that they can read.
 */
const tests = kindsOf(
  ...['**/src/test/**', '**/src/integrationTest/**', '**/*_test.go', '**/test_*.py', '**/*_test.py', '**/conftest.py'],
  ...['**/*.{test,spec}.*', '**/__tests__/**', '**/__mocks__/**', '**/tests/**', '**/test/**', '**/testdata/**'],
  ...['**/e2e/**'],
);

const generated = kindsOf(
  ...['**/generated/**', '**/gen/**', '**/*.pb.go', '**/*_pb2.py', '**/*.min.js', '**/vendor/**', '**/third_party/**'],
);

function kindsOf(...globs: readonly string[]): readonly Kind[] {
  return globs.map((glob) => ({ glob, matches: pathMatcher([glob]) }));
}

export function surveyOf(files: readonly SeenFile[]): Survey {
  const languages = countBy(files.map(({ language }) => language));
  const generatedCounts = countBy(files.flatMap(({ path }) => kindOf(generated, path)));
  const own = files.filter(({ path }) => kindOf(generated, path).length === 0);
  const testCounts = countBy(own.flatMap(({ path }) => kindOf(tests, path)));
  const listed = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([name, count]) => `${name} (${String(count)})`).join(', ');
  return {
    tests: [...testCounts.keys()],
    generated: [...generatedCounts.keys()],
    seen: [
      files.length === 0 ? 'no source files in a supported language' : `source files: ${listed(languages)}`,
      ...(generatedCounts.size === 0 ? [] : [`left out as not written here: ${listed(generatedCounts)}`]),
      ...(testCounts.size === 0 ? [] : [`quieter, as tests: ${listed(testCounts)}`]),
    ],
  };
}

export function startingConfig({ tests: testGlobs, generated: generatedGlobs }: Survey): string {
  const list = (globs: readonly string[]): string => globs.map((glob) => `'${glob}'`).join(', ');
  return [
    '# yaml-language-server: $schema=https://raw.githubusercontent.com/closewait/closewait/main/closewait.schema.json',
    '# What each setting means: https://github.com/closewait/closewait/blob/main/docs/configuration.md',
    '',
    '# What git ignores is left out anyway.',
    generatedGlobs.length === 0 ? "# exclude: ['**/generated/**']" : `exclude: [${list(generatedGlobs)}]`,
    '',
    'minConfidence: medium',
    '',
    '# off, note, warning or error; what is not named here is by confidence.',
    'checks:',
    '  client-per-call: note',
    '',
    ...(testGlobs.length === 0
      ? []
      : [
          '# A test that leaks when it fails is seldom worth a change.',
          'overrides:',
          `  - files: [${list(testGlobs)}]`,
          '    minConfidence: high',
          '    checks: { leak-on-exception: off }',
          '',
        ]),
    '# Old findings, not to be reported: closewait scan --baseline closewait-baseline.json --update-baseline',
    '# baseline: closewait-baseline.json',
    '',
  ].join('\n');
}

function kindOf(kinds: readonly Kind[], path: string): string[] {
  const kind = kinds.find(({ matches }) => matches(path));
  return kind === undefined ? [] : [kind.glob];
}

/** In the order of the names. */
function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
