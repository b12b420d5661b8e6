/**
 * All files of a scan, in rounds. The first takes the files that the gate lets pass. What they turn out to hand out
 * resources by is put together, and the next round takes the files and functions that use it, until there are none.
 * A round knows what came of those before it and nothing of itself, so its units may be analysed in any order.
 */
import type { Finding } from '../findings/finding.ts';
import type { SourceFile } from '../project/project.ts';
import type { Acquirers } from './acquirers.ts';
import type { FileProblem } from '../findings/file-problem.ts';
import type { PassedOver } from './file-result.ts';
import { planUnits, type AnalysedFile, type Unit, type UnitFile, type UnitResult } from './unit.ts';

export interface Round {
  /** From 0. */
  readonly number: number;
  readonly units: readonly Unit[];
  /** Files that say nothing of resources and use what the project acquires by; they matter from this round on. */
  readonly opened: ReadonlySet<string>;
}

/** What was found in a file, over all rounds. */
export interface Gathered {
  readonly findings: Finding[];
  readonly problems: FileProblem[];
  /** Functions that no round has looked into yet. */
  passedOver: PassedOver;
}

/**
 * `sources`: sorted by path. `run` gives the results in the order of the units. Adds what is found to `acquirers`. The
 * result is by path; files that were never opened are not in it.
 */
export async function analyseInRounds(
  sources: readonly SourceFile[],
  acquirers: Acquirers,
  run: (round: Round) => Promise<readonly UnitResult[]>,
): Promise<ReadonlyMap<string, Gathered>> {
  const gathered = new Map<string, Gathered>();
  const opened = new Set<string>();
  let files = gatedIn(sources);
  // Every round takes files or functions that no earlier one did, so this ends.
  for (let number = 0; files.length > 0; number++) {
    const results = await run({ number, units: planUnits(files), opened: new Set(opened) });
    for (const result of results) {
      for (const file of result.files) {
        gather(gathered, file);
        acquirers.add(file.acquirers);
      }
    }
    files = sources.flatMap((source) => usersIn(source, gathered.get(source.path) ?? null, acquirers) ?? []);
    for (const { path } of files) if (!gathered.has(path)) opened.add(path);
  }
  return gathered;
}

export function firstRound(sources: readonly SourceFile[]): Round {
  return { number: 0, units: planUnits(gatedIn(sources)), opened: new Set() };
}

function gatedIn(sources: readonly SourceFile[]): readonly UnitFile[] {
  return sources.filter(({ mayMatter }) => mayMatter).map(({ path }) => ({ path, users: null }));
}

/** The file as it was, or with what the round of its users is to look at. */
export function sourceIn({ opened }: Pick<Round, 'opened'>, source: SourceFile): SourceFile {
  if (source.mayMatter || !opened.has(source.path)) return source;
  return { ...source, mayMatter: true };
}

function gather(gathered: Map<string, Gathered>, { path, findings, problems, passedOver }: AnalysedFile): void {
  const known = gathered.get(path);
  if (known === undefined) {
    gathered.set(path, { findings: [...findings], problems: [...problems], passedOver });
    return;
  }
  known.findings.push(...findings);
  // That it could not be parsed was said in the first round.
  known.problems.push(...problems.filter(({ kind }) => kind !== 'syntax'));
  known.passedOver = passedOver;
}

function usersIn(source: SourceFile, known: Gathered | null, acquirers: Acquirers): UnitFile | null {
  if (acquirers.isEmpty) return null;
  const { path } = source;
  if (known !== null) {
    const { ids, calls } = known.passedOver;
    const names = acquirers.among(calls);
    return names.length === 0 ? null : { path, users: { names, among: ids } };
  }
  const names = source.mayMatter ? [] : acquirers.mentionedIn(source.text() ?? '');
  return names.length === 0 ? null : { path, users: { names, among: null } };
}
