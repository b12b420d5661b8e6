/**
 * A listener that a class keeps and takes back in vain: it was added for the capturing phase, and is removed without.
 *
 *     attach() { this.page.addEventListener('pointerdown', this, true); }
 *     detach() { this.page.removeEventListener('pointerdown', this); }
 */
import type { OpenExit } from '../../engine/state.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isTakenBackInVain } from '../../summaries/obligations/vain-removals.ts';
import { openAtEnd } from '../own-exits.ts';

export function leftInVain(demand: Demand, scope: Scope, { call, family, seed }: Obligation): readonly OpenExit[] {
  const [place] = seed.places;
  const { fn } = scope;
  if (family !== 'listener' || place === undefined || fn.owner === null) return [];
  if (!isTakenBackInVain(demand, scope, { call, place, block: seed.block, index: 0, isOnce: false })) return [];
  return [openAtEnd(fn, seed)];
}
