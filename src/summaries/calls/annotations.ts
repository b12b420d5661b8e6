/** What annotations of a function and its parameters state, which inference can only guess. */
import type { Effect } from '../../effects/effect.ts';
import type { Declaration } from '../../languages/language.ts';
import type { AnnotationMeaning } from '../../models/model-set.ts';
import type { World } from '../../resolve/world.ts';

export interface StatedByAnnotations {
  readonly resultIsBorrowed: boolean;
  /** `inferred`: what it does to this parameter, going by its body. */
  effectsOn(param: number, inferred: readonly Effect[]): readonly Effect[];
}

export function annotationsOf(world: World, declaration: Declaration): StatedByAnnotations {
  return {
    resultIsBorrowed: world.isAnnotated(declaration, 'borrowed'),
    effectsOn(index, inferred) {
      const param = declaration.params[index];
      const is = (meaning: AnnotationMeaning): boolean => param !== undefined && world.isAnnotated(param, meaning);
      if (is('owning') || is('releases'))
        return [{ kind: 'release', slot: { at: 'param', index }, on: 'both', certainty: 'must' }];
      return is('borrowed') ? [] : inferred;
    },
  };
}
