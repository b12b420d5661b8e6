/** The rules under ESLint's RuleTester, which also checks that they are made as ESLint wants rules to be. */
import { Linter, RuleTester } from 'eslint';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import { RuleTester as RuleTester9 } from 'eslint9';
import tseslint from 'typescript-eslint';
import { afterAll, describe, expect, test } from 'vitest';
import closewait from '../src/eslint/plugin.ts';
import { go, java, python } from './eslint-sources.ts';

for (const tester of [RuleTester, RuleTester9]) {
  Object.assign(tester, { describe, it: test, itOnly: test.only, afterAll });
}

const opened = "import { openSync, closeSync } from 'node:fs';\n";
const leaky = `${opened}export function f(name, work) { const from = openSync(name, 'r'); if (work) return; closeSync(from); }`;
const thrown = `${opened}export function f(name, work) { const from = openSync(name, 'r'); work(name); closeSync(from); }`;
const settled = `${opened}export function f(name, work) { const from = openSync(name, 'r'); try { work(name); } finally { closeSync(from); } }`;
const lines = `${opened}
export function first(name, work) {
  const from = openSync(name, 'r');
  if (work) return;
  closeSync(from);
}
`;
const linesFixed = `${opened}
export function first(name, work) {
  const from = openSync(name, 'r');
  try {
    if (work) return;
  } finally {
    closeSync(from);
  }
}
`;
// The file is opened before `at` is called now: a suggestion.
const nameless = `import { open } from 'node:fs/promises';
export async function sum(name, at) {
  return at() + (await (await open(name)).stat()).size;
}
`;
const named = `import { open } from 'node:fs/promises';
export async function sum(name, at) {
  const handle = await open(name);
  try {
    return at() + (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
`;
const javaFixed = java.replace(
  /( {4}FileInputStream from = new[^]*read\(\);\n)/,
  `    try (FileInputStream from = new FileInputStream(name)) {
      if (name.isEmpty()) return 0;
      return from.read();
    }
`,
);
const goFixed = go.replace('\treturn len', '\tdefer from.Close()\n\treturn len');
const pythonFixed = python.replace(
  /( {4}line = [^]*)$/,
  `    with socket.create_connection((name, 80)) as line:
        if name == "":
            return 0
        return len(line.recv(9))
`,
);
const typed = leaky.replace('(name, work)', '(name: string, work: boolean): void');
const place = { messageId: 'found', line: 2, endLine: 2, column: 46, endColumn: 65 };

/** Each release of ESLint has types of its own for plugins and rules; neither knows the other's. */
const config: object = { plugins: { closewait } };
const rules: Readonly<Record<string, object>> = closewait.rules;
type AnyTester = { run(name: string, rule: object | undefined, tests: object): void };
const typescript = { languageOptions: { parser: tseslint.parser } };

describe.each<[string, AnyTester]>([
  ['ESLint 10', new RuleTester(config)],
  ['ESLint 9', new RuleTester9(config)],
])('%s', (_version, tester) => {
  tester.run('leak', rules.leak, {
    valid: [
      settled,
      { code: thrown, options: [{ minConfidence: 'low' }] },
      {
        code: java.replace('return 0', 'throw new Exception()').replace('return', 'from.close(); return'),
        language: 'closewait/java',
      },
    ],
    invalid: [
      { code: leaky, errors: [place] },
      { code: typed, ...typescript, errors: [{ ...place, column: 69, endColumn: 88 }] },
      {
        code: leaky,
        options: [{ path: 'append' }],
        errors: [
          { message: /is not released on the path that ends in line 2\.\n {2}2 {2}`openSync` acquires it into/ },
        ],
      },
      {
        code: java,
        output: javaFixed,
        language: 'closewait/java',
        errors: [{ messageId: 'found', line: 5, column: 28 }],
      },
      { code: go, output: goFixed, language: 'closewait/go', errors: [{ messageId: 'found', line: 6, column: 15 }] },
      {
        code: python,
        output: pythonFixed,
        language: 'closewait/python',
        errors: [{ messageId: 'found', line: 5, column: 12 }],
      },
      { code: lines, output: linesFixed, errors: [{ messageId: 'found' }] },
    ],
  });

  tester.run('lost-reference', rules['lost-reference'], {
    valid: [named],
    invalid: [
      {
        code: nameless,
        output: null,
        errors: [{ messageId: 'found', suggestions: [{ messageId: 'suggestion', output: named }] }],
      },
    ],
  });

  tester.run('leak-on-exception', rules['leak-on-exception'], {
    valid: [settled, thrown],
    invalid: [{ code: thrown, options: [{ minConfidence: 'low' }], errors: [place] }],
  });
});

describe('eslint-plugin-eslint-plugin', () => {
  // It reads rules as they are written, and ours are made by a function: so what was made is written out.
  test.each(Object.entries(closewait.rules))('has nothing against %s', (_id, { meta }) => {
    const reports = Object.keys(meta?.messages ?? {}).map((messageId) =>
      messageId === 'suggestion'
        ? `context.report({ node, messageId: 'found', data: { message: '' }, fix: (fixer) => fixer.remove(node),
            suggest: [{ messageId, data: { message: '' }, fix: (fixer) => fixer.remove(node) }] });`.replace(
            'messageId,',
            `messageId: '${messageId}',`,
          )
        : `context.report({ node, messageId: '${messageId}', data: { message: '' } });`,
    );
    const code = `export default {
      meta: ${JSON.stringify(meta)},
      create(context) { return { Program(node) { ${reports.join(' ')} } }; },
    };`;
    expect(new Linter().verify(code, [eslintPlugin.configs.all])).toEqual([]);
  });
});
