import { describe, expect, it } from 'vitest';
import { maxCleanupCopies } from '../src/ir/cleanup-copies.ts';
import type { IrFunction } from '../src/ir/ir.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { typescriptFrontend } from '../src/languages/typescript/frontend.ts';
import { describeFixtures, firstOf, instructionsOf, loweringOf, opaqueReasons } from './lowering.ts';

const lowering = loweringOf(typescriptFrontend, 'src/test.ts');
const { lowerAll } = lowering;

/** A single function around the statements. */
function lowerBody(body: string): IrFunction {
  return firstOf(lowerAll(`function run(n: number, a: Node, b: Node) {\n${body}\n}`));
}

describeFixtures(typescriptFrontend, lowering);

describe('fixtures that are cut off', () => {
  it.each(lowering.fixtures)('every prefix of %s can be lowered', (name) => {
    const text = lowering.textOf(name);
    for (let end = 0; end < text.length; end += 7) {
      expect(lowerAll(text.slice(0, end), name).flatMap(verifyFunction)).toEqual([]);
    }
  });
});

describe('long and deep programs', () => {
  const repeat = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join('');

  it.each([
    ['3,000 branches in a row', repeat(3000, (i) => `if (n === ${String(i)}) use(a);`), 6001],
    [
      '1,000 branches in one chain',
      `if (n > 0) use(a);${repeat(1000, (i) => `else if (n === ${String(i)}) use(b);`)}`,
      2003,
    ],
    ['a sum of 30,000 terms', `const x = n${repeat(30000, () => ' + n')};`, 1],
    ['a chain of 20,000 calls', `a${repeat(20000, () => '.with(n)')};`, 1],
    ['a chain of 5,000 callbacks', `a${repeat(5000, () => '.then(() => n)')};`, 1],
    ['a chain of 20,000 fields', `f()${repeat(20000, () => '.next')}.close();`, 1],
    ['a chain of 20,000 optional calls', `a${repeat(20000, () => '?.with(n)')};`, 20003],
    ['20,000 alternatives', `if (a${repeat(20000, () => ' || a')}) use(a);`, 20003],
    ['1,000 nested conditional expressions', `a = ${repeat(1000, () => 'n > 0 ? f() : ')}b;`, 2002],
    ['20,000 values in a row', `x = (a${repeat(20000, () => ', a')});`, 1],
  ])('%s', (_, body, blocks) => {
    const fn = lowerBody(body);
    expect(fn.blocks.length).toBe(blocks);
    expect(opaqueReasons(fn)).toEqual([]);
  });

  it.each([
    ['blocks', `${'{'.repeat(10000)}use(a);${'}'.repeat(10000)}`],
    ['parentheses', `x = ${'('.repeat(10000)}use(a)${')'.repeat(10000)};`],
    ['calls', `${'f('.repeat(2000)}a${')'.repeat(2000)};`],
    ['closures', `${'f(() => {'.repeat(2000)}use(a);${'});'.repeat(2000)}`],
    ['arrow functions', `x = ${'y => '.repeat(20000)}a;`],
    ['branches', `${'if (n > 0) {'.repeat(2000)}use(a);${'}'.repeat(2000)}`],
    ['branches without braces', `${'if (n > 0) '.repeat(20000)}use(a);`],
    ['alternatives', `if (n > 0) use(a); ${'else if (n > 0) use(b); '.repeat(40000)}`],
    ['arrays', `x = ${'['.repeat(3000)}a${']'.repeat(3000)};`],
    ['types', `let x: ${'Map<string,'.repeat(5000)}X${'>'.repeat(5000)}; use(a);`],
    ['resources', repeat(1000, (i) => `using x${String(i)} = f();`)],
  ])('%s nested without end are opaque somewhere', (_, body) => {
    const functions = lowerAll(`function run(n: number, a: Node) {\n${body}\n}\nfunction other() { close(); }`);
    expect(functions.flatMap(opaqueReasons)).toContain('too deep');
    expect(functions.flatMap(verifyFunction)).toEqual([]);
    expect(functions.map((fn) => fn.name)).toContain('other');
  });

  it('code that is too deep still mentions its variables', () => {
    const fn = lowerBody(`x = ${'('.repeat(5000)}b.use(this)${')'.repeat(5000)};`);
    const [opaque] = instructionsOf(fn).filter((each) => each.op === 'opaque');
    expect(opaque?.reads.map((id) => fn.places[id])).toMatchObject([{ name: 'b' }, { name: 'this' }]);
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

describe('how likely something throws', () => {
  const tiers = (text: string): string[] =>
    lowerAll(text)
      .flatMap(instructionsOf)
      .flatMap((each) => {
        const isTarget = each.op === 'call' && each.callee.kind === 'function' && each.callee.name === 'target';
        return isTarget || each.op === 'await' ? [`${each.op} ${each.throws}`] : [];
      });

  it.each([
    ['call possible', 'function f() { target(); }'],
    ['call likely', 'function f() { try { target(); } catch { } }'],
    ['call likely', 'function f() { try { target(); } finally { g(); } }'],
    ['call possible', 'function f() { try { g(); } catch { target(); } }'],
    ['call likely', 'function f() { try { g(); } catch { target(); } finally { h(); } }'],
    ['call possible', 'function f() { try { g(() => target()); } catch { } }'],
    ['call possible,await likely', 'async function f() { await target(); }'],
    ['await possible', 'async function f(x) { await x; }'],
    ['await likely', 'async function f(x) { try { await x; } finally { } }'],
  ])('%s: %s', (expected, text) => {
    expect(tiers(text).join()).toBe(expected);
  });
});
