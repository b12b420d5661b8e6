import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSourceText } from '../src/project/source-text.ts';
import { temporaryFolder } from './temporary-folder.ts';

function read(content: string | Buffer): ReturnType<typeof readSourceText> {
  return readSourceText(join(temporaryFolder({ 'Main.java': content }), 'Main.java'));
}

describe('source text', () => {
  test.each([
    ['an empty file', '', ''],
    ['line ends', 'class A {\r\n}\r', 'class A {\r\n}\r'],
    ['UTF-8', 'String s = "é😀";', 'String s = "é😀";'],
    ['UTF-8 with its mark', Buffer.from('\ufeffclass Ä {}', 'utf8'), 'class Ä {}'],
    ['UTF-16, little end first', Buffer.from('\ufeffclass Ä {}', 'utf16le'), 'class Ä {}'],
    ['UTF-16, big end first', Buffer.from('\ufeffclass Ä {}', 'utf16le').swap16(), 'class Ä {}'],
    ['Latin-1', Buffer.from('// größe', 'latin1'), '// größe'],
    [
      'a stray byte after much text',
      Buffer.concat([Buffer.alloc(9000, 'a'), Buffer.from([0xff])]),
      `${'a'.repeat(9000)}ÿ`,
    ],
  ])('%s', (_, content, text) => {
    expect(read(content)).toEqual({ text });
  });

  test('what is no text is a problem', () => {
    expect(read(Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0]))).toEqual({ problem: 'is not a text file' });
  });

  test('a file over the limit is a problem', () => {
    expect(read('x'.repeat(5 * 1024 * 1024 + 1))).toEqual({ problem: 'is larger than 5 MB' });
    const path = join(temporaryFolder({ 'A.java': '12345' }), 'A.java');
    expect(readSourceText(path, 5)).toEqual({ text: '12345' });
    expect(readSourceText(path, 4)).toEqual({ problem: 'is larger than 4 bytes' });
  });

  test('what is no file is a problem', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'Folder.java'));
    execFileSync('mkfifo', [join(folder, 'Pipe.java')]);
    symlinkSync('Loop.java', join(folder, 'Loop.java'));
    expect(readSourceText(join(folder, 'Folder.java'))).toEqual({ problem: 'is a folder' });
    expect(readSourceText(join(folder, 'Pipe.java'))).toEqual({ problem: 'is not a regular file' });
    expect(readSourceText(join(folder, 'Loop.java'))).toEqual({ problem: 'cannot be read (ELOOP)' });
    expect(readSourceText(join(folder, 'Missing.java'))).toEqual({ problem: 'cannot be read (ENOENT)' });
  });
});
