/**
 * What was opened in a transaction that the function was given ends with it, and who gave it takes it back with the failure
 * that it is told of:
 *
 *     rows, err := tx.Query(text)
 *     …
 *     if err := rows.Scan(&name); err != nil { return nil, err }
 */
import { isReceiver } from '../../engine/receiver.ts';
import type { OpenExit } from '../../engine/state.ts';
import type { PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { resourceOfType } from '../../summaries/call-names.ts';
import { failureOf } from '../../summaries/functions/failure.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';

export function withoutTakenBack(
  scope: Scope,
  { call: { receiver }, family, seed }: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  if (family !== 'resource' || open.length === 0 || receiver === null || !seed.holders.includes(receiver)) return open;
  const failure = failureOf(scope);
  if (failure === null || !isGiven(scope, receiver) || !isTransaction(scope, receiver)) return open;
  return open.filter((exit) => !failure.ends(exit));
}

/** As a parameter, or with the object. */
function isGiven({ fn }: Scope, place: PlaceId): boolean {
  const written = fn.places[place];
  return fn.params.includes(place) || (written?.kind === 'path' && isReceiver(fn, written.root));
}

function isTransaction(scope: Scope, place: PlaceId): boolean {
  const type = scope.typeOf(place);
  const resource = type === null ? null : resourceOfType(scope.world, type);
  return resource !== null && scope.world.models.resource(resource).family === 'transaction';
}
