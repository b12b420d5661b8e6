/**
 * What is given to a function that runs on its own is that function's from then on, and nobody hears how it ends:
 *
 *     go s.handle(conn)          func (s *server) handle(conn net.Conn) {
 *                                    if err := s.greet(conn); err != nil { return }
 *                                    …
 *                                    conn.Close()
 *
 * Only functions of the same file that release it on another way count, as the path goes on in them.
 */
import { simulate, type Seed } from '../../engine/simulate.ts';
import type { OpenExit, SettledExit, State } from '../../engine/state.ts';
import { placesWith, read } from '../../engine/store.ts';
import { isResource } from '../../engine/value.ts';
import type { CallInstruction, Instruction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { leftBySuccessors, type Successor } from './handed-on.ts';

export function leftByTasks(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  settled: readonly SettledExit[],
): readonly OpenExit[] {
  return leftBySuccessors(demand, obligation, settled, (call, state) =>
    isEndedBehind(demand, scope, obligation.seed, call, state)
      ? null
      : taskOf(demand, scope, call, (place) => isResource(read(state.store, place))),
  );
}

/** `defer cancel(); go watch(cancel)`: whoever starts the task does not leave it to it alone. */
function isEndedBehind(demand: Demand, scope: Scope, seed: Seed, call: CallInstruction, { store }: State): boolean {
  const isStart = (one: Instruction): boolean => one.op === 'spawn' && one.call === call;
  const block = scope.fn.blocks.find(({ instructions }) => instructions.some(isStart));
  if (block === undefined) return true;
  const places = [...placesWith(store, isResource)];
  const index = block.instructions.findIndex(isStart) + 1;
  const { settled } = simulate(scope.fn, demand.context(scope), { ...seed, block: block.id, index, places });
  return settled.some(({ settlement }) => settlement.kind !== 'halted');
}

/** The function of this file that is started, and the parameter it has the resource in. */
function taskOf(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  isIt: (place: PlaceId) => boolean,
): Successor | null {
  const index = call.args.findIndex(({ value }) => value.kind === 'place' && isIt(value.place));
  if (index === -1 || call.args.some(({ name, isSpread }) => name !== null || isSpread)) return null;
  const { models, declarations } = scope.resolved(call);
  const [only, ...others] = declarations;
  if (only === undefined || others.length > 0 || models.length > 0 || only.file !== scope.file) return null;
  const [body] = demand.body(only.file, only.declaration);
  const place = body?.fn.params[index];
  return body === undefined || place === undefined ? null : { scope: body, place };
}
