/** What a call releases by what it is called, whoever is called: `x.close()`. */
import { GENERIC_RESOURCE, type Effect, type Slot } from '../../effects/effect.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { transferAll } from './argument-effects.ts';

/** `x.close()`: what it is called on is released, whatever it is. */
export function releasedByName(scope: Scope, call: CallInstruction): Effect[] {
  const { world } = scope;
  const { callee } = call;
  if (callee.kind === 'value') {
    return world.models.releasedBy('()').map((resource) => must({ kind: 'release', slot: { at: 'callee' }, resource }));
  }
  if ((callee.kind !== 'method' && callee.kind !== 'function') || call.receiver === null) return [];
  // A bare `close(in)` is a helper of ours; a bare `close()` releases this object.
  if (callee.kind === 'function' && call.args.length > 0) return [];
  const slot: Slot = { at: 'receiver' };
  if (call.args.length > 0 && world.models.conventions.poolReturns.test(callee.name)) {
    return transferAll(call, { to: 'runtime', on: 'both', certainty: 'must' });
  }
  if (world.models.conventions.releaseMethods.has(callee.name)) {
    const effects: Effect[] = [must({ kind: 'release', slot })];
    // `statics.close(in)` on a helper object, `pool.release(connection)`: the argument is meant as well. One given by name
    // says how: `window.close(save=edited)`.
    if (call.args.length === 0 || world.isCloseable(scope.typeOf(call.receiver) ?? '?') === true) return effects;
    const meant = call.args.flatMap(({ name }, index) => (name === null ? [index] : []));
    return [...effects, ...meant.map((index) => must({ kind: 'release', slot: { at: 'param', index } }))];
  }
  return world.models.releasedBy(callee.name).map((resource) => must({ kind: 'release', slot, resource }));
}

/** `worker.Destroy()` on one path says that it has to end; on another `worker.Release()` does. */
export function endedOtherwise({ world }: Scope, { callee, args }: CallInstruction): readonly Effect[] {
  if (callee.kind !== 'method' || args.length > 0) return [];
  if (world.models.conventions.otherEnds?.test(callee.name) !== true) return [];
  const effect = must({ kind: 'release', slot: { at: 'receiver' }, resource: GENERIC_RESOURCE });
  return [{ ...effect, drained: true }];
}

/** `session.Open()` that fails has opened nothing, whatever made the session. What gives more than an error opens that. */
export function notOpened(scope: Scope, call: CallInstruction): readonly Effect[] {
  const { openMethods, errorResult } = scope.world.models.conventions;
  const [dest, ...others] = call.dests;
  if (call.callee.kind !== 'method' || dest === undefined || others.length > 0) return [];
  if (openMethods?.test(call.callee.name) !== true || errorResult?.test(scope.typeOf(dest) ?? '') !== true) return [];
  const given = { slot: { at: 'result', index: 0 }, is: 'set' } as const;
  return [{ ...must({ kind: 'release', slot: { at: 'receiver' }, resource: GENERIC_RESOURCE }), given }];
}

type Release = Extract<Effect, { kind: 'release' }>;

function must(effect: Pick<Release, 'kind' | 'slot' | 'resource'>): Release {
  return { ...effect, on: 'both', certainty: 'must' };
}
