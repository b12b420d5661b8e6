/**
 * Functions handed on: those that stay behind after they were of use, which makes them an obligation, and those that
 * release a resource from elsewhere, which makes it none.
 */
import { functionFacts } from '../engine/function-facts.ts';
import type { BlockId, CallInstruction, ClosureInstruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { successors } from '../ir/operands.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';

/**
 * A function handed to somebody else is ours to take back if it is of use for this call alone: where the function
 * around makes a promise, it is what settles that, and stays behind once something else has.
 *
 *     new Promise((resolve, reject) => { signal.addEventListener('abort', () => reject()); … })
 *
 * What is left with an object stays as long as that. What is left with nobody is over when it was called, as with
 * `setTimeout(resolve, 100)`, and is too long there only if something else settles the promise before.
 */
export function isLeftBehind(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  place: PlaceId,
  block: BlockId,
): boolean {
  const { closures, reads } = functionFacts(scope.fn);
  const closure = closures.get(place);
  const holder = scope.fn.places[place];
  const isNamed = holder?.kind !== 'local' || holder.name !== null;
  if (closure === undefined || isNamed || !isExecutor(scope)) return false;
  const { params } = scope.fn;
  const settles = closure.members.some(({ fn }) =>
    demand.calledCaptures(scope, fn).some((index) => isOneOf(params, closure.captures[index])),
  );
  if (!settles || call.dests.some((dest) => reads.has(dest))) return false;
  return call.receiver === null ? isSettledOtherwise(scope.fn, closure, block) : isGiven(scope, call.receiver);
}

/** The function is handed to a constructor that runs it. */
function isExecutor(scope: Scope): boolean {
  const call = scope.handedTo();
  if (call?.callee.kind !== 'construct') return false;
  const effects = scope.resolvedAround(call)?.models[0]?.summary.effects ?? [];
  return effects.some((effect) => effect.kind === 'invoke' && effect.when === 'now');
}

/** What was made for the promise goes with it. */
function isGiven({ fn }: Scope, receiver: PlaceId): boolean {
  const place = fn.places[receiver];
  const root = place?.kind === 'path' ? place.root : receiver;
  return fn.captures.includes(root);
}

/** On the same way through the function something else gets or calls what settles the promise. */
function isSettledOtherwise(fn: IrFunction, closure: ClosureInstruction, from: BlockId): boolean {
  const settling = (place: PlaceId): boolean => fn.params.includes(place);
  return fn.blocks.some(
    ({ id, instructions }) =>
      (reaches(fn, from, id) || reaches(fn, id, from)) &&
      instructions.some((instruction) => {
        if (instruction.op === 'closure')
          return instruction.span.start !== closure.span.start && instruction.captures.some(settling);
        if (instruction.op !== 'call') return false;
        if (instruction.callee.kind === 'value' && settling(instruction.callee.place)) return true;
        return instruction.args.some(({ value }) => value.kind === 'place' && settling(value.place));
      }),
  );
}

function reaches(fn: IrFunction, from: BlockId, to: BlockId): boolean {
  const reached = new Set([from]);
  for (const id of reached) {
    const block = fn.blocks[id];
    if (block !== undefined) for (const next of successors(block)) reached.add(next);
  }
  return reached.has(to);
}

function isOneOf(places: readonly PlaceId[], place: PlaceId | undefined): boolean {
  return place !== undefined && places.includes(place);
}

/**
 * `const cancel = () => clearTimeout(timer); signal.addEventListener('abort', cancel); timer = setTimeout(…)`: what
 * releases it was handed on before it was there, at the latest with the call that acquires it.
 */
export function isReleasedElsewhere(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  block: BlockId,
  index: number,
): boolean {
  const groups = demand.groups(scope);
  const group = groups.group(place);
  for (const [dest, closure] of functionFacts(scope.fn).closures) {
    if (!isHandedOnBy(scope.fn, dest, block, index)) continue;
    for (const one of withInner(scope.fn, closure)) if (releasesGroup(demand, scope, one, group)) return true;
  }
  return false;
}

/** The function, and those it mentions: `() => cleanup()`. */
function withInner(fn: IrFunction, closure: ClosureInstruction): ReadonlySet<ClosureInstruction> {
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

function releasesGroup(demand: Demand, scope: Scope, closure: ClosureInstruction, group: PlaceId): boolean {
  const groups = demand.groups(scope);
  if (!closure.captures.some((captured) => groups.group(captured) === group)) return false;
  return closure.members.some(({ fn }) =>
    demand.closureEffects(scope, fn).some((effect) => {
      if (effect.kind !== 'release' || effect.slot.at !== 'capture') return false;
      const captured = closure.captures[effect.slot.index];
      return captured !== undefined && groups.group(captured) === group;
    }),
  );
}

function isHandedOnBy(fn: IrFunction, closure: PlaceId, block: BlockId, index: number): boolean {
  return fn.blocks.some(
    ({ id, instructions }) =>
      id <= block &&
      instructions.some(
        (instruction, at) =>
          (id < block || at <= index) &&
          instruction.op === 'call' &&
          instruction.args.some(({ value }) => value.kind === 'place' && value.place === closure),
      ),
  );
}
