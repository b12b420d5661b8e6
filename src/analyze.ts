/**
 * A scan: finds the files, lets the gate choose, has them analysed (`session/`), and keeps what settings and comments
 * want. Knows nothing of processes, terminals or editors.
 */
import { resolve } from 'node:path';
import { readStored, writeStored } from './cache/cache-files.ts';
import { isInShard, type Shard, type StoredScans } from './cache/part.ts';
import { storedFile, UnitCache, type StoredFile, type StoredFiles, type StoredScan } from './cache/unit-cache.ts';
import { identify } from './findings/build-finding.ts';
import type { CheckId, Confidence, Finding } from './findings/finding.ts';
import { onlyChecks, type FileSettings, type ReportedFinding, type SuppressedFinding } from './findings/select.ts';
import type { LanguageFrontend, Target } from './languages/language.ts';
import { frontendFor, frontends, typedFrontends } from './languages/registry.ts';
import { modelStamp } from './models/load.ts';
import { dependencyTest } from './project/dependencies.ts';
import { discover, type DiscoveredFile, type FileGlobs } from './project/discover.ts';
import { findHomes } from './project/homes.ts';
import { targetOf } from './project/target.ts';
import { fileTable, type SourceFile } from './project/project.ts';
import { hashOf, SourceStore } from './project/source-store.ts';
import { readSourceText } from './project/source-text.ts';
import { loadKnowledge, type Knowledge } from './session/knowledge.ts';
import type { FileProblem } from './findings/file-problem.ts';
import { UnitRunner, type LanguageFiles, type RunnerOptions } from './scan/unit-runner.ts';
import { analyseInRounds, firstRound, type Gathered } from './session/rounds.ts';
import { DEPENDENCIES_PASSED_OVER, count, emptyStats, took, type ScanStats } from './session/stats.ts';
import { Acquirers } from './session/acquirers.ts';
import { judgeFile, mayHaveDirectives, type JudgedFile } from './suppression/judge-file.ts';

export interface ScanOptions {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly minConfidence: Confidence;
  /** null: all. */
  readonly checks: readonly CheckId[] | null;
  /** YAML files of the user's own models. */
  readonly modelFiles: readonly string[];
  readonly exclude: readonly string[];
  /** Of a configuration. */
  readonly globs?: FileGlobs | null;
  /** What is wanted of a file, by its path; instead of `minConfidence` and `checks`. */
  readonly settingsOf?: (path: string) => FileSettings;
  /** Whether comments silence findings; absent: they do. */
  readonly readsComments?: boolean;
  /** Only these files are analysed; the others are there to be called. */
  readonly only?: (path: string) => boolean;
  /** A folder with results of earlier scans; null or absent: everything is analysed. Not used together with `only`. */
  readonly cacheFolder?: string | null;
  /** Check the IR's invariants; a violation is an internal problem of that file. */
  readonly verify: boolean;
  /**
   * A type checker is asked where the syntax does not tell, for languages that have one. What it says depends on files
   * nobody notes, so nothing is kept for other scans or taken from them; and on one thread.
   */
  readonly types?: boolean;
  /** Only its share of the first round is done: the result has no findings. */
  readonly shard?: Shard | null;
  /** What shards or an earlier scan have found out. */
  readonly earlier?: StoredScans | null;
  /** Whether another scan will go on from this one; it takes time to write down what that may use. */
  readonly wantsStored?: boolean;
  /** At most so many; `auto`: as many as pay; absent: one. */
  readonly threads?: number | 'auto';
  /** Told what is wrong with the scan and no file of it. */
  readonly onWarning?: (message: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ScanResult {
  /** Sorted by path and position. */
  readonly findings: readonly ReportedFinding[];
  /** Sorted alike; would be findings if nobody had silenced them. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly problems: readonly FileProblem[];
  readonly stats: ScanStats;
  /** Text by path, of files with findings. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of all files that were analysed or passed over by the gate, sorted. */
  readonly scanned: readonly string[];
  /** Fingerprints of everything found, wanted or not. */
  readonly fingerprints: ReadonlySet<string>;
  /** What scans that go on from this one may use; empty if nobody was to. */
  readonly stored: StoredScans;
  /** What was scanned, a project per language. */
  readonly projects: readonly ScannedProject[];
}

export interface ScannedProject {
  readonly knowledge: Knowledge;
  readonly sources: readonly SourceFile[];
  /** What the project itself acquires by. */
  readonly acquirers: Acquirers;
  /** What a file may be written with; manifests are read when somebody asks. */
  readonly targetOf: (path: string) => Target;
}

export async function scan(options: ScanOptions): Promise<ScanResult> {
  const run = new Run(options);
  const started = performance.now();
  const discovered = discover([...options.paths], {
    exclude: [...options.exclude],
    globs: options.globs ?? null,
    extensions: frontends.flatMap((frontend) => [...frontend.extensions]),
    cwd: options.cwd,
  });
  for (const { path, message } of discovered.problems) run.problems.push({ path, message, kind: 'unreadable' });
  run.stats.files = discovered.files.length;
  took(run.stats, 'discover', started);
  const languages =
    options.types === true
      ? typedFrontends(
          options.cwd,
          discovered.files.map(({ absolute }) => absolute),
        )
      : frontends;
  for (const frontend of languages) {
    const files = discovered.files.filter((file) => frontendFor(file.path)?.id === frontend.id);
    if (files.length === 0) continue;
    await frontend.load();
    await run.scanLanguage(frontend, files);
  }
  return run.result();
}

/** The state of one scan: what it has found, and the numbers. */
class Run {
  readonly problems: FileProblem[] = [];
  readonly projects: ScannedProject[] = [];
  readonly stats: ScanStats = emptyStats();
  readonly #findings: ReportedFinding[] = [];
  readonly #suppressed: SuppressedFinding[] = [];
  readonly #texts = new Map<string, string>();
  readonly #scanned: string[] = [];
  readonly #fingerprints = new Set<string>();
  readonly #options: ScanOptions;
  readonly #settingsOf: (path: string) => FileSettings;
  readonly #unreadable = new Set<string>();
  /** Of others, kept within the project: called and not judged. */
  readonly #dependencies = new Set<string>();
  readonly #stored: Record<string, StoredScan> = {};
  #done = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
    const settings = {
      ...options,
      checks: options.checks === null ? {} : onlyChecks(options.checks),
      exceptions: 'possible',
    } as const;
    this.#settingsOf = options.settingsOf ?? (() => settings);
  }

  result(): ScanResult {
    return {
      findings: this.#findings.sort(byPlace),
      suppressed: this.#suppressed.sort((a, b) => byPlace(a.finding, b.finding)),
      problems: this.problems.sort((a, b) => byText(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0)),
      stats: { ...this.stats, files: this.stats.files - this.#unreadable.size - this.#dependencies.size },
      texts: this.#texts,
      projects: this.projects,
      scanned: this.#scanned.sort(byText),
      fingerprints: this.#fingerprints,
      stored: this.#stored,
    };
  }

  async scanLanguage(frontend: LanguageFrontend, files: readonly DiscoveredFile[]): Promise<void> {
    const loading = performance.now();
    const knowledge = loadKnowledge(frontend, this.#options.modelFiles);
    took(this.stats, 'load', loading);
    const gating = performance.now();
    const mayComplain = new Set<string>();
    const generated = new Set<string>();
    const stored: Record<string, StoredFile> = {};
    const absolutes = files.map(({ absolute }) => absolute);
    const homes = findHomes(frontend, absolutes, this.#options.cwd);
    const isDependency = dependencyTest(frontend.dependencyFolders, this.#options.paths, this.#options.cwd);
    const isJudged = (path: string): boolean => this.#isWanted(path) && !this.#dependencies.has(path);
    const sources = files.map((file): SourceFile => {
      const text = this.#read(file);
      if (text !== null && isDependency(file.path)) {
        this.#dependencies.add(file.path);
        count(this.stats.limits, DEPENDENCIES_PASSED_OVER);
      }
      const isGenerated = text !== null && knowledge.isGenerated(text);
      if (isGenerated) {
        generated.add(file.path);
        count(this.stats.limits, 'generated files passed over');
      }
      const mayMatter = text !== null && !isGenerated && knowledge.mayMatter(text);
      if (text !== null && isJudged(file.path)) {
        this.#scanned.push(file.path);
        // A file that nothing is found in may still have a comment to complain about.
        if (mayHaveDirectives(text)) mayComplain.add(file.path);
      }
      if (this.#keepsResults || this.#earlier !== null) stored[file.path] = storedFile(text, mayMatter);
      return { path: file.path, frontend, text: () => this.#read(file), mayMatter, home: homes.of(file.absolute) };
    });
    took(this.stats, 'gate', gating);
    const acquirers = new Acquirers(knowledge.models.conventions.constructionKeyword);
    const { cwd } = this.#options;
    this.projects.push({ knowledge, sources, acquirers, targetOf: (path) => targetOf(frontend, resolve(cwd, path)) });
    const wanted = sources.filter(({ path }) => isJudged(path) && !generated.has(path));
    const absolute = new Map(files.map((file) => [file.path, file.absolute]));
    const language = { knowledge, sources, absolute, store: new SourceStore(knowledge.models.conventions) };
    const cache = this.#openCache(language, stored, homes.stamp);
    const runner = new UnitRunner(language, cache, this.#runnerOptions, this.stats);
    const { shard = null } = this.#options;
    if (shard !== null) {
      const first = firstRound(wanted);
      const share = { ...first, units: first.units.filter((_, unit) => isInShard(unit, shard)) };
      await runner.run(share).finally(() => runner.close());
      this.#noteStored(frontend.id, cache);
      return;
    }
    const gathered = await analyseInRounds(wanted, acquirers, (round) => runner.run(round)).finally(() =>
      runner.close(),
    );
    this.#storeCache(language, cache);
    this.#noteStored(frontend.id, cache);
    this.#done += sources.filter(({ path, mayMatter }) => !mayMatter || this.#dependencies.has(path)).length;
    for (const source of wanted) {
      const found = gathered.get(source.path) ?? null;
      if (found !== null || mayComplain.has(source.path)) this.#keep(source, found ?? nothing);
    }
  }

  #isWanted(path: string): boolean {
    return this.#options.only?.(path) ?? true;
  }

  get #runnerOptions(): RunnerOptions {
    const { verify, modelFiles, types = false, onProgress } = this.#options;
    const threads = types ? 1 : (this.#options.threads ?? 1);
    return {
      verify,
      modelFiles,
      threads,
      wantsReads: this.#keepsResults,
      onFile: () => onProgress?.(++this.#done, this.stats.files),
    };
  }

  /** A part of the files knows less of what the project acquires by, so its results are not those of a scan. */
  get #cacheFolder(): string | null {
    const { only, types = false, cacheFolder = null } = this.#options;
    return only === undefined && !types ? cacheFolder : null;
  }

  #noteStored(language: string, cache: UnitCache | null): void {
    if (cache !== null && this.#options.wantsStored === true) this.#stored[language] = cache.stored;
  }

  /** Results of a type checker rest on files of which nobody keeps note. */
  get #earlier(): StoredScans | null {
    const { earlier = null, types = false } = this.#options;
    return types ? null : earlier;
  }

  get #keepsResults(): boolean {
    const { only, types = false, wantsStored = false } = this.#options;
    return this.#cacheFolder !== null || (wantsStored && !types && only === undefined);
  }

  #openCache({ knowledge, sources, store }: LanguageFiles, stored: StoredFiles, manifests: string): UnitCache | null {
    const folder = this.#cacheFolder;
    const part = this.#earlier?.[knowledge.frontend.id] ?? null;
    if (!this.#keepsResults && part === null) return null;
    const before = part ?? (folder === null ? null : readStored(folder, this.#cacheName(knowledge)));
    return new UnitCache(before, { stored, manifests, table: fileTable(sources), store });
  }

  #storeCache({ knowledge }: LanguageFiles, cache: UnitCache | null): void {
    const folder = this.#cacheFolder;
    if (folder === null || cache === null || cache.isSame) return;
    if (!writeStored(folder, this.#cacheName(knowledge), cache.stored))
      this.#options.onWarning?.('the cache cannot be written; the next scan analyses everything again');
  }

  /** What is scanned, and by what: scans of which this is the same may use each other's results. */
  #cacheName({ frontend }: Knowledge): string {
    const { paths, modelFiles, exclude, globs = null, verify } = this.#options;
    const scanned = [paths, exclude, globs?.include, globs?.exclude, verify];
    return `${frontend.id}-${hashOf(JSON.stringify([modelStamp(modelFiles), scanned]))}`;
  }

  #read(file: DiscoveredFile): string | null {
    const source = readSourceText(file.absolute);
    if ('text' in source) return source.text;
    if (!this.#unreadable.has(file.path)) {
      this.#unreadable.add(file.path);
      this.problems.push({ path: file.path, message: source.problem, kind: 'unreadable' });
    }
    return null;
  }

  #keep(source: SourceFile, { findings, problems }: Pick<Gathered, 'findings' | 'problems'>): void {
    const { path, frontend } = source;
    this.problems.push(...problems);
    const text = source.text();
    if (text === null || (findings.length === 0 && !mayHaveDirectives(text))) return;
    // Of several rounds, each has numbered its own.
    const identified = identify(findings);
    for (const { fingerprint } of identified) this.#fingerprints.add(fingerprint);
    const comments = () => frontend.comments(frontend.parse(path, text));
    const readsComments = this.#options.readsComments ?? true;
    const judged = judgeFile({ text, findings: identified, comments }, this.#settingsOf(path), readsComments);
    this.#complain(judged, path, problems);
    if (judged.findings.length === 0 && judged.suppressed.length === 0) return;
    this.#findings.push(...judged.findings);
    this.#suppressed.push(...judged.suppressed);
    this.#texts.set(path, text);
  }

  #complain({ faults, unused }: JudgedFile, path: string, problems: readonly FileProblem[]): void {
    for (const fault of faults) this.problems.push({ path, ...fault, kind: 'suppression' });
    // In a file that was read in part, what a comment silences may be in the rest.
    if (problems.length > 0) return;
    for (const fault of unused) this.problems.push({ path, ...fault, kind: 'unused-suppression' });
  }
}

const nothing = { findings: [], problems: [] };

function byPlace(a: Finding, b: Finding): number {
  return byText(a.path, b.path) || a.acquiredAt.start - b.acquiredAt.start;
}

/** By code units: the same order on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
