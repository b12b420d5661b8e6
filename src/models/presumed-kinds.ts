/** Kinds of resource that no rule acquires but by chance: whoever gives one by its type alone does no more. */
import type { Language } from '../ir/ir.ts';
import type { ResourceKind } from '../effects/effect.ts';
import type { EffectGroup } from './schema.ts';

export function presumedKinds(language: Language, groups: readonly EffectGroup[]): ReadonlySet<ResourceKind> {
  const presumed = new Set<ResourceKind>();
  const sure = new Set<ResourceKind>();
  for (const { acquire, certainty } of groups) {
    if (acquire !== undefined) (certainty === 'may' ? presumed : sure).add(`${language}/${acquire}`);
  }
  return new Set([...presumed].filter((kind) => !sure.has(kind)));
}
