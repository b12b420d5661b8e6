/**
 * Writes rules/java/api/jdk.jsonl, what the analyser knows of the JDK's own library, from the installed
 * JDK 17. The same JDK gives the same bytes. `--stdout` prints it instead. What later JDKs added is kept by
 * hand in rules/java/api/later.jsonl.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wantedVersion = 17;
const program = fileURLToPath(new URL('jdk-index/JdkIndex.java', import.meta.url));
const target = fileURLToPath(new URL('../rules/java/api/jdk.jsonl', import.meta.url));

// A locale or options of the environment must not show in the output.
const environment = { ...process.env, JAVA_TOOL_OPTIONS: '', JDK_JAVA_OPTIONS: '' };
const run = spawnSync('java', [program], { encoding: 'utf8', env: environment, maxBuffer: 64 * 1024 * 1024 });
if (run.error !== undefined || run.status !== 0) {
  console.error(`generate-jdk-index: java failed\n${run.error?.message ?? run.stderr}`);
  process.exit(1);
}
const header = JSON.parse(run.stdout.slice(0, run.stdout.indexOf('\n')));
if (header.jdk !== wantedVersion) {
  console.error(`generate-jdk-index: needs JDK ${wantedVersion}, found ${header.jdk}`);
  process.exit(1);
}
if (process.argv.includes('--stdout')) process.stdout.write(run.stdout);
else writeFileSync(target, run.stdout);
