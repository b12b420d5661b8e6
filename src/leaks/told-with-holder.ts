/**
 * What is only presumed to need a release and dies with what holds it, where that is told to be left on the same ways out: one
 * mistake, which the holder's finding says.
 *
 *     connection = sqlite3.connect(path)
 *     cursor = connection.cursor()
 *     rows = cursor.execute(query).fetchall()     # fails: both are open, and closing the connection is all that is missing
 */
import type { OpenExit } from '../engine/state.ts';
import type { Leak } from './leak.ts';

export function withoutToldWithHolder(leaks: readonly Leak[]): readonly Leak[] {
  return leaks.filter((leak) => {
    const { isPresumed, seed } = leak.obligation;
    if (!isPresumed || seed.holders.length === 0) return true;
    return !leaks.some((other) => other !== leak && holds(other, leak));
  });
}

function holds(other: Leak, { obligation, exits }: Leak): boolean {
  if (other.obligation.isPresumed) return false;
  const { places } = other.obligation.seed;
  return (
    obligation.seed.holders.some((holder) => places.includes(holder)) &&
    exits.every((exit) => other.exits.some((one) => isSameWayOut(one, exit)))
  );
}

function isSameWayOut(one: OpenExit, other: OpenExit): boolean {
  return one.kind === other.kind && one.span.start === other.span.start && one.span.end === other.span.end;
}
