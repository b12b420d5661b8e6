/** Source files are replaced whole or not at all, and only as they were read. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceSource } from '../src/project/replace-source.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a file that was changed meanwhile is left as it is', async () => {
  const cwd = temporaryFolder({ 'A.java': 'theirs' });
  expect(await replaceSource(join(cwd, 'A.java'), 'as it was', 'ours')).toBe('was changed meanwhile');
  expect(readFileSync(join(cwd, 'A.java'), 'utf8')).toBe('theirs');
  expect(readdirSync(cwd)).toEqual(['A.java']);
});

test('what is not UTF-8 is left as it is; a byte order mark stays', async () => {
  const cwd = temporaryFolder({});
  const [latin, marked] = [join(cwd, 'a.py'), join(cwd, 'b.py')];
  writeFileSync(latin, Buffer.from('caf\u00e9', 'latin1'));
  expect(await replaceSource(latin, 'caf\u00e9', 'tea')).toBe('is not encoded as UTF-8');
  writeFileSync(marked, '\ufeffcoffee');
  expect(await replaceSource(marked, 'coffee', 'tea')).toBeNull();
  expect(readFileSync(marked, 'utf8')).toBe('\ufefftea');
});
