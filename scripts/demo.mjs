/**
 * Runs the built command line over demo/: three incidents and their corrected twins. Prints what a
 * user would see and exits 0 only if exactly the lines with an expectation, `// leak …`, are reported.
 * The same programs are fixtures: test/fixtures.test.ts compares the resources as well.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist/cli/main.js');
const folder = 'demo';

process.stdout.write(closewait('scan', folder));
const report = JSON.parse(closewait('scan', folder, '--format', 'json'));
const found = report.findings.map(({ path, line, check }) => `${path}:${line} ${check}`).sort();
const expected = marked();
const missing = expected.filter((one) => !found.includes(one));
const surplus = found.filter((one) => !expected.includes(one));
for (const one of missing) console.error(`demo: not found: ${one}`);
for (const one of surplus) console.error(`demo: should not be reported: ${one}`);
if (missing.length + surplus.length > 0) process.exit(1);
console.log(`\ndemo: all ${expected.length} leaks found, the corrected versions are silent`);

function closewait(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: 'utf8' });
  process.stderr.write(stderr);
  if (status !== 1 && status !== 0) {
    console.error(`demo: closewait ${args.join(' ')} ended with exit code ${status}`);
    process.exit(1);
  }
  return stdout;
}

function marked() {
  const names = readdirSync(join(root, folder), { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  return names
    .filter((name) => name.endsWith('.java'))
    .flatMap((name) => {
      const lines = readFileSync(join(root, folder, name), 'utf8').split('\n');
      return lines.flatMap((line, index) => {
        const check = /\/\/ (leak|lost-reference|leak-on-exception) [a-z0-9-]+$/.exec(line)?.[1];
        return check === undefined ? [] : [`${folder}/${name}:${index + 1} ${check}`];
      });
    })
    .sort();
}
