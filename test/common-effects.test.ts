import { expect, test } from 'vitest';
import { commonEffects } from '../src/effects/common-effects.ts';
import type { Effect } from '../src/effects/effect.ts';

const release = (index: number, certainty: 'must' | 'may' = 'must'): Effect => ({
  kind: 'release',
  slot: { at: 'param', index },
  on: 'both',
  certainty,
});

test('what each of several callees does is done, what some do may be', () => {
  expect(commonEffects([[release(0), release(1)], [release(0)]])).toEqual([release(0), release(1, 'may')]);
});

test('what one of them only may do is not sure', () => {
  expect(commonEffects([[release(0)], [release(0, 'may')]])).toEqual([release(0, 'may')]);
});

test('one that says it twice is not two that do', () => {
  expect(commonEffects([[release(0), release(0)], []])).toEqual([release(0, 'may')]);
});

test('what one of them keeps may be gone even where the call fails', () => {
  const keep: Effect = {
    kind: 'transfer',
    from: { at: 'param', index: 0 },
    to: 'field',
    on: 'return',
    certainty: 'must',
  };
  expect(commonEffects([[keep], [keep]])).toEqual([{ ...keep, on: 'both' }]);
});
