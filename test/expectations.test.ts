import { expect, test } from 'vitest';
import { expectationsOf } from './expectations.ts';

test('reads the comments at the ends of lines', () => {
  const text = [
    'in = open(); // leak file-stream',
    'String url = "http://x"; // an ordinary comment about a leak',
    'return; // leaks here',
    'a(); b(); // leak-on-exception socket; leaks here',
    'c(); // missed: lost-reference statement (through an array)',
    'd(); // wrong: leak file-stream (closed by a framework)',
  ].join('\r\n');
  expect(expectationsOf(text)).toEqual({
    reported: ['1: leak file-stream', '4: leak-on-exception socket', '6: leak file-stream'],
    missed: ['5: lost-reference statement'],
    leaksHere: [3, 4],
  });
});

test.each(['// missed: leek file-stream', '// wrong: file-stream', '// missed: leak'])(
  '%j is not passed over',
  (line) => {
    expect(() => expectationsOf(line)).toThrow('line 1: cannot read');
  },
);
