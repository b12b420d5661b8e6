/** Functions handed on that release a resource from elsewhere, which makes it nobody's duty here. */
import type { ResourceKind } from '../../effects/effect.ts';
import { capturedPlace, functionFacts } from '../../engine/function-facts.ts';
import type { BlockId, ClosureInstruction, Instruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { isCopy } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../demand.ts';
import type { Position } from './release-sites.ts';

/**
 * `const cancel = () => clearTimeout(timer); signal.addEventListener('abort', cancel); timer = setTimeout(…)`: what
 * releases it was handed on before it was there, at the latest with the call that acquires it.
 */
export function isReleasedElsewhere(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  { block, index }: Position,
): boolean {
  const groups = demand.groups(scope);
  const group = groups.group(place);
  const call = scope.fn.blocks[block]?.instructions[index];
  for (const [dest, closure] of functionFacts(scope.fn).closures) {
    if (call !== undefined && isGivenAway(scope.fn, call, dest) && takesOver(demand, scope, closure, group))
      return true;
    const isOut =
      isGivenAwayBy(scope.fn, dest, block, index) ||
      isUnderWay(demand, scope, dest, block, index) ||
      isGivenInChain(scope.fn, dest, (receiver) => groups.group(receiver) === group);
    if (!isOut) continue;
    for (const one of withInner(scope.fn, closure)) if (releasesGroup(demand, scope, one, group, resource)) return true;
  }
  return false;
}

/** `const peer = connect(port, () => serve(peer))`: the callback hands it on to somebody. */
function takesOver(demand: Demand, scope: Scope, closure: ClosureInstruction, group: PlaceId): boolean {
  const groups = demand.groups(scope);
  return closure.members.some(({ fn }) =>
    demand.closureEffects(scope, fn).some((effect) => {
      const slot = effect.kind === 'transfer' ? effect.from : effect.kind === 'escape' ? effect.slot : null;
      if (slot?.at !== 'capture' || slot.fields !== undefined) return false;
      const captured = closure.captures[slot.index];
      return captured !== undefined && groups.group(captured) === group;
    }),
  );
}

/** `const socket = connect(port).on('connect', () => socket.end())`: it listens before the variable has what it ends. */
function isGivenInChain(fn: IrFunction, closure: PlaceId, isMeant: (receiver: PlaceId) => boolean): boolean {
  const isUnnamed = (id: PlaceId): boolean => {
    const place = fn.places[id];
    return place?.kind === 'local' && place.name === null;
  };
  return fn.blocks.some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.op === 'call' &&
        one.receiver !== null &&
        isUnnamed(one.receiver) &&
        isMeant(one.receiver) &&
        isGivenAway(fn, one, closure),
    ),
  );
}

/** `void check(); timer = setTimeout(…)`: an asynchronous function called before goes on after. */
function isUnderWay(demand: Demand, scope: Scope, dest: PlaceId, block: BlockId, index: number): boolean {
  const isAsync = demand.closuresOf(scope).some(({ closure, inner }) => closure.dest === dest && inner.fn.isAsync);
  return (
    isAsync &&
    scope.fn.blocks.some(
      ({ id, instructions }) =>
        id <= block &&
        instructions.some(
          (one, at) =>
            (id < block || at <= index) &&
            one.op === 'call' &&
            one.callee.kind === 'value' &&
            one.callee.place === dest &&
            !isAwaited(scope.fn, one.dests[0]),
        ),
    )
  );
}

function isAwaited(fn: IrFunction, promise: PlaceId | undefined): boolean {
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => one.op === 'await' && one.source.kind === 'place' && one.source.place === promise),
  );
}

/** The function, and those it mentions: `() => cleanup()`. */
export function withInner(fn: IrFunction, closure: ClosureInstruction): ReadonlySet<ClosureInstruction> {
  const { closures } = functionFacts(fn);
  const found = new Set([closure]);
  for (const one of found) {
    for (const captured of one.captures) {
      const inner = closures.get(captured);
      if (inner !== undefined) found.add(inner);
    }
  }
  return found;
}

export function releasesGroup(
  demand: Demand,
  scope: Scope,
  closure: ClosureInstruction,
  group: PlaceId,
  resource: ResourceKind,
): boolean {
  const groups = demand.groups(scope);
  const meant = groups.members(group).map((member) => rootOf(scope.fn, member));
  if (!closure.captures.some((captured) => groups.group(captured) === group || meant.includes(captured))) return false;
  const facts = functionFacts(scope.fn);
  return closure.members.some(({ fn }) =>
    demand.closureEffects(scope, fn).some((effect) => {
      if (effect.kind !== 'release' || effect.slot.at !== 'capture') return false;
      if (effect.resource !== undefined && effect.resource !== resource) return false;
      const released = capturedPlace(facts, closure, effect.slot);
      return released !== null && groups.group(released) === group;
    }),
  );
}

/** `this`, of `this.permits` that a function made here releases. */
function rootOf(fn: IrFunction, id: PlaceId): PlaceId {
  const place = fn.places[id];
  return place?.kind === 'path' ? place.root : id;
}

/** As an argument, or by being put where others look: `this.cancel = () => …`, `ref.current = () => …`. */
export function isGivenAway(fn: IrFunction, instruction: Instruction, closure: PlaceId): boolean {
  if (instruction.op === 'call')
    return instruction.args.some(({ value }) => value.kind === 'place' && value.place === closure);
  return isCopy(instruction) && instruction.source.place === closure && fn.places[instruction.dest]?.kind === 'path';
}

function isGivenAwayBy(fn: IrFunction, closure: PlaceId, block: BlockId, index: number): boolean {
  return fn.blocks.some(
    ({ id, instructions }) =>
      id <= block &&
      instructions.some((instruction, at) => (id < block || at <= index) && isGivenAway(fn, instruction, closure)),
  );
}
