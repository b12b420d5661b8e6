/** Locks, permits and transactions that a function leaves held because another one ends them. */
import { ownField } from '../../engine/receiver.ts';
import type { OpenExit, State } from '../../engine/state.ts';
import type { BasicBlock, BlockId, Callee, CallInstruction, Instruction, IrFunction } from '../../ir/ir.ts';
import { successors, walkBlocks } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { failureOf } from '../../summaries/functions/failure.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { releasesOf, type Position } from '../../summaries/obligations/release-sites.ts';

/**
 * A permit or lock that one method takes and another gives back is a protocol of the class: `begin` returns
 * with it held on purpose. A function that gives it back itself on some path keeps to the protocol only
 * where it says so: by returning `true`, having returned something else where nothing is held, or by giving it back
 * only where it fails.
 */
export function exitsNotOnPurpose(
  demand: Demand,
  scope: Scope,
  functionName: string,
  obligation: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  const field = obligation.variable ?? fieldLocked(scope, obligation);
  if (field === null) return open;
  if (isGivenHeld(demand, scope, obligation)) return [];
  const { fieldReleases } = demand;
  const { file } = scope;
  // What was begun elsewhere and is kept in a field is ended by who releases the field.
  const kept = open.filter((exit) => exit.fields.some((one) => fieldReleases.isByOther(file, one, functionName)));
  if (!obligation.isOnReceiver && kept.length > 0) return open.filter((exit) => !kept.includes(exit));
  const releasing = fieldReleases.by(file, field);
  const isProtocol = file.index.declarations.some(
    (declaration) =>
      declaration.name !== functionName &&
      releasing.has(declaration.name) &&
      !declaration.calls.has(obligation.seed.label),
  );
  if (!isProtocol) return open;
  const isForgotten = obligation.hasSiblingRelease && !isGivenBackOnlyToThrow(demand, scope, obligation);
  if (!isForgotten || !isGivenBackOnlyToFail(demand, scope, obligation, releasing))
    return open.filter(({ state }) => state.weakest !== null || (isForgotten && !saysHeld(scope, state)));
  const failure = failureOf(scope);
  return open.filter((exit) => exit.state.weakest !== null || failure?.ends(exit) === true);
}

/** `await this.mutex.acquire();`: nobody keeps what it gives, and the mutex is unlocked itself. */
function fieldLocked({ fn }: Scope, { family, call: { receiver } }: Obligation): string | null {
  return family === 'lock' && receiver !== null ? ownField(fn, receiver) : null;
}

/** `begin() { lock(); if (closed) { unlock(); throw … } }`: whoever returns from it holds the lock. */
function isGivenBackOnlyToThrow(demand: Demand, scope: Scope, { call, resource }: Obligation): boolean {
  const { receiver } = call;
  if (receiver === null) return false;
  const sites = releasesOf(demand, scope, receiver, resource);
  return sites.length > 0 && sites.every((site) => site.isAfterFailure || !mayReturnWithout(scope.fn, call, site));
}

/** `mu.Lock(); if err := prepare(); err != nil { mu.Unlock(); return err }; return nil`, where another method of the type unlocks it. */
function isGivenBackOnlyToFail(
  demand: Demand,
  scope: Scope,
  { call, resource }: Obligation,
  releasing: ReadonlySet<string>,
): boolean {
  const { receiver } = call;
  const failure = failureOf(scope);
  if (receiver === null || failure === null) return false;
  const isOfItsType = scope.file.index.declarations.some(
    ({ name, owner, symbol, calls }) =>
      owner === scope.owner && symbol !== scope.fn.symbol && releasing.has(name) && !calls.has(calleeLabel(call)),
  );
  return (
    isOfItsType &&
    releasesOf(demand, scope, receiver, resource).every(
      (site) => site.span !== null && !mayReturnWithout(scope.fn, call, site, (block) => failure.isIn(block)),
    )
  );
}

/** Without taking it again: `unlock(); reopen(); lock();`. */
function mayReturnWithout(
  fn: IrFunction,
  { receiver, callee }: CallInstruction,
  { block, index }: Position,
  isFailing: (block: BlockId) => boolean = () => false,
): boolean {
  const isTakenAgain = (one: Instruction): boolean =>
    one.op === 'call' && one.receiver === receiver && one.callee.kind === 'method' && isSameMethod(one.callee, callee);
  const isTakenIn = ({ id, instructions }: BasicBlock): boolean =>
    instructions.slice(id === block ? index : 0).some(isTakenAgain);
  for (const one of walkBlocks(fn, [block], (before) => (isTakenIn(before) ? [] : successors(before))))
    if (one.terminator.op === 'return' && !isFailing(one.id) && !isTakenIn(one)) return true;
  return false;
}

function isSameMethod(one: Callee & { kind: 'method' }, other: Callee): boolean {
  return other.kind === 'method' && one.name === other.name;
}

/** `mu.Unlock(); wait(); mu.Lock()`: what is released first was held on entry, and is given back as it was. */
function isGivenHeld(demand: Demand, scope: Scope, { call, resource }: Obligation): boolean {
  if (call.receiver === null) return false;
  for (const { instructions } of scope.fn.blocks) {
    for (const instruction of instructions) {
      if (instruction === call) return false;
      if (instruction.op !== 'call' || instruction.receiver !== call.receiver) continue;
      const { effects, acquisitions } = demand.knowledge(scope, instruction);
      if (acquisitions.some((one) => one.resource === resource)) return false;
      if (effects.some((effect) => effect.kind === 'release' && effect.resource === resource)) return true;
    }
  }
  return false;
}

function saysHeld({ fn }: Scope, { path }: State): boolean {
  const terminator = path === null ? undefined : fn.blocks[path.block]?.terminator;
  const value = terminator?.op === 'return' ? terminator.values[0] : undefined;
  return value?.kind === 'literal' && value.literal.kind === 'boolean' && value.literal.value;
}
