/** What a call does that means one of several functions: what all of them do is sure, what some do may happen. */
import type { Effect } from './effect.ts';

export function commonEffects(each: readonly (readonly Effect[])[]): readonly Effect[] {
  const found = new Map<string, { readonly effect: Effect; readonly surelyDoneBy: Set<number> }>();
  each.forEach((effects, callee) => {
    for (const one of effects) {
      // Which of them fails, and whether it has it by then, nobody can tell.
      const effect: Effect = one.kind === 'transfer' ? { ...one, on: 'both' } : one;
      const key = JSON.stringify({ ...effect, certainty: '' });
      const { surelyDoneBy } = found.get(key) ?? { surelyDoneBy: new Set<number>() };
      if (effect.certainty === 'must') surelyDoneBy.add(callee);
      found.set(key, { effect, surelyDoneBy });
    }
  });
  return [...found.values()].map(({ effect, surelyDoneBy }) => ({
    ...effect,
    certainty: surelyDoneBy.size === each.length ? 'must' : 'may',
  }));
}
