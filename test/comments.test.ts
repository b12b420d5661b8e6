/** Comments as every frontend gives them: where they are, what they say, and nothing that only looks like one. */
import { beforeAll, describe, expect, test } from 'vitest';
import { frontendFor, frontends } from '../src/languages/registry.ts';

beforeAll(async () => {
  for (const frontend of frontends) await frontend.load();
});

function commentsIn(path: string, text: string): string[] {
  const frontend = frontendFor(path);
  if (frontend === null) throw new Error(`no frontend for ${path}`);
  const comments = frontend.comments(frontend.parse(path, text));
  expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(
    comments.map((comment) => expect.stringContaining(comment.text) as string),
  );
  return comments.map(({ kind, start, text: said }) => `${String(start)} ${kind}${said}`);
}

describe('comments', () => {
  test('of Java', () => {
    const text = 'class A { // one\n  String s = "// no"; /* two\n lines */ char c = \'"\'; /** three */ }';
    expect(commentsIn('A.java', text)).toEqual(['10 line one', '39 block two\n lines ', '70 block* three ']);
  });

  test('of Go, also where functions were lost', () => {
    expect(commentsIn('a.go', 'package a // one\nvar s = `// no` /* two */\n')).toEqual([
      '10 line one',
      '33 block two ',
    ]);
    const broken = 'package a\n\nfunc f( {\n\t// one\n\nfunc g() {\n\treturn // two\n}\n';
    expect(commentsIn('b.go', broken)).toEqual(['22 line one', '49 line two']);
  });

  test('of Python', () => {
    const text = `#!/usr/bin/env python\n"""# no"""\nname = f"# {no}"  # one\nmore = [  #two\n]\n`;
    expect(commentsIn('a.py', text)).toEqual(['0 line/usr/bin/env python', '51 line one', '67 linetwo']);
  });

  test('of TypeScript and JavaScript', () => {
    const text = 'const a = `// no ${1 /* one */}`; // two\nconst b = /\\/\\/ no/;\n';
    expect(commentsIn('a.ts', text)).toEqual(['21 block one ', '34 line two']);
    expect(commentsIn('a.jsx', '#!/usr/bin/env node\nexport const b = <p>// no {/* one */}</p>;\n')).toEqual([
      '47 block one ',
    ]);
    expect(commentsIn('b.ts', 'const = ( // one\n')).toEqual(['10 line one']);
  });
});
