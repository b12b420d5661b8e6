/**
 * What a function that is told of a failure releases is its to release then as well, where nobody else has it:
 *
 *     const connection = mysql.createConnection(options);
 *     connection.query(sql, (error, rows) => {
 *       if (error) return done(error);
 *       connection.end();
 *       done(null, rows);
 *     });
 *
 * Such a function is called once. The path goes on in it.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import type { OpenExit, SettledExit } from '../../engine/state.ts';
import { placesWith, read, type Store } from '../../engine/store.ts';
import { isResource } from '../../engine/value.ts';
import type { CallInstruction, IrFunction } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { placeName } from '../../summaries/place-names.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { leftBySuccessors, type Successor } from './handed-on.ts';

export function leftByErrbacks(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  settled: readonly SettledExit[],
): readonly OpenExit[] {
  return leftBySuccessors(demand, obligation, settled, (call, { store }) =>
    holdsNothingOnFailure(scope, call) ? null : errbackOf(demand, scope, call, store),
  );
}

/** The function given last, if it asks what it is told first, and is the only one that has the resource; with the place it has it in. */
function errbackOf(demand: Demand, scope: Scope, { callee, args }: CallInstruction, store: Store): Successor | null {
  const { errbacks, unheardErrors } = scope.world.models.conventions;
  // What listens may be called again, or never.
  if (errbacks === null || (callee.kind === 'method' && unheardErrors?.methods.test(callee.name) === true)) return null;
  const last = args.at(-1)?.value;
  const closure = last?.kind === 'place' ? functionFacts(scope.fn).closures.get(last.place) : undefined;
  if (closure === undefined) return null;
  // A variable of a function around is there for others as well.
  if ([...placesWith(store, isResource)].some((place) => scope.fn.captures.includes(place))) return null;
  const having = demand
    .closuresOf(scope)
    .filter((one) => one.closure.captures.some((captured) => isResource(read(store, captured))));
  const [only, ...others] = having;
  if (only?.closure !== closure || others.length > 0 || !isErrback(only.inner)) return null;
  const index = closure.captures.findIndex((captured) => isResource(read(store, captured)));
  const place = only.inner.fn.captures[index];
  return place === undefined ? null : { scope: only.inner, place };
}

/** `(error, rows) => { if (error) …; }` */
function isErrback({ fn, world }: Scope): boolean {
  const [first] = fn.params;
  const name = first === undefined ? null : placeName(fn, first);
  return name !== null && world.models.conventions.errbacks?.test(name) === true && asksFirst(fn);
}

/** `(error) => { if (error) … }`, and not `(e) => { if (e === State.Ready) … }`, which is told of anything. */
export function asksFirst({ params: [first], blocks }: IrFunction): boolean {
  return blocks.some(
    ({ terminator: end }) =>
      end.op === 'branch' && end.when !== 'unknown' && end.when.place === first && end.when.test !== 'equals',
  );
}

/** `client.connect(callback)`: what could not connect is not open. */
function holdsNothingOnFailure(scope: Scope, call: CallInstruction): boolean {
  const { startMethods } = scope.world.models.conventions;
  if (call.callee.kind === 'method' && startMethods?.test(call.callee.name) === true) return true;
  const effects = scope.resolved(call).models.flatMap(({ summary }) => summary.effects);
  return effects.some((effect) => effect.kind === 'release' && effect.on === 'throw');
}
