/** Repeatable randomness for property and mutation tests: the same seed, the same inputs, everywhere. */

export interface Random {
  /** 0 … limit-1. */
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  // mulberry32's mixing steps: small, and good enough to spread test inputs.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    below: (limit) => next() % limit,
    pick(values) {
      const value = values[next() % values.length];
      if (value === undefined) throw new RangeError('nothing to pick from');
      return value;
    },
  };
}
