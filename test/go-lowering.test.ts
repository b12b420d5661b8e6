import { describe, expect, it } from 'vitest';
import { maxCleanupCopies } from '../src/ir/cleanup-copies.ts';
import type { IrFunction } from '../src/ir/ir.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { goFrontend } from '../src/languages/go/frontend.ts';
import { describeFixtures, firstOf, instructionsOf, loweringOf, opaqueReasons } from './lowering.ts';

const lowering = loweringOf(goFrontend, 'store/store.go');
const { lowerAll } = lowering;

/** A single function around the statements. */
function lowerBody(body: string): IrFunction {
  return firstOf(lowerAll(`package p\nfunc run(n int, a, b *T) *T {\n${body}\n}\n`));
}

describeFixtures(goFrontend, lowering);

describe('long and deep programs', () => {
  const repeat = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join('');

  it.each([
    ['3,000 branches in a row', repeat(3000, (i) => `if n == ${String(i)} { use(a) }\n`), 6001],
    [
      '5,000 branches in one chain',
      `if n > 0 { use(a) } ${repeat(5000, (i) => `else if x := f(); n == ${String(i)} { use(b, x) } `)}`,
      10003,
    ],
    ['3,000 cases', `switch n {\n${repeat(3000, (i) => `case ${String(i)}: use(a)\n`)}}`, 3002],
    ['3,000 conditions', `switch {\n${repeat(3000, (i) => `case n > ${String(i)}: use(a)\n`)}}`, 6001],
    ['3,000 communications', `select {\n${repeat(3000, () => 'case x := <-c: use(x)\n')}}`, 6000],
    ['a sum of 30,000 terms', `x := n${repeat(30000, () => ' + n')}`, 1],
    ['30,000 conditions in one', `if n > 0${repeat(30000, (i) => ` && n > ${String(i)}`)} { use(a) }`, 30003],
    ['a chain of 20,000 calls', `a${repeat(20000, () => '.with(n)')}`, 1],
    ['a chain of 20,000 fields', `f()${repeat(20000, () => '.next')}.Close()`, 1],
    ['a chain of 20,000 indexes', `f()${repeat(20000, () => '[n]')}.Close()`, 1],
    ['10,000 parentheses', `x := ${'('.repeat(10000)}n${')'.repeat(10000)}`, 1],
    ['20,000 dereferences', `x := ${'*'.repeat(20000)}n.f()`, 1],
    ['a list of 30,000 elements', `x := []*T{${repeat(30000, () => 'a, ')}}`, 1],
    ['50 deferred calls', repeat(50, () => 'defer f(a)\n'), 3],
    ['3,000 deferred calls', repeat(3000, () => 'defer f(a)\n'), 6002],
    ['3,000 deferred literals', repeat(3000, () => 'defer func() { use(a) }()\n'), 6002],
  ])('%s', (_, body, blocks) => {
    const fn = lowerBody(body);
    expect(fn.blocks.length).toBe(blocks);
    expect(opaqueReasons(fn)).toEqual([]);
    expect(verifyFunction(fn)).toEqual([]);
  });

  it.each([
    ['blocks', `${'{'.repeat(10000)}use(a);${'}'.repeat(10000)}`],
    ['calls', `${'f('.repeat(2000)}a${')'.repeat(2000)}`],
    ['literals', `${'f(func() {'.repeat(2000)}use(a)${'})'.repeat(2000)}`],
    ['deferred literals', `${'defer func() {'.repeat(2000)}use(a)${'}()'.repeat(2000)}`],
    ['branches', `${'if n > 0 {'.repeat(2000)}use(a);${'}'.repeat(2000)}`],
    ['loops', `${'for n > 0 {'.repeat(2000)}use(a);${'}'.repeat(2000)}`],
    ['switches', `${'switch { case n > 0: '.repeat(2000)}use(a);${'}'.repeat(2000)}`],
    ['lists', `x := []any${'{[]any'.repeat(2000)}{a}${'}'.repeat(2000)}`],
    ['elements', `x := []any${'{'.repeat(2000)}a${'}'.repeat(2000)}`],
    ['negations', `x := ${'-'.repeat(2000)}f(a)`],
  ])('%s nested without end are opaque somewhere', (_, body) => {
    const functions = lowerAll(`package p\nfunc run(n int, a *T) {\n${body}\n}\n`);
    expect(functions.flatMap(opaqueReasons)).toContain('too deep');
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('types nested without end', () => {
    const functions = lowerAll(`package p\nfunc run(a ${'[]'.repeat(10000)}int, b ${'*'.repeat(10000)}T) {}\n`);
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('a few deferred calls and many returns are exact', () => {
    const fn = lowerBody(
      `defer f(a)\ndefer g(b)\ndefer h(a)\n${repeat(40, (i) => `if n == ${String(i)} { return a }\n`)}return b`,
    );
    expect(fn.isCoarse).toBe(false);
  });

  it('nested deferred literals do not multiply for ever', () => {
    const depth = 12;
    const fn = lowerBody(`${'defer func() { if n > 0 { return }; use(b)\n'.repeat(depth)}g()${'\n}()'.repeat(depth)}`);
    const calls = instructionsOf(fn).filter(
      (each) => each.op === 'call' && each.callee.kind === 'function' && each.callee.name === 'g',
    );
    expect(calls.length).toBeLessThan(4 * maxCleanupCopies);
    expect(verifyFunction(fn)).toEqual([]);
  });
});

describe('broken programs', () => {
  it.each([
    ['', []],
    ['package p\nfunc a() {', ['a']],
    ['package p\nfunc a() { if x {\n\nfunc b() { use( }\n\nfunc c() {}\n', ['a', 'b', 'c']],
    ['package p\nfunc (t *T a() {}\n\nfunc b() {}\n', ['b']],
    ['package p\nvar x = \n\ntype T struct {\n\nfunc b() {}\n', ['b']],
    ['package p\nfunc a() { x := "abc\n}\n\nfunc b() {}\n', ['a', 'b']],
  ])('%j', (text, names) => {
    const functions = lowerAll(text);
    expect(functions.map((fn) => fn.name)).toEqual(expect.arrayContaining(names));
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('any prefix of a program is lowered', () => {
    const text = lowering.fixtures.map(lowering.textOf).join('\n');
    for (let end = 0; end < text.length; end += 97) {
      expect(lowerAll(text.slice(0, end)).flatMap(verifyFunction)).toEqual([]);
    }
  });
});
