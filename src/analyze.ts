/**
 * A scan: finds the files, lets the gate choose, has them analysed (`session/`), and keeps what settings and comments
 * want. Knows nothing of processes, terminals or editors.
 */
import { identify } from './findings/build-finding.ts';
import type { CheckId, Confidence, Finding } from './findings/finding.ts';
import { onlyChecks, type FileSettings, type ReportedFinding, type SuppressedFinding } from './findings/select.ts';
import type { LanguageFrontend } from './languages/language.ts';
import { frontendFor, frontends } from './languages/registry.ts';
import { discover, type FileGlobs } from './project/discover.ts';
import type { SourceFile } from './project/project.ts';
import { readSourceText } from './project/source-text.ts';
import { loadKnowledge, type Knowledge } from './session/knowledge.ts';
import { Session, type FileProblem, type FileResult } from './session/session.ts';
import { emptyStats, took, type ScanStats } from './session/stats.ts';
import type { Acquirers } from './summaries/acquirers.ts';
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
  /** Check the IR's invariants; a violation is an internal problem of that file. */
  readonly verify: boolean;
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
  /** What was scanned, a project per language. */
  readonly projects: readonly ScannedProject[];
}

export interface ScannedProject {
  readonly knowledge: Knowledge;
  readonly sources: readonly SourceFile[];
  /** What the project itself acquires by. */
  readonly acquirers: Acquirers;
}

export async function scan(options: ScanOptions): Promise<ScanResult> {
  const run = new Run(options);
  const started = performance.now();
  const discovered = await discover([...options.paths], {
    exclude: [...options.exclude],
    globs: options.globs ?? null,
    extensions: frontends.flatMap((frontend) => [...frontend.extensions]),
    cwd: options.cwd,
  });
  for (const { path, message } of discovered.problems) run.problems.push({ path, message, kind: 'unreadable' });
  run.stats.files = discovered.files.length;
  took(run.stats, 'discover', started);
  for (const frontend of frontends) {
    const files = discovered.files.filter((file) => frontendFor(file.path) === frontend);
    if (files.length === 0) continue;
    await frontend.load();
    run.scanLanguage(frontend, files);
  }
  return run.result();
}

/** A file whose text says nothing may turn out to matter by what it uses. */
interface GatedFile extends SourceFile {
  mayMatter: boolean;
}

interface DiscoveredFile {
  readonly path: string;
  readonly absolute: string;
}

/** What was found in a file, over all rounds. */
interface Gathered {
  readonly source: SourceFile;
  readonly findings: Finding[];
  readonly problems: FileProblem[];
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
  readonly #gathered = new Map<string, Gathered>();
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
      stats: this.stats,
      texts: this.#texts,
      projects: this.projects,
      scanned: this.#scanned.sort(byText),
      fingerprints: this.#fingerprints,
    };
  }

  scanLanguage(frontend: LanguageFrontend, files: readonly DiscoveredFile[]): void {
    const loading = performance.now();
    const knowledge = loadKnowledge(frontend, this.#options.modelFiles);
    took(this.stats, 'load', loading);
    const gating = performance.now();
    const sources = files.map((file): GatedFile => {
      const text = this.#read(file);
      const mayMatter = text !== null && knowledge.mayMatter(text);
      if (text !== null && this.#isWanted(file.path)) this.#note(file.path, text, frontend, mayMatter);
      return { path: file.path, frontend, text: () => this.#read(file), mayMatter };
    });
    took(this.stats, 'gate', gating);
    const session = new Session(knowledge, sources, this.#options, this.stats);
    this.projects.push({ knowledge, sources, acquirers: session.acquirers });
    for (const source of sources) {
      if (source.mayMatter && this.#isWanted(source.path))
        this.#gather(source, (text) => session.analyse(source.path, text));
      this.#options.onProgress?.(++this.#done, this.stats.files);
    }
    this.#analyseUsers(
      session,
      sources.filter(({ path }) => this.#isWanted(path)),
    );
    for (const gathered of this.#gathered.values()) this.#keep(gathered);
    this.#gathered.clear();
    this.stats.parsed += session.parsed;
  }

  #isWanted(path: string): boolean {
    return this.#options.only?.(path) ?? true;
  }

  /** A file that nothing is found in may still have a comment to complain about. */
  #note(path: string, text: string, frontend: LanguageFrontend, mayMatter: boolean): void {
    this.#scanned.push(path);
    if (!mayHaveDirectives(text)) return;
    const source = { path, frontend, text: () => text, mayMatter };
    this.#gathered.set(path, { source, findings: [], problems: [] });
  }

  #gather(source: SourceFile, analyse: (text: string) => FileResult): void {
    const text = source.text();
    if (text === null) return;
    const { findings, problems } = analyse(text);
    const gathered = this.#gathered.get(source.path) ?? { source, findings: [], problems: [] };
    gathered.findings.push(...findings);
    gathered.problems.push(...problems);
    this.#gathered.set(source.path, gathered);
  }

  /** The gate's second round: files that use what the project acquires by, and those that use these in turn. */
  #analyseUsers(session: Session, sources: readonly GatedFile[]): void {
    // Every round takes files or functions that no earlier one did, so this ends.
    for (;;) {
      const users = session.acquirers.isEmpty ? [] : sources.filter((source) => this.#isUser(session, source));
      if (users.length === 0) return;
      for (const user of users) {
        user.mayMatter = true;
        this.#gather(user, (text) => session.analyseUsers(user.path, text));
      }
    }
  }

  #isUser(session: Session, source: GatedFile): boolean {
    return source.mayMatter
      ? session.hasUnexaminedUsers(source.path)
      : session.acquirers.mayBeUsedIn(source.text() ?? '');
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

  #keep({ source, findings, problems }: Gathered): void {
    const { path, frontend } = source;
    this.problems.push(...problems);
    if (findings.length === 0 && !mayHaveDirectives(source.text() ?? '')) return;
    const text = source.text();
    if (text === null) return;
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

function byPlace(a: Finding, b: Finding): number {
  return byText(a.path, b.path) || a.acquiredAt.start - b.acquiredAt.start;
}

/** By code units: the same order on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
