/** Calls that carry a resource on to its end, unless what they connect it with fails; and what the rules say of that. */
import type { DrainSite } from '../../effects/remedy.ts';
import { slotPlaces } from '../../engine/slots.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Leak } from '../leak.ts';
import { groupsOf } from '../../summaries/functions/flow-groups.ts';

/** Only those at which it is left open. */
export function drainsOf(demand: Demand, scope: Scope, { exits, obligation }: Leak): readonly DrainSite[] {
  const failing = new Set(exits.flatMap(({ state: { cause } }) => (cause.kind === 'fails' ? [cause.span.start] : [])));
  if (failing.size === 0) return [];
  const groups = demand.groups(scope);
  const own = groupsOf(groups, obligation.seed.places);
  const facts = functionFacts(scope.fn);
  const sites: DrainSite[] = [];
  for (const { instructions } of scope.fn.blocks) {
    for (const call of instructions) {
      if (call.op !== 'call' || !failing.has(call.span.start)) continue;
      for (const effect of demand.knowledge(scope, call).effects) {
        if (effect.kind !== 'drain' || effect.otherwise === undefined) continue;
        const isMeant = slotPlaces(facts, call, effect.slot).some((place) => own.has(groups.group(place)));
        if (isMeant) sites.push({ span: call.span, ...effect.otherwise });
      }
    }
  }
  return sites;
}
