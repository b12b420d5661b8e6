/** Files of one language, analysed one at a time with what is known of the others. */
import { judge } from '../checks/index.ts';
import { buildFinding, identify } from '../findings/build-finding.ts';
import type { Finding } from '../findings/finding.ts';
import { lineMap, type LineMap } from '../findings/line-map.ts';
import {
  blockingFinding,
  deferredInLoopFinding,
  perCallFinding,
  wrongTargetFinding,
} from '../findings/pathless-findings.ts';
import type { FunctionId } from '../ir/ir.ts';
import { verifyFunction } from '../ir/verify.ts';
import type { Declaration } from '../languages/language.ts';
import { loadApiIndex } from '../models/api-index.ts';
import { fileTable, Project, type FileTable, type IndexedFile, type SourceFile } from '../project/project.ts';
import type { Reads } from '../project/reads.ts';
import { SourceStore } from '../project/source-store.ts';
import type { Scope } from '../resolve/scope.ts';
import { World } from '../resolve/world.ts';
import { acquirerFunction, acquirerTypes, callsOneOf, type Acquirers } from './acquirers.ts';
import { Blocking } from '../summaries/functions/blocking.ts';
import { Demand } from '../summaries/demand.ts';
import { findLeaks } from '../leaks/find-leaks.ts';
import type { Leak } from '../leaks/leak.ts';
import { AcquisitionGate } from '../summaries/functions/may-acquire.ts';
import { wrongTargets } from '../leaks/wrong-targets.ts';
import { describeObligation, describeRelock } from './describe-obligation.ts';
import type { FileProblem } from '../findings/file-problem.ts';
import type { FileResult } from './file-result.ts';
import type { Knowledge } from './knowledge.ts';
import { count, emptyStats, took, type ScanStats } from './stats.ts';

/** The functions of a file that may use what the project acquires by. */
export interface Users {
  /** What they use, as `Acquirers` names it. */
  readonly names: readonly string[];
  /** They are among these; null: any of the file. */
  readonly among: readonly FunctionId[] | null;
}

/** Files of one language with what is known of each alone; any number of sessions may share them. */
export interface SharedFiles {
  readonly table: FileTable;
  readonly store: SourceStore;
}

export function sharedFiles(
  { models }: Knowledge,
  sources: readonly SourceFile[],
  store = new SourceStore(models.conventions),
): SharedFiles {
  return { table: fileTable(sources), store };
}

export interface SessionOptions {
  /** Check the IR's invariants; a violation is an internal problem of that file. */
  readonly verify: boolean;
}

/** One file may take this long before the rest of it is skipped and reported. */
const FILE_BUDGET_MILLIS = 20_000;

interface Interest {
  readonly mayBlock: boolean;
  readonly mayAcquire: boolean;
  /** An earlier round has looked at it. */
  readonly isOver: boolean;
}

type InterestOf = (file: IndexedFile, declaration: Declaration) => Interest;

/** What comes of one file while it is analysed. */
interface Collected {
  readonly found: Finding[];
  readonly problems: FileProblem[];
  readonly types: string[];
  readonly functions: (readonly [name: string, home: string])[];
  readonly passedOver: Declaration[];
}

/** Runs what may go wrong; `what`: whose findings are then missing. */
type Guarded = <T>(what: string, fallback: T, compute: () => T) => T;

/**
 * Files of one language that may call each other, analysed one at a time. What was learnt of functions on the way
 * serves the files that follow, so a session lasts only as long as no file of it changes.
 */
export class Session {
  readonly #project: Project;
  readonly #demand: Demand;
  readonly #blocking: Blocking;
  readonly #gate: AcquisitionGate;
  readonly #options: SessionOptions;
  readonly #stats: ScanStats;

  constructor(
    { frontend, models }: Knowledge,
    { table, store }: SharedFiles,
    options: SessionOptions,
    stats: ScanStats = emptyStats(),
  ) {
    this.#project = new Project(table, store);
    this.#demand = new Demand(new World(this.#project, models, loadApiIndex(frontend.id), frontend), (limit) => {
      count(stats.limits, limit);
    });
    this.#blocking = new Blocking(this.#demand);
    this.#gate = new AcquisitionGate(this.#demand.world);
    this.#options = options;
    this.#stats = stats;
  }

  /** What was asked of the files so far. */
  get reads(): Reads {
    return this.#project.reads;
  }

  /**
   * `known`: what the project acquires by, where a scan has found out; functions that use these are looked at as well as
   * those whose own names speak of resources.
   */
  analyse(path: string, text: string, known: Acquirers | null = null): FileResult {
    return this.#analyse(path, text, (file, declaration) => ({
      mayBlock: true,
      isOver: false,
      mayAcquire:
        this.#gate.mayAcquire(file, declaration) ||
        known?.areUsedBy(declaration) === true ||
        this.#demand.releasedByOthers.mayConcern(file, declaration),
    }));
  }

  /** Of the functions that were passed over, those that use what the project turned out to acquire by. */
  analyseUsers(path: string, text: string, { names, among }: Users): FileResult {
    const wanted = new Set(names);
    const candidates = among === null ? null : new Set(among);
    return this.#analyse(path, text, (_, { id, calls }) => ({
      mayBlock: false,
      isOver: candidates?.has(id) === false,
      mayAcquire: candidates?.has(id) !== false && callsOneOf(calls, wanted),
    }));
  }

  /** The file boundary: a bug of ours in one file is reported, and the others' results stand. */
  #analyse(path: string, text: string, interestOf: InterestOf): FileResult {
    const result: Collected = { found: [], problems: [], types: [], functions: [], passedOver: [] };
    const { found, problems, types, functions, passedOver } = result;
    const guarded = <T>(what: string, fallback: T, compute: () => T): T => {
      try {
        return compute();
      } catch (error) {
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        const message = `internal error (${reason}); the findings of ${what} may be missing`;
        problems.push({ path, message, kind: 'internal' });
        return fallback;
      }
    };
    const file = guarded('this file', null, () => this.#index(path, problems));
    if (file !== null) this.#declarations(file, text, interestOf, guarded, result);
    return {
      findings: identify(found),
      problems,
      syntaxErrors: file === null ? 0 : (this.#project.tree(path)?.errors.length ?? 0),
      acquirers: { types, functions },
      passedOver: {
        ids: passedOver.map(({ id }) => id),
        calls: [...new Set(passedOver.flatMap(({ calls }) => [...calls]))].sort(),
      },
    };
  }

  #index(path: string, problems: FileProblem[]): IndexedFile | null {
    const started = performance.now();
    const file = this.#project.file(path);
    const errors = this.#project.tree(path)?.errors.length ?? 0;
    if (errors > 0) {
      const message = `${errors} place${errors === 1 ? '' : 's'} could not be parsed; the rest was analysed`;
      problems.push({ path, message, kind: 'syntax' });
    }
    took(this.#stats, 'index', started);
    return file;
  }

  /** Function by function: what goes wrong in one loses nothing of the others. */
  #declarations(file: IndexedFile, text: string, interestOf: InterestOf, guarded: Guarded, result: Collected): void {
    const started = performance.now();
    const lines = lineMap(text);
    result.types.push(...guarded('this file', [], () => acquirerTypes(this.#demand.world, file.index)));
    const told = new Set<string>();
    let skipped = 0;
    for (const declaration of file.index.declarations) {
      if (!declaration.hasBody) continue;
      const { name } = declaration;
      const interest = guarded(`\`${name}\``, null, () => interestOf(file, declaration));
      if (interest === null) continue;
      if (!interest.mayAcquire && !interest.isOver) result.passedOver.push(declaration);
      if (performance.now() - started > FILE_BUDGET_MILLIS) {
        if (interest.mayAcquire) skipped++;
        continue;
      }
      const found = guarded(`\`${name}\``, [], () => [
        ...(interest.mayBlock ? this.#blockingIn(file, declaration, told) : []),
        ...(interest.mayAcquire ? this.#acquiredIn(file, declaration, text, lines, result) : []),
      ]);
      result.found.push(...found);
    }
    if (skipped > 0) {
      const message = `takes too long; ${skipped} function${skipped === 1 ? ' was' : 's were'} skipped`;
      result.problems.push({ path: file.path, message, kind: 'budget' });
    }
    took(this.#stats, 'analyse', started);
  }

  #acquiredIn(file: IndexedFile, declaration: Declaration, text: string, lines: LineMap, result: Collected): Finding[] {
    return this.#demand.body(file, declaration).flatMap((scope) => {
      this.#countAndVerify(scope, file.path, result.problems);
      return this.#leaksIn(scope, declaration, text, lines, result);
    });
  }

  /** `told`: waits in helpers that a finding of this file reports already; the helpers' other callers get low confidence. */
  #blockingIn(file: IndexedFile, declaration: Declaration, told: Set<string>): Finding[] {
    const { symbol } = declaration;
    const { language, path } = file.index;
    return this.#blocking.callsIn(file, declaration).map(({ call, ...found }) => {
      const last = found.chain.length > 1 ? found.chain.at(-1) : undefined;
      const waits = last === undefined ? null : `${last.path}:${last.span.start}`;
      const isToldAgain = waits !== null && told.has(waits);
      if (waits !== null && !found.isOnlyCostly) told.add(waits);
      const isOnlyCostly = found.isOnlyCostly || isToldAgain;
      return blockingFinding({ language, path, symbol, span: call.span, ...found, isOnlyCostly });
    });
  }

  #countAndVerify(scope: Scope, path: string, problems: FileProblem[]): void {
    this.#stats.functions++;
    for (const block of scope.fn.blocks) {
      for (const instruction of block.instructions) {
        if (instruction.op === 'opaque') count(this.#stats.opaque, instruction.why);
      }
    }
    for (const violation of this.#options.verify ? verifyFunction(scope.fn) : []) {
      problems.push({ path, message: `internal error (${scope.fn.symbol}: ${violation})`, kind: 'internal' });
    }
  }

  #leaksIn(scope: Scope, declaration: Declaration, text: string, lines: LineMap, result: Collected): Finding[] {
    const found = findLeaks(this.#demand, scope, declaration.name);
    const { leaks, perCall, deferredInLoop, simulated } = found;
    if (found.returnsAcquired && scope.fn.kind !== 'closure')
      result.functions.push(...acquirerFunction(scope.file.index, declaration));
    this.#stats.simulated += simulated;
    const costly = perCall.map((one) =>
      perCallFinding(describeObligation(this.#demand, scope, one, null), one.shared ?? ''),
    );
    const late = deferredInLoop.map((one) => deferredInLoopFinding(describeObligation(this.#demand, scope, one, null)));
    const wrong = wrongTargets(this.#demand, scope).map((one) =>
      wrongTargetFinding(describeRelock(scope, one), one.acquired),
    );
    return [...leaks.flatMap((leak) => this.#classify(scope, leak, text, lines) ?? []), ...costly, ...late, ...wrong];
  }

  #classify(scope: Scope, leak: Leak, text: string, lines: LineMap): Finding | null {
    const { obligation, exits, unreleasedField } = leak;
    const verdict = judge({ family: obligation.family, exits, unreleasedField });
    return verdict === null
      ? null
      : buildFinding(describeObligation(this.#demand, scope, obligation, leak), verdict, text, lines);
  }
}
