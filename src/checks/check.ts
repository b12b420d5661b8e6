/** A check turns the open exits of one obligation into a verdict, or has nothing to say. */
import type { OpenExit } from '../engine/state.ts';
import type { PathCheckId } from '../findings/finding.ts';
import type { ResourceFamily } from '../effects/resource-family.ts';

/** One obligation as checks see it. */
export interface Situation {
  readonly family: ResourceFamily;
  /** Exits on which it is still ours and open, strongest evidence first. */
  readonly exits: readonly OpenExit[];
  /** The field it is in when the function returns, and no method of the file releases that field. */
  readonly unreleasedField: string | null;
}

export interface Verdict {
  readonly check: PathCheckId;
  /** The exit to show first, then the others the check speaks of. */
  readonly exits: readonly OpenExit[];
}

export interface Check {
  readonly id: PathCheckId;
  judge(situation: Situation): Verdict | null;
}

export function isNormal(exit: OpenExit): boolean {
  return exit.state.weakest === null;
}

/** A verdict on the exits of a kind, if there are any; further exits follow. */
export function verdictOn(id: PathCheckId, situation: Situation, selected: readonly OpenExit[]): Verdict | null {
  if (selected.length === 0) return null;
  return { check: id, exits: [...selected, ...situation.exits.filter((exit) => !selected.includes(exit))] };
}
