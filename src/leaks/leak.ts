/** What is told of a leak: how its ways out look from outside the function, and what speaks against telling it loudly. */
import { GENERIC_RESOURCE } from '../effects/effect.ts';
import { functionFacts } from '../engine/function-facts.ts';
import type { Simulation } from '../engine/simulate.ts';
import { blockBeforeCleanup, type OpenExit } from '../engine/state.ts';
import { isAtLeastAsSure } from '../ir/ir.ts';
import { blocksLeadingTo, reaches } from '../ir/walk.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Obligation } from '../summaries/obligations/obligations.ts';
import { addsUp } from './loops.ts';
import type { OwnExits } from './own-exits.ts';
import { endForgets } from './owners/forgotten-fields.ts';
import { releasedAbove } from './owners/unseen-releases.ts';
import { failsToLoad, isInProgram, isStepOfProcess } from './process/ends-with-process.ts';
import { livesWithProcess } from './process/lives-with-process.ts';
import { endsByItself } from './timers/ends-by-itself.ts';
import { outlivesItsEnd } from './timers/watchdogs.ts';

export interface Leak {
  readonly obligation: Obligation;
  readonly exits: readonly OpenExit[];
  readonly unreleasedField: string | null;
  /** The method that ends the owner's life, where others of the class release the field and it does not. */
  readonly forgottenIn: string | null;
  /** Each round of a loop leaves one behind, of a kind that a few of do no harm. */
  readonly addsUp: boolean;
  /** On some path it is returned, kept in a field, or given to an owner. */
  readonly isTransferred: boolean;
  readonly mayBeKept: boolean;
  /** Exits that ways on which it is not open end in, too. */
  readonly shared: ReadonlySet<OpenExit>;
  /** The function is where a process starts: what it leaves open ends with it. */
  readonly endsWithProcess: boolean;
  /** No method of the file that ends a life releases any field, or a superclass that nobody knows may release it. */
  readonly ownerReleasesNothing: boolean;
  /** A timer that is soon over, or is left on purpose to end what failed. */
  readonly endsByItself: boolean;
  /** All exits are exceptions that fail a test. */
  readonly failsTest: boolean;
  /** A timer that is to end something, whose end the function hears of. */
  readonly outlivesItsEnd: boolean;
}

/** The function whose leaks are asked for. */
export interface Asked {
  readonly demand: Demand;
  readonly scope: Scope;
  readonly functionName: string;
  /** Does a process start with it? Asked only where something is open. */
  readonly isProcess: () => boolean;
}

/** How the ways end on which somebody else took over, and those on which nobody did. */
export type Followed = Pick<Simulation, 'settled' | 'open'>;

const nothingFollowed: Followed = { settled: [], open: [] };

export function leakOf(asked: Asked, obligation: Obligation, own: OwnExits, followed = nothingFollowed): Leak {
  const { demand, scope } = asked;
  const { settled, open } = followed;
  const { exits } = own;
  const isKept = open.some((exit) => exit.fields.length > 0 && !exits.includes(exit));
  // A framework makes the next object and leaves this one's behind, whatever else its class does.
  const isAdding = addsUp(scope, obligation, exits);
  const shared = new Set(exits.filter((exit) => isSharedExit(scope, obligation, exit, followed)));
  return {
    obligation: toldOf(obligation, exits, shared),
    ...own,
    addsUp: isAdding,
    isTransferred: isKept || settled.some(({ settlement: { kind } }) => kind === 'returned' || kind === 'transferred'),
    shared,
    mayBeKept: settled.some(({ settlement: { kind } }) => kind === 'escaped'),
    endsWithProcess: endsWithProcess(asked, obligation, exits),
    ownerReleasesNothing: !isAdding && ownerReleasesNothing(demand, scope, obligation, own),
    endsByItself: endsByItself(demand, scope, obligation, exits, own.unreleasedField),
    failsTest: failsTest(scope, exits),
    outlivesItsEnd: outlivesItsEnd(demand, scope, obligation),
  };
}

function endsWithProcess(
  { demand, scope, isProcess }: Asked,
  obligation: Obligation,
  exits: readonly OpenExit[],
): boolean {
  // Used up inline it is a note about the expression, in whatever function that stands, unless all of the file is a script.
  if (obligation.family === 'inline') return scope.world.models.conventions.scriptPaths?.test(scope.file.path) === true;
  // What is lost in each turn of a loop adds up before the process ends; what is open where the function returns is one. Of
  // an exception nobody knows whether the next turn comes after it.
  const isLostOnTheWay = exits.some(({ kind }) => kind !== 'return');
  const { block } = obligation.seed;
  if (isLostOnTheWay && reaches(scope.fn, block, block)) return false;
  return (
    isProcess() ||
    isDroppedOnLoading(scope, obligation) ||
    failsToLoad(scope, exits) ||
    isInProgram(demand, scope, block) ||
    livesWithProcess(demand, scope, obligation) ||
    (isLikely(exits) && isStepOfProcess(demand, scope, obligation, exits))
  );
}

/** What a failing test leaves open is gone with its run, and the failure is what somebody looks at. */
function failsTest({ file, world }: Scope, exits: readonly OpenExit[]): boolean {
  const { testPaths } = world.models.conventions;
  if (testPaths?.test(file.path) !== true) return false;
  return exits.every(({ kind, state }) => kind === 'throw' && state.weakest !== null);
}

function ownerReleasesNothing(
  demand: Demand,
  scope: Scope,
  { isPresumed, resource }: Obligation,
  { unreleasedField, forgottenIn }: OwnExits,
): boolean {
  if (forgottenIn !== null) return false;
  if (unreleasedField === null) return false;
  if (releasedAbove(demand, scope, unreleasedField) === 'unknown') return true;
  const { file, ownerType, world } = scope;
  const type = ownerType === null ? null : world.project.type(ownerType);
  if (type !== null && demand.classes.ends(type).some((end) => demand.fieldReleases.areIn(end))) return false;
  // An end that no type declares is that of a class without a name.
  const declared = new Set(file.index.declarations.map(({ name }) => name));
  const releasing = [...demand.fieldReleases.of(file).values()].flatMap((functions) => [...functions]);
  if (releasing.some((name) => !declared.has(name) && world.endsLife(file.index, name))) return false;
  return isPresumed || resource === GENERIC_RESOURCE || !endForgets(demand, scope, unreleasedField);
}

/** `new Map({ target: 'map' });` as a statement of a module: there is one, for as long as the page. */
function isDroppedOnLoading({ fn }: Scope, { call, variable, seed }: Obligation): boolean {
  if (fn.kind !== 'module' || call.callee.kind !== 'construct') return false;
  return variable === null && !reaches(fn, seed.block, seed.block);
}

/** Of what nobody is told anyway it costs too much to ask who calls the function. */
function isLikely(exits: readonly OpenExit[]): boolean {
  return exits.some(({ state: { weakest } }) => weakest === null || isAtLeastAsSure(weakest, 'likely'));
}

/** Do ways on which it is released, or somebody else's, end there too? Going round to where it is acquired once more does not count. */
function isSharedExit({ fn }: Scope, { seed }: Obligation, exit: OpenExit, { settled, open }: Followed): boolean {
  const end = blockBeforeCleanup(functionFacts(fn), exit.state.path);
  if (exit.kind !== 'return' || end === null) return false;
  const isKept = open.some(
    ({ kind, span, fields }) => kind === 'return' && span.start === exit.span.start && fields.length > 0,
  );
  if (isKept && exit.fields.length === 0) return true;
  const leading = blocksLeadingTo(functionFacts(fn).predecessors, end, seed.block);
  return settled.some(
    ({ settlement: { kind }, state: { path } }) =>
      kind !== 'halted' && kind !== 'returned' && path !== null && path.block !== seed.block && leading.has(path.block),
  );
}

/**
 * What others of the file do is a hint, and an exception nobody announces another: the two together are too little. So is
 * that what a getter gives is closed in a branch, `if (isOver) panel.close()`: it may stay open as it was before.
 */
function toldOf(obligation: Obligation, exits: readonly OpenExit[], shared: ReadonlySet<OpenExit>): Obligation {
  const isSure = ({ state: { weakest } }: OpenExit): boolean =>
    weakest === null || weakest === 'declared' || weakest === 'explicit';
  const isGuess = obligation.isToldElsewhere && !exits.some(isSure);
  const isInBranch = [...shared].some(({ state: { weakest } }) => weakest === null);
  const isOrder = obligation.mayBeKeptElsewhere && !obligation.isToldElsewhere && isInBranch;
  return isOrder || isGuess ? { ...obligation, hasSiblingRelease: false } : obligation;
}
