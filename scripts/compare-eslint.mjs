/**
 * Compares what `closewait scan` and the ESLint plugin find in a folder: `node scripts/compare-eslint.mjs <folder>`.
 * Prints what only one of them has and ends with 1 if there is anything. Left out are files that ESLint cannot parse,
 * and hidden folders, which a scan leaves out.
 */
import { spawnSync } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import closewait from '../dist/eslint/plugin.js';

const cwd = resolve(process.argv[2] ?? '.');
const level = 'low';
const main = new URL('../dist/cli/main.js', import.meta.url).pathname;

const { stdout } = spawnSync(process.execPath, [main, 'scan', '--format', 'json', '--min-confidence', level], {
  cwd,
  encoding: 'utf8',
  maxBuffer: 1 << 30,
});
const scanned = JSON.parse(stdout).findings.map(
  ({ path, line, column, check, message }) => `${path}:${line}:${column} ${check} ${message}`,
);

const files = ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'];
const eslint = new ESLint({
  cwd,
  overrideConfigFile: true,
  ruleFilter: ({ ruleId }) => ruleId.startsWith('closewait/'),
  overrideConfig: [
    { files, languageOptions: { parser: tseslint.parser, parserOptions: { ecmaFeatures: { jsx: true } } } },
    closewait.configs.strict,
    ...closewait.configs.languages,
    // A scan knows nothing of ESLint's comments.
    { linterOptions: { noInlineConfig: true } },
  ],
});
const unparsed = new Set();
const linted = (await eslint.lintFiles(['.'])).flatMap(({ filePath, messages }) => {
  const path = relative(cwd, filePath);
  if (messages.some(({ fatal }) => fatal)) unparsed.add(path);
  return messages
    .filter(({ ruleId }) => ruleId !== null)
    .map(({ line, column, ruleId, message }) => `${path}:${line}:${column} ${ruleId.slice(10)} ${message}`);
});

const isParsed = (line) => !unparsed.has(line.slice(0, line.indexOf(':')));
const inScan = new Set(scanned.filter(isParsed));
const inEslint = new Set(linted.filter((line) => !/^([^:]*\/)?\./.test(line)));
const onlyScan = [...inScan].filter((line) => !inEslint.has(line));
const onlyEslint = [...inEslint].filter((line) => !inScan.has(line));
for (const line of onlyScan) console.log(`only scan:   ${line}`);
for (const line of onlyEslint) console.log(`only ESLint: ${line}`);
console.log(
  `${inScan.size} findings in a scan, ${inEslint.size} in ESLint; ${unparsed.size} files ESLint cannot parse`,
);
process.exitCode = onlyScan.length + onlyEslint.length > 0 ? 1 : 0;
