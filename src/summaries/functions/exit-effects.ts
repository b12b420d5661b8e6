/** What the exits of a simulation say that a function does to what was followed through it. */
import type { Effect, Owner, ResourceKind, Slot } from '../../effects/effect.ts';
import type { Simulation } from '../../engine/simulate.ts';
import type { OpenExit, Settlement } from '../../engine/state.ts';
import { isAtLeastAsSure } from '../../ir/ir.ts';
import type { Failure } from './failure.ts';

/** `slot`: where the callers have what was followed. */
export function exitEffects(simulation: Simulation, slot: Slot, failure: Failure | null): readonly Effect[] {
  if (simulation.limit !== null) return [{ kind: 'escape', slot, on: 'both', certainty: 'may' }];
  const effects: Effect[] = [];
  const normal = simulation.open.filter((exit) => exit.state.weakest === null && exit.kind !== 'throw');
  const failing = simulation.open.filter(
    (exit) => exit.state.weakest !== null && isAtLeastAsSure(exit.state.weakest, 'likely'),
  );
  const settled = simulation.settled.filter((exit) => !(exit.isLeaving && exit.settlement.kind === 'released'));
  const isSettledNormally = settled.some((exit) => exit.settlement.kind !== 'halted');
  const kept = normal.filter((exit) => exit.fields.length > 0);
  const isLeftOnlyOnFailure = failure !== null && normal.every((exit) => kept.includes(exit) || failure.ends(exit));
  const onSuccess = isLeftOnlyOnFailure && normal.length > kept.length ? { given: failure.success } : {};
  const certainty = normal.length > 0 ? 'may' : 'must';
  const add = (effect: Effect): void => {
    effects.push(effect);
  };
  const isReleased = settled.some((exit) => exit.settlement.kind === 'released');
  const cleansUp =
    failing.length === 0 &&
    simulation.settled.some(
      (exit) => (exit.isExceptional || (exit.isLeaving && !isReleased)) && exit.settlement.kind === 'released',
    );
  if (cleansUp) add({ kind: 'release', slot, on: 'throw', certainty: 'must' });
  const field = normal.flatMap((exit) => exit.fields)[0];
  if (field !== undefined && slot.at !== 'receiver') {
    // Of certain kinds it may have been released before.
    for (const { settlement } of settled) {
      if (settlement.kind === 'released' && settlement.only !== undefined)
        effects.push(...releases(slot, settlement, normal, failing));
    }
    const to: Slot = { at: 'receiver', fields: [field] };
    add({ kind: 'transfer', from: slot, to, on: 'return', certainty: 'must', ...onSuccess });
    return effects;
  }
  if (!isSettledNormally) return effects;
  for (const { settlement } of settled) {
    if (settlement.kind === 'released') {
      effects.push(...releases(slot, settlement, normal, failing));
    } else if (settlement.kind === 'returned') {
      const into: Slot = { at: 'result', index: settlement.index };
      add({ kind: 'alias', from: slot, into, on: 'return', certainty, ...onSuccess });
    } else if (settlement.kind === 'transferred') {
      const { field, isOwn } = settlement;
      const to: Slot | Owner = isOwn === true && field !== null ? { at: 'receiver', fields: [field] } : settlement.to;
      add({ kind: 'transfer', from: slot, to, on: 'return', certainty });
    } else if (settlement.kind === 'escaped') {
      add({ kind: 'escape', slot, on: 'both', certainty: 'may' });
    }
  }
  return effects.filter(
    (effect, index) =>
      effects.findIndex(
        (one) => one.kind === effect.kind && one.on === effect.on && releasedAs(one) === releasedAs(effect),
      ) === index,
  );
}

/** As surely as no exit is open on which it was not released as this kind. */
function releases(
  slot: Slot,
  { only, drained, unless }: Extract<Settlement, { kind: 'released' }>,
  normal: readonly OpenExit[],
  failing: readonly OpenExit[],
): readonly Effect[] {
  const isOpen = (exits: readonly OpenExit[], kind: ResourceKind | null): boolean =>
    exits.some(({ state }) => kind === null || !state.releasedAs.includes(kind));
  return (only ?? [null]).map((kind) => ({
    kind: 'release',
    slot,
    on: isOpen(failing, kind) ? 'return' : 'both',
    certainty: isOpen(normal, kind) ? 'may' : 'must',
    ...(kind === null ? {} : { resource: kind }),
    ...(drained === true ? { drained } : {}),
    ...(unless === undefined ? {} : { unless }),
  }));
}

function releasedAs(effect: Effect): string {
  return effect.kind === 'release' ? `${effect.resource ?? ''} ${String(effect.drained === true)}` : '';
}
