/** Simulates every obligation of one function and keeps the exits on which nobody else took over. */
import type { OpenExit } from '../engine/state.ts';
import { simulate } from '../engine/simulate.ts';
import { emptyStore } from '../engine/store.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';
import { obligations, type Obligation } from './obligations.ts';
import { takeovers } from './takeovers.ts';

export interface Leak {
  readonly obligation: Obligation;
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
}

export interface FunctionLeaks {
  readonly leaks: readonly Leak[];
  readonly simulated: number;
  readonly limits: readonly string[];
}

export function findLeaks(demand: Demand, scope: Scope, functionName: string): FunctionLeaks {
  const leaks: Leak[] = [];
  const limits: string[] = [];
  let simulated = 0;
  for (const obligation of obligations(demand, scope)) {
    simulated++;
    if (obligation.seed.places.length === 0) {
      leaks.push({ obligation, exits: [droppedAtOnce(obligation)], unreleasedField: null });
      continue;
    }
    const simulation = simulate(scope.fn, demand.context(scope), obligation.seed);
    if (simulation.limit !== null) limits.push(simulation.limit);
    const leak = ownExits(demand, scope, functionName, obligation, simulation.open);
    if (leak.exits.length > 0) leaks.push(leak);
  }
  // Several in a row are one mistake: the first says it.
  for (const obligation of takeovers(demand, scope, functionName)) {
    simulated++;
    const { open } = simulate(scope.fn, demand.context(scope), obligation.seed);
    const exits = open.filter(isAnnounced);
    if (exits.length === 0) continue;
    leaks.push({ obligation, exits, unreleasedField: null });
    break;
  }
  return { leaks, simulated, limits };
}

function isAnnounced({ state }: OpenExit): boolean {
  return state.weakest !== null && state.weakest !== 'possible';
}

function droppedAtOnce({ seed, span }: Obligation): OpenExit {
  const acquired = { kind: 'acquired', span, detail: seed.label, previous: null } as const;
  return {
    kind: 'dropped',
    span,
    fields: [],
    state: {
      store: emptyStore,
      weakest: null,
      thrown: null,
      isCoarse: false,
      usesMay: false,
      cause: { kind: 'dropped', span, detail: '', previous: acquired },
      path: null,
    },
  };
}

/** What sits in a field when the function ends is its class's business, if the class does something about it. */
function ownExits(demand: Demand, scope: Scope, functionName: string, obligation: Obligation, open: readonly OpenExit[]): Leak {
  if (obligation.family !== 'resource') return { obligation, exits: open, unreleasedField: null };
  const isConstructor = scope.fn.kind === 'constructor';
  const exits: OpenExit[] = [];
  let unreleasedField: string | null = null;
  for (const exit of open) {
    const field = exit.fields[0];
    if (field === undefined || (isConstructor && exit.kind === 'throw')) {
      exits.push(exit);
      continue;
    }
    const releasedIn = demand.classes.fieldReleases(scope.file).get(field) ?? new Set<string>();
    if ([...releasedIn].some((name) => name !== functionName)) continue;
    if (releasedIn.size === 0) {
      if (exit.kind === 'throw') continue;
      unreleasedField = field;
    }
    exits.push(exit);
  }
  return { obligation, exits, unreleasedField };
}
