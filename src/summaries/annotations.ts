/** What annotations of a function and its parameters state, which inference can only guess. */
import type { Effect } from '../effects/effect.ts';
import type { Declaration } from '../languages/language.ts';
import type { AnnotationMeaning } from '../models/model-set.ts';
import type { World } from '../resolve/world.ts';

export interface StatedByAnnotations {
  readonly resultIsBorrowed: boolean;
  effects(inferred: readonly Effect[]): readonly Effect[];
}

export function annotationsOf(world: World, declaration: Declaration): StatedByAnnotations {
  const meaning = (name: string): AnnotationMeaning | null =>
    world.models.annotation(name.slice(name.lastIndexOf('.') + 1));
  return {
    resultIsBorrowed: declaration.annotations.some(({ name }) => meaning(name) === 'borrowed'),
    effects(inferred) {
      let effects = inferred;
      for (const [index, param] of declaration.params.entries()) {
        const meanings = param.annotations.map(({ name }) => meaning(name));
        if (meanings.includes('borrowed')) effects = withoutParam(effects, index);
        if (meanings.includes('owning') || meanings.includes('releases')) {
          const taken: Effect = { kind: 'release', slot: { at: 'param', index }, on: 'both', certainty: 'must' };
          effects = [...withoutParam(effects, index), taken];
        }
      }
      return effects;
    },
  };
}

function withoutParam(effects: readonly Effect[], index: number): readonly Effect[] {
  return effects.filter((effect) => {
    const slot = 'slot' in effect ? effect.slot : 'from' in effect ? effect.from : null;
    return slot?.at !== 'param' || slot.index !== index;
  });
}
