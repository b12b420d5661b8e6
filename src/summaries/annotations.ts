/** What annotations of a function and its parameters state, which inference can only guess. */
import type { Effect } from '../effects/effect.ts';
import type { Declaration } from '../languages/language.ts';
import type { AnnotationMeaning } from '../models/model-set.ts';
import type { World } from '../resolve/world.ts';

export interface StatedByAnnotations {
  readonly resultIsBorrowed: boolean;
  /** `inferred`: what it does to this parameter, going by its body. */
  effectsOn(param: number, inferred: readonly Effect[]): readonly Effect[];
}

export function annotationsOf(world: World, declaration: Declaration): StatedByAnnotations {
  const meaning = (name: string): AnnotationMeaning | null =>
    world.models.annotation(name.slice(name.lastIndexOf('.') + 1));
  return {
    resultIsBorrowed: declaration.annotations.some(({ name }) => meaning(name) === 'borrowed'),
    effectsOn(index, inferred) {
      const meanings = declaration.params[index]?.annotations.map(({ name }) => meaning(name)) ?? [];
      if (meanings.includes('owning') || meanings.includes('releases'))
        return [{ kind: 'release', slot: { at: 'param', index }, on: 'both', certainty: 'must' }];
      return meanings.includes('borrowed') ? [] : inferred;
    },
  };
}
