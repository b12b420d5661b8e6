import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discover } from '../src/project/discover.ts';
import { temporaryFolder } from './temporary-folder.ts';

const java = { extensions: ['.java'] };

function pathsFound(cwd: string, roots: readonly string[], exclude: readonly string[] = []): string[] {
  const { files } = discover(roots, { ...java, cwd, exclude });
  return files.map((file) => file.path);
}

describe('discover', () => {
  test('sorts, takes known extensions only and leaves hidden folders and packages of others out', () => {
    const cwd = temporaryFolder({
      'src/b/Zoo.java': '',
      'src/b/Ant.java': '',
      'src/a/Cat.java': '',
      'src/a/notes.txt': '',
      '.mvn/Wrapper.java': '',
      'node_modules/x/Y.java': '',
      'venv/lib/python3.11/site-packages/x/Z.java': '',
      'build/Kept.java': '',
    });
    expect(pathsFound(cwd, ['.'])).toEqual(['build/Kept.java', 'src/a/Cat.java', 'src/b/Ant.java', 'src/b/Zoo.java']);
    expect(pathsFound(join(cwd, 'src/a'), ['../b', '.'])).toEqual(['../b/Ant.java', '../b/Zoo.java', 'Cat.java']);
  });

  test('honours ignore files, those above the root as well, unless the file is named', () => {
    const cwd = temporaryFolder({
      '.gitignore': 'target/\nGenerated*.java\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
      'src/GeneratedLexer.java': '',
      'src/Lexer.java': '',
      'target/Made.java': '',
      'sub/.gitignore': 'Local.java\n',
      'sub/Local.java': '',
    });
    expect(pathsFound(cwd, ['.'])).toEqual(['src/Lexer.java']);
    expect(pathsFound(cwd, ['src'])).toEqual(['src/Lexer.java']);
    expect(pathsFound(cwd, ['.', 'src/GeneratedLexer.java'])).toEqual(['src/GeneratedLexer.java', 'src/Lexer.java']);
    expect(pathsFound(cwd, ['target'])).toEqual(['target/Made.java']);
  });

  test.each([
    [['gen'], ['src/a/Main.java', 'src/gentle/B.java', 'test/T.java']],
    [['src/gen'], ['src/a/Main.java', 'src/a/gen/Deep.java', 'src/gentle/B.java', 'test/T.java']],
    [
      ['./src/gen/', 'test/**'],
      ['src/a/Main.java', 'src/a/gen/Deep.java', 'src/gentle/B.java'],
    ],
    [
      ['**/Deep.java', '*.txt'],
      ['src/a/Main.java', 'src/gen/A.java', 'src/gentle/B.java', 'test/T.java'],
    ],
  ])('leaves out %j', (exclude, expected) => {
    const cwd = temporaryFolder({
      'src/a/Main.java': '',
      'src/a/gen/Deep.java': '',
      'src/gen/A.java': '',
      'src/gentle/B.java': '',
      'test/T.java': '',
    });
    expect(pathsFound(cwd, ['.'], exclude)).toEqual(expected);
    expect(pathsFound(cwd, ['src', 'test'], exclude)).toEqual(expected);
  });

  test('survives loops, dangling links, pipes and folders with the name of a source', () => {
    const cwd = temporaryFolder({ 'src/Main.java': '', 'lib/Other.java': '', 'src/Folder.java/Inner.java': '' });
    symlinkSync('..', join(cwd, 'src/loop'));
    symlinkSync('nowhere', join(cwd, 'src/Dangling.java'));
    symlinkSync('Itself.java', join(cwd, 'src/Itself.java'));
    symlinkSync('Main.java', join(cwd, 'src/Again.java'));
    symlinkSync('../lib/Other.java', join(cwd, 'src/Linked.java'));
    execFileSync('mkfifo', [join(cwd, 'src/Pipe.java')]);
    const { files, problems } = discover(['src'], { ...java, cwd });
    expect(files.map((file) => file.path)).toEqual(['src/Folder.java/Inner.java', 'src/Linked.java', 'src/Main.java']);
    expect(problems).toEqual([
      { path: 'src/Dangling.java', message: 'is a link to nothing' },
      { path: 'src/Folder.java', message: 'is a folder' },
      { path: 'src/Itself.java', message: 'is a link that leads back to itself' },
      { path: 'src/Pipe.java', message: 'is not a regular file' },
    ]);
  });

  test('a root that is not there is the user’s error; one of no known language a problem', () => {
    const cwd = temporaryFolder({ 'README.md': '' });
    symlinkSync('loop', join(cwd, 'loop'));
    expect(() => discover(['missing'], { ...java, cwd })).toThrow('missing: no such file or folder');
    expect(() => discover(['loop'], { ...java, cwd })).toThrow('loop: is a link that leads back to itself');
    expect(() => discover([''], { ...java, cwd })).toThrow('a path is empty');
    expect(discover(['README.md'], { ...java, cwd })).toEqual({
      files: [],
      problems: [{ path: 'README.md', message: 'is not a source file in a supported language' }],
    });
  });

  test('names with glob characters are only names', () => {
    const cwd = join(temporaryFolder({ 'a (1)/[x]/{y}/Main.java': '', 'a (1)/[x]/gen/Main.java': '' }), 'a (1)');
    expect(pathsFound(cwd, ['[x]'])).toEqual(['[x]/gen/Main.java', '[x]/{y}/Main.java']);
    expect(pathsFound(cwd, ['[x]/{y}', '[x]/gen'], ['*/gen'])).toEqual(['[x]/{y}/Main.java']);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be read is a problem, not the end', () => {
    const cwd = temporaryFolder({ 'open/Main.java': '' });
    mkdirSync(join(cwd, 'shut'));
    chmodSync(join(cwd, 'shut'), 0);
    const { files, problems } = discover(['.'], { ...java, cwd });
    expect(files.map((file) => file.path)).toEqual(['open/Main.java']);
    expect(problems).toEqual([{ path: 'shut', message: 'cannot be read' }]);
  });
});
