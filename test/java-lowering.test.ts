import { describe, expect, it } from 'vitest';
import { maxCleanupCopies } from '../src/ir/cleanup-copies.ts';
import type { IrFunction } from '../src/ir/ir.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { javaFrontend } from '../src/languages/java/frontend.ts';
import { describeFixtures, firstOf, instructionsOf, loweringOf, opaqueReasons } from './lowering.ts';

const lowering = loweringOf(javaFrontend, 'Test.java');
const { lowerAll, conventions } = lowering;

/** A single method around the statements. */
function lowerBody(body: string): IrFunction {
  return firstOf(lowerAll(`class Test { Object run(int n, Object a, Object b) throws Exception {\n${body}\n} }`));
}

describeFixtures(javaFrontend, lowering);

it('a variable is released at the end of its scope where rules say so of its annotation', () => {
  const file = javaFrontend.parse('Test.java', 'class Test { void run() { @Disposed Pen pen = take(); draw(pen); } }');
  const [run] = javaFrontend.index(file, conventions).declarations;
  if (run === undefined) throw new Error('nothing is declared');
  const implicit = (scopeAnnotations: ReadonlySet<string>): number =>
    javaFrontend
      .lower(file, run, { ...conventions, scopeAnnotations })
      .flatMap(instructionsOf)
      .filter((one) => one.op === 'call' && one.isImplicit).length;
  expect(implicit(new Set(['Disposed']))).toBeGreaterThan(0);
  expect(implicit(new Set(['Cleanup']))).toBe(0);
});

describe('long and deep programs', () => {
  const repeat = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join('');

  it.each([
    ['3,000 branches in a row', repeat(3000, (i) => `if (n == ${String(i)}) use(a);`), 6001],
    [
      '5,000 branches in one chain',
      `if (n > 0) use(a);${repeat(5000, (i) => `else if (n == ${String(i)}) use(b);`)}`,
      10003,
    ],
    ['a sum of 30,000 terms', `int x = n${repeat(30000, () => ' + n')};`, 1],
    ['a chain of 20,000 calls', `a${repeat(20000, () => '.with(n)')};`, 1],
    ['a chain of 20,000 fields', `f()${repeat(20000, () => '.next')}.close();`, 1],
    ['5,000 nested conditional expressions', `a = ${repeat(5000, () => 'n > 0 ? f() : ')}b;`, 10002],
  ])('%s', (_, body, blocks) => {
    const fn = lowerBody(body);
    expect(fn.blocks.length).toBe(blocks);
    expect(opaqueReasons(fn)).toEqual([]);
  });

  it.each([
    ['blocks', `${'{'.repeat(10000)}use(a);${'}'.repeat(10000)}`],
    ['calls', `${'f('.repeat(2000)}a${')'.repeat(2000)};`],
    ['lambdas', `${'f(() -> {'.repeat(2000)}use(a);${'});'.repeat(2000)}`],
    ['branches', `${'if (n > 0) {'.repeat(2000)}use(a);${'}'.repeat(2000)}`],
  ])('%s nested without end are opaque somewhere', (_, body) => {
    const text = `class Test { void run(int n, Object a) {\n${body}\n} }`;
    const functions = lowerAll(text);
    expect(functions.flatMap(opaqueReasons)).toContain('too deep');
    expect(functions.flatMap(verifyFunction)).toEqual([]);
  });

  it('hundreds of cleanup regions in a row are exact', () => {
    const fn = lowerBody(repeat(300, () => 'try { if (n > 0) return f(); } finally { use(a); }'));
    expect(fn.isCoarse).toBe(false);
  });

  it('nested cleanup regions do not multiply for ever', () => {
    const depth = 12;
    const fn = lowerBody(`${'try { if (n > 0) return f(); use(b); } finally {'.repeat(depth)}g();${'}'.repeat(depth)}`);
    const calls = instructionsOf(fn).filter(
      (each) => each.op === 'call' && each.callee.kind === 'function' && each.callee.name === 'g',
    );
    expect(fn.isCoarse).toBe(true);
    expect(calls.length).toBeLessThan(4 * maxCleanupCopies);
    expect(verifyFunction(fn)).toEqual([]);
  });
});

describe('how likely a call throws', () => {
  const tierOf = (text: string, name: string): string | undefined =>
    lowerAll(text)
      .flatMap(instructionsOf)
      .flatMap((each) =>
        each.op === 'call' && each.callee.kind === 'function' && each.callee.name === name ? [each.throws] : [],
      )[0];

  it.each([
    ['likely', 'class T { void m() throws IOException { target(); } }'],
    ['possible', 'class T { void m() throws IllegalStateException { target(); } }'],
    ['possible', 'class T { void m() { target(); } }'],
    ['likely', 'class T { void m() { try { target(); } catch (IOException e) { } } }'],
    ['possible', 'class T { void m() { try { target(); } catch (NumberFormatException e) { } } }'],
    ['possible', 'class T { void m() { try { f(); } catch (IOException e) { target(); } } }'],
    ['possible', 'class T { void m() { try { f(); } catch (IOException e) { } finally { target(); } } }'],
    ['possible', 'class T { void m() throws IOException { f(() -> target()); } }'],
    ['likely', 'class T { Object o = new Call() { void run() throws IOException { target(); } }; }'],
  ])('%s: %s', (tier, text) => {
    expect(tierOf(text, 'target')).toBe(tier);
  });
});
