// Validates rules/<language>/*.yaml and stores the result as dist/rules/<language>.json, so that a scan does
// not have to parse YAML. Runs after tsc: it uses the compiled reader, and refuses faulty rules as that does.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const reader = new URL('dist/models/load.js', root);
if (!existsSync(reader)) {
  console.error('build-rules: dist/models/load.js is missing; compile first');
  process.exit(1);
}
const { readRules } = await import(reader.href);

const target = new URL('dist/rules/', root);
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const languages = readdirSync(new URL('rules/', root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
for (const language of languages) {
  try {
    const sources = readRules(language);
    const calls = sources.reduce((sum, source) => sum + (source.document.calls?.length ?? 0), 0);
    writeFileSync(new URL(`${language}.json`, target), JSON.stringify(sources));
    console.log(`${language}: ${sources.length} rules files, ${calls} call rules`);
  } catch (error) {
    if (error?.name !== 'UserError') throw error;
    console.error(error.message);
    console.error(`build-rules: ${fileURLToPath(target)} is incomplete`);
    process.exit(1);
  }
}
