import { describe, expect, it } from 'vitest';
import { maxCleanupCopies } from '../src/ir/cleanup-copies.ts';
import type { IrFunction } from '../src/ir/ir.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { pythonFrontend } from '../src/languages/python/frontend.ts';
import { describeFixtures, firstOf, instructionsOf, loweringOf, opaqueReasons } from './lowering.ts';

const lowering = loweringOf(pythonFrontend, 'app/db.py');
const { lowerAll } = lowering;

/** A single function around the statements, which are indented by nothing. */
function lowerBody(body: string): IrFunction {
  return firstOf(lowerAll(`def run(n, a, b):\n${body.replace(/^/gm, ' ')}\n`));
}

const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');

/** Each line one deeper than the one before. */
const nested = (count: number, line: string, last: string): string =>
  repeat(count, (index) => `${' '.repeat(index)}${line}\n`) + ' '.repeat(count) + last;

describeFixtures(pythonFrontend, lowering);

describe('long and deep programs', () => {
  it.each([
    ['3,000 branches in a row', repeat(3000, (i) => `if n == ${String(i)}: use(a)\n`), 6001],
    [
      '5,000 branches in one chain',
      `if n > 0: use(a)\n${repeat(5000, (i) => `elif n == ${String(i)}: use(b)\n`)}`,
      10003,
    ],
    ['a sum of 30,000 terms', `x = n${repeat(30000, () => ' + n')}`, 1],
    ['a text of 30,000 parts', `x = ("a"${repeat(30000, () => '\n "b"')})`, 1],
    ['a chain of 20,000 calls', `a${repeat(20000, () => '.with_(n)')}`, 1],
    ['a chain of 20,000 fields', `f()${repeat(20000, () => '.next')}.close()`, 1],
    ['a chain of 20,000 elements', `f()${repeat(20000, () => '[0]')}.close()`, 1],
    ['5,000 nested conditional expressions', `a = ${repeat(5000, () => 'f() if n > 0 else ')}b`, 10002],
    ['10,000 operands', `a = b${repeat(10000, () => ' or b')}`, 20002],
    ['10,000 conditions', `if a${repeat(10000, () => ' and b')}: use(a)`, 10003],
    ['10,000 comparisons', `x = n${repeat(10000, () => ' < n')}`, 1],
    ['5,000 targets', `${repeat(5000, (i) => `x${String(i)} = `)}n`, 1],
    ['10,000 parentheses', `x = ${'('.repeat(10000)}n${')'.repeat(10000)}`, 1],
    ['10,000 negations', `x = ${'not '.repeat(10000)}n`, 1],
  ])('%s', (_, body, blocks) => {
    const fn = lowerBody(body);
    expect(fn.blocks.length).toBe(blocks);
    expect(opaqueReasons(fn)).toEqual([]);
  });

  it.each([
    ['branches', nested(1000, 'if n:', 'use(a)')],
    ['loops', nested(1000, 'for i in a:', 'use(i)')],
    ['cleanups', nested(1000, 'with a:', 'use(a)')],
    ['functions', nested(1000, 'def f():', 'use(a)')],
    ['calls', `${'f('.repeat(2000)}a${')'.repeat(2000)}`],
    ['lambdas', `x = ${'lambda: '.repeat(2000)}a`],
    ['lists', `x = ${'['.repeat(2000)}a${']'.repeat(2000)}`],
    ['tuples', `${'('.repeat(2000)}a,${'),'.repeat(2000)}`],
    ['targets', `${'('.repeat(2000)}x,${'),'.repeat(2000)} = a`],
    ['powers', `x = ${'a ** '.repeat(2000)}a`],
    ['assigning expressions', `x = ${'(y := '.repeat(2000)}a${')'.repeat(2000)}`],
    ['comprehensions', `x = ${'[x for x in '.repeat(1000)}a${']'.repeat(1000)}`],
    ['patterns', `match a:\n case ${'[x, '.repeat(1000)}y${']'.repeat(1000)}:\n  use(x)`],
    ['managers', `with ${repeat(1000, (i) => `a as x${String(i)}, `)}b: use(a)`],
  ])('%s nested without end are opaque somewhere', (_, body) => {
    const functions = lowerAll(`def run(n, a):\n${body.replace(/^/gm, ' ')}\n`);
    expect(functions.flatMap(opaqueReasons)).toContain('too deep');
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('classes nested without end are indexed and lowered', () => {
    const functions = lowerAll(nested(600, 'class A:', 'x = open(a)'));
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('hundreds of cleanup regions in a row are exact', () => {
    const fn = lowerBody(repeat(300, () => 'try:\n if n > 0: return f()\nfinally: use(a)\n'));
    expect(fn.isCoarse).toBe(false);
  });

  it('nested cleanup regions do not multiply for ever', () => {
    const depth = 12;
    const step = (i: number): string => {
      const at = ' '.repeat(i);
      return `${at}try:\n${at} if n > 0: return f()\n${at} use(b)\n${at}finally:\n`;
    };
    const fn = lowerBody(repeat(depth, step) + ' '.repeat(depth) + 'g()');
    const calls = instructionsOf(fn).filter(
      (each) => each.op === 'call' && each.callee.kind === 'function' && each.callee.name === 'g',
    );
    expect(fn.isCoarse).toBe(true);
    expect(calls.length).toBeLessThan(4 * maxCleanupCopies);
    expect(verifyFunction(fn)).toEqual([]);
  });
});

describe('how likely a call throws', () => {
  const tierOf = (body: string): string | undefined =>
    lowerAll(`def run(a):\n${body.replace(/^/gm, ' ')}\n`)
      .flatMap(instructionsOf)
      .flatMap((each) =>
        each.op === 'call' && each.callee.kind === 'function' && each.callee.name === 'target' ? [each.throws] : [],
      )[0];

  it.each([
    ['possible', 'target()'],
    ['likely', 'try: target()\nexcept OSError: pass'],
    ['likely', 'try: target()\nfinally: pass'],
    ['likely', 'with a: target()'],
    ['possible', 'with target(): pass'],
    ['possible', 'with a, target(): pass'],
    ['possible', 'try: f()\nexcept OSError: target()'],
    ['likely', 'try: f()\nexcept OSError: target()\nfinally: g()'],
    ['possible', 'try: f()\nexcept OSError: pass\nelse: target()'],
    ['likely', 'try: f()\nexcept OSError: pass\nelse: target()\nfinally: g()'],
    ['possible', 'try: f()\nfinally: target()'],
    ['possible', 'with a: f(lambda: target())'],
  ])('%s: %s', (tier, body) => {
    expect(tierOf(body)).toBe(tier);
  });
});

describe('broken programs', () => {
  const text = lowering.textOf('TryExcept.py') + lowering.textOf('Calls.py');

  it('every prefix of a program can be lowered', () => {
    for (let end = 0; end < text.length; end += 7) {
      expect(lowerAll(text.slice(0, end)).flatMap(verifyFunction)).toEqual([]);
    }
  });

  it('so can a program with a piece missing', () => {
    for (let start = 0; start < text.length; start += 7) {
      const rest = text.slice(0, start) + text.slice(start + 3);
      expect(lowerAll(rest).flatMap(verifyFunction)).toEqual([]);
    }
  });

  it('tabs and spaces mixed lose no function', () => {
    const names = lowerAll('def one():\n\treturn 1\n\ndef two():\n        x = 1\n\treturn x\n\ndef three():\n  pass\n');
    expect(names.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  });
});
