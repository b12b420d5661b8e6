/** What the README shows is what the program prints; `npm run test:update` puts in what it prints now. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closewait } from './closewait.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
const example = /```\n\$ closewait ([^\n]+)\n([^`][\s\S]*?)\n```/;

test('the example in the README', async () => {
  const text = readFileSync(readme, 'utf8');
  const [block = '', args = '', shown] = example.exec(text) ?? [];
  const { out } = await closewait(args.split(' '), root);
  if (process.env.UPDATE === '1') {
    const updated = `\`\`\`\n$ closewait ${args}\n${out.trimEnd()}\n\`\`\``;
    writeFileSync(
      readme,
      text.replace(block, () => updated),
    );
    return;
  }
  expect(`${String(shown)}\n`).toBe(out);
});
