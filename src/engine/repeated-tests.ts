/**
 * Tests that a function makes more than once and whose outcome no value of the place tells: of its type, and for being
 * something else than a literal. What came out of the first decides the second:
 *
 *     if isinstance(target, str): out = open(target, "w")   …   if isinstance(target, str): out.close()
 *     if (path != "-") out = open(path)   …   if (path != "-") out.close()
 *
 * Each has a place of its own in the store, with a number behind those of the function's own places. A test that is made
 * once has none: remembering it would only keep paths apart.
 */
import type { Condition, IrFunction, PlaceId, Terminator } from '../ir/ir.ts';

export interface RepeatedTests {
  /** Where the outcome of the test is remembered; null if it is made once, or no such test. */
  outcome(test: Condition): PlaceId | null;
  /** The place whose test has its outcome remembered there; null: none has. */
  tested(outcome: PlaceId): PlaceId | null;
  /** All of them, with the place that is tested. */
  readonly list: readonly { readonly tested: PlaceId; readonly outcome: PlaceId }[];
}

export function repeatedTests(fn: IrFunction): RepeatedTests {
  const firsts = new Map<string, number>();
  const outcomes = new Map<string, PlaceId>();
  const list: { tested: PlaceId; outcome: PlaceId }[] = [];
  for (const { terminator } of fn.blocks) {
    const test = testMade(terminator);
    const key = test === null ? null : keyOf(test);
    if (test === null || key === null) continue;
    const first = firsts.get(key);
    // Another lowering of the same cleanup region makes the same test.
    if (first === undefined) firsts.set(key, terminator.span.start);
    else if (first !== terminator.span.start && !outcomes.has(key)) {
      const outcome = (fn.places.length + list.length) as PlaceId; // a number no place of the function has
      outcomes.set(key, outcome);
      list.push({ tested: test.place, outcome });
    }
  }
  return {
    outcome(test) {
      const key = outcomes.size === 0 ? null : keyOf(test);
      return key === null ? null : (outcomes.get(key) ?? null);
    },
    tested: (outcome) => list[outcome - fn.places.length]?.tested ?? null,
    list,
  };
}

/** The test a block ends with, if it is a single one. */
export function testMade(terminator: Terminator): Condition | null {
  return terminator.op === 'branch' && terminator.when !== 'unknown' ? terminator.when : null;
}

function keyOf(test: Condition): string | null {
  if (test.test === 'type') return `${String(test.place)} ${test.type}`;
  if (test.test !== 'equals') return null;
  const { literal } = test;
  return literal.kind === 'string' || literal.kind === 'number'
    ? `${String(test.place)} ${literal.kind} ${literal.text}`
    : null;
}
