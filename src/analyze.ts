/**
 * The pipeline: discover → gate → parse → index → lower → verify → resolve → summarise → simulate → classify →
 * filter. The only file that names every pass. Knows nothing of processes, terminals or editors.
 */
import { judge } from './checks/index.ts';
import { blockingFinding } from './findings/blocking-finding.ts';
import {
  buildFinding,
  deferredInLoopFinding,
  identify,
  perCallFinding,
  wrongTargetFinding,
  type Acquired,
} from './findings/build-finding.ts';
import { checkCatalogue } from './findings/check-catalogue.ts';
import type { CheckId, Confidence, Finding } from './findings/finding.ts';
import { lineMap } from './findings/line-map.ts';
import type { LineMap } from './findings/line-map.ts';
import type { FileSettings, ReportedFinding, SuppressedFinding } from './findings/select.ts';
import { verifyFunction } from './ir/verify.ts';
import type { Declaration, LanguageFrontend } from './languages/language.ts';
import { frontendFor, frontends } from './languages/registry.ts';
import { loadApiIndex } from './models/api-index.ts';
import { compileGate } from './models/gate.ts';
import { loadModels } from './models/load.ts';
import type { ModelSet } from './models/model-set.ts';
import { discover } from './project/discover.ts';
import type { FileGlobs } from './project/discover.ts';
import { Project, type IndexedFile, type SourceFile } from './project/project.ts';
import { readSourceText } from './project/source-text.ts';
import type { Scope } from './resolve/scope.ts';
import { World } from './resolve/world.ts';
import { judgeFile, mayHaveDirectives } from './suppression/judge-file.ts';
import type { JudgedFile } from './suppression/judge-file.ts';
import { Blocking } from './summaries/blocking.ts';
import { Demand } from './summaries/demand.ts';
import { Acquirers } from './summaries/acquirers.ts';
import { AcquisitionGate } from './summaries/may-acquire.ts';
import { findLeaks, type Leak } from './summaries/find-leaks.ts';
import { remedyOf } from './summaries/remedy.ts';
import type { Obligation } from './summaries/obligations.ts';
import { wrongTargets, type WrongTarget } from './summaries/wrong-targets.ts';

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
  /** Sees every intermediate value, by the name of the pass that made it. */
  readonly observe?: (pass: string, value: unknown) => void;
}

export interface FileProblem {
  readonly path: string;
  readonly message: string;
  readonly kind: 'unreadable' | 'syntax' | 'budget' | 'internal' | 'suppression' | 'unused-suppression';
  /** Where the message is about a line. */
  readonly line?: number;
}

export interface ScanStats {
  files: number;
  parsed: number;
  functions: number;
  simulated: number;
  readonly opaque: Record<string, number>;
  readonly limits: Record<string, number>;
  readonly millis: Record<string, number>;
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
}

export interface FileResult {
  /** Of every check and confidence, sorted by position. */
  readonly findings: readonly Finding[];
  readonly problems: readonly FileProblem[];
  /** Places the parser could not make sense of. */
  readonly syntaxErrors: number;
}

/** What the rules say of a language; the same for any number of sessions. */
export interface Knowledge {
  readonly frontend: LanguageFrontend;
  readonly models: ModelSet;
  /** The gate: false if nothing in the text speaks of resources. */
  readonly mayMatter: (text: string) => boolean;
}

export type SessionOptions = Pick<ScanOptions, 'verify' | 'observe'>;

/** One file may take this long before the rest of it is skipped and reported. */
const FILE_BUDGET_MILLIS = 20_000;

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
  options.observe?.('discover', discovered);
  for (const frontend of frontends) {
    const files = discovered.files.filter((file) => frontendFor(file.path) === frontend);
    if (files.length === 0) continue;
    await frontend.load();
    run.scanLanguage(frontend, files);
  }
  return run.result();
}

/** Functions that acquire by what they name, or users of the project's own acquirers among the rest. */
type Examined = 'acquirers' | 'users';

/** How often what was found in users of acquirers is looked for in further files. */
const ROUNDS = 3;

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
    const settings = { ...options, checks: onlyChecks(options.checks), exceptions: 'possible' } as const;
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
    this.projects.push({ knowledge, sources });
    const session = new Session(knowledge, sources, this.#options, this.stats);
    for (const source of sources) {
      if (source.mayMatter && this.#isWanted(source.path)) this.#analyse(session, source, 'acquirers');
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

  #analyse(session: Session, source: SourceFile, which: Examined): void {
    const text = source.text();
    if (text === null) return;
    const { findings, problems } = session.analyse(source.path, text, which);
    const gathered = this.#gathered.get(source.path) ?? { source, findings: [], problems: [] };
    gathered.findings.push(...findings);
    gathered.problems.push(...problems);
    this.#gathered.set(source.path, gathered);
  }

  /** The gate's second round: files that use what the project acquires by, and those that use these in turn. */
  #analyseUsers(session: Session, sources: readonly GatedFile[]): void {
    for (let round = 0; round < ROUNDS && !session.acquirers.isEmpty; round++) {
      const users = sources.filter((source) => this.#isUser(session, source));
      for (const user of users) {
        user.mayMatter = true;
        this.#analyse(session, user, 'users');
      }
      if (users.length === 0) return;
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

function onlyChecks(wanted: readonly CheckId[] | null): FileSettings['checks'] {
  if (wanted === null) return {};
  const others = checkCatalogue.filter(({ id }) => !wanted.includes(id));
  return Object.fromEntries(others.map(({ id }) => [id, 'off']));
}

function byPlace(a: Finding, b: Finding): number {
  return byText(a.path, b.path) || a.acquiredAt.start - b.acquiredAt.start;
}

/** By code units: the same order on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `modelFiles`: YAML files of the user's own models. */
export function loadKnowledge(frontend: LanguageFrontend, modelFiles: readonly string[]): Knowledge {
  const models = loadModels(frontend.id, [...modelFiles]);
  return { frontend, models, mayMatter: compileGate(models) };
}

/**
 * Files of one language that may call each other, analysed one at a time. What was learnt of functions on the way
 * serves the files that follow, so a session lasts only as long as no file of it changes.
 */
export class Session {
  readonly #project: Project;
  readonly #demand: Demand;
  readonly #blocking: Blocking;
  readonly #gate: AcquisitionGate;
  readonly #examined = new WeakSet<Declaration>();
  readonly #indexed = new Set<string>();
  readonly acquirers: Acquirers;
  readonly #options: SessionOptions;
  readonly #stats: ScanStats;

  constructor(
    { frontend, models }: Knowledge,
    sources: readonly SourceFile[],
    options: SessionOptions,
    stats: ScanStats = emptyStats(),
  ) {
    this.#project = new Project(sources);
    this.#demand = new Demand(new World(this.#project, models, loadApiIndex(frontend.id), frontend));
    this.#blocking = new Blocking(this.#demand);
    this.acquirers = new Acquirers(this.#demand.world);
    this.#gate = new AcquisitionGate(this.#demand.world);
    this.#options = options;
    this.#stats = stats;
  }

  /** How often a file was parsed so far. */
  get parsed(): number {
    return this.#project.parsed;
  }

  /** The file boundary: a bug of ours in one file is reported, and the others' results stand. */
  analyse(path: string, text: string, which: Examined = 'acquirers'): FileResult {
    const problems: FileProblem[] = [];
    try {
      const file = this.#index(path, problems);
      return {
        findings: file === null ? [] : this.#findings(file, text, which, problems),
        problems,
        syntaxErrors: this.#syntaxErrors(path),
      };
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#options.observe?.('error', error);
      const message = `internal error (${reason}); this file's findings may be missing`;
      problems.push({ path, message, kind: 'internal' });
      return { findings: [], problems, syntaxErrors: 0 };
    }
  }

  #syntaxErrors(path: string): number {
    return this.#project.tree(path)?.errors.length ?? 0;
  }

  #index(path: string, problems: FileProblem[]): IndexedFile | null {
    const started = performance.now();
    const file = this.#project.file(path);
    const tree = this.#project.tree(path);
    if (tree !== null && tree.errors.length > 0 && !this.#indexed.has(path)) {
      const message = `${tree.errors.length} place${tree.errors.length === 1 ? '' : 's'} could not be parsed; the rest was analysed`;
      problems.push({ path, message, kind: 'syntax' });
    }
    this.#indexed.add(path);
    took(this.#stats, 'index', started);
    this.#options.observe?.('index', file);
    return file;
  }

  #findings(file: IndexedFile, text: string, which: Examined, problems: FileProblem[]): readonly Finding[] {
    const started = performance.now();
    const lines = lineMap(text);
    const found: Finding[] = [];
    this.acquirers.noteTypes(file.index);
    for (const declaration of file.index.declarations) {
      if (!declaration.hasBody) continue;
      if (which === 'acquirers') found.push(...this.#blockingIn(file, declaration));
      if (!this.#isWorthExamining(file, declaration, which)) continue;
      this.#examined.add(declaration);
      if (performance.now() - started > FILE_BUDGET_MILLIS) {
        problems.push({ path: file.path, message: 'takes too long; the rest of it was skipped', kind: 'budget' });
        break;
      }
      for (const scope of this.#demand.body(file, declaration)) {
        this.#inspect(scope, file.path, problems);
        found.push(...this.#leaksIn(scope, declaration, text, lines));
      }
    }
    took(this.#stats, 'analyse', started);
    return identify(found);
  }

  #isWorthExamining(file: IndexedFile, declaration: Declaration, which: Examined): boolean {
    if (which === 'acquirers') return this.#gate.mayAcquire(file, declaration);
    return !this.#examined.has(declaration) && this.acquirers.areUsedBy(declaration);
  }

  /** Functions of an analysed file that were passed over before it was known that what they call acquires. */
  hasUnexaminedUsers(path: string): boolean {
    const declarations = this.#project.file(path)?.index.declarations ?? [];
    return declarations.some((one) => one.hasBody && !this.#examined.has(one) && this.acquirers.areUsedBy(one));
  }

  #blockingIn(file: IndexedFile, declaration: Declaration): Finding[] {
    const { symbol } = declaration;
    const { language, path } = file.index;
    return this.#blocking
      .callsIn(file, declaration)
      .map(({ call, ...found }) => blockingFinding({ language, path, symbol, span: call.span, ...found }));
  }

  #inspect(scope: Scope, path: string, problems: FileProblem[]): void {
    this.#stats.functions++;
    for (const block of scope.fn.blocks) {
      for (const instruction of block.instructions) {
        if (instruction.op === 'opaque') count(this.#stats.opaque, instruction.why);
      }
    }
    for (const violation of this.#options.verify ? verifyFunction(scope.fn) : []) {
      problems.push({ path, message: `internal error (${scope.fn.symbol}: ${violation})`, kind: 'internal' });
    }
    this.#options.observe?.('lower', scope.fn);
  }

  #leaksIn(scope: Scope, declaration: Declaration, text: string, lines: LineMap): Finding[] {
    const found = findLeaks(this.#demand, scope, declaration.name);
    const { leaks, perCall, deferredInLoop, simulated, limits } = found;
    if (found.returnsAcquired && scope.fn.kind !== 'closure')
      this.acquirers.noteFunction(scope.file.index, declaration);
    this.#stats.simulated += simulated;
    for (const limit of limits) count(this.#stats.limits, limit);
    const costly = perCall.map((one) => perCallFinding(this.#acquired(scope, one, null), one.shared ?? ''));
    const late = deferredInLoop.map((one) => deferredInLoopFinding(this.#acquired(scope, one, null)));
    const wrong = wrongTargets(this.#demand, scope).map((one) =>
      wrongTargetFinding(relocked(scope, one), one.acquired),
    );
    return [...leaks.flatMap((leak) => this.#classify(scope, leak, text, lines) ?? []), ...costly, ...late, ...wrong];
  }

  #classify(scope: Scope, leak: Leak, text: string, lines: LineMap): Finding | null {
    const { obligation, exits, unreleasedField } = leak;
    const verdict = judge({ family: obligation.family, exits, unreleasedField });
    return verdict === null ? null : buildFinding(this.#acquired(scope, obligation, leak), verdict, text, lines);
  }

  /** `leak`: null where nothing stays open. */
  #acquired(scope: Scope, obligation: Obligation, leak: Leak | null): Acquired {
    const { fn, file } = scope;
    const field = leak?.unreleasedField ?? null;
    return {
      language: fn.language,
      path: file.path,
      symbol: fn.symbol,
      resource: obligation.resource,
      title: obligation.title,
      typeName: obligation.typeName,
      acquiredBy: obligation.seed.label,
      variable: obligation.variable,
      wrappers: obligation.wrappers,
      field,
      span: obligation.span,
      resolution: obligation.resolution,
      hasSiblingRelease: obligation.hasSiblingRelease || (leak?.forgottenIn ?? null) !== null || leak?.addsUp === true,
      forgottenIn: leak?.forgottenIn ?? null,
      isPresumed: obligation.isPresumed,
      endsWithProcess: leak?.endsWithProcess === true,
      ownerReleasesNothing: field !== null && leak?.ownerReleasesNothing === true,
      remedy: remedyOf(this.#demand, scope, obligation, leak),
    };
  }
}

/** The deferred call that takes a lock for the second time. */
function relocked(
  { fn, file, world }: Scope,
  { call, resource, variable, acquiredBy, isPresumed }: WrongTarget,
): Acquired {
  const { title } = world.models.resource(resource);
  return {
    language: fn.language,
    path: file.path,
    symbol: fn.symbol,
    resource,
    title,
    typeName: title,
    acquiredBy,
    variable,
    wrappers: [],
    field: null,
    forgottenIn: null,
    span: call.span,
    resolution: 'typed',
    hasSiblingRelease: true,
    isPresumed,
    endsWithProcess: false,
    ownerReleasesNothing: false,
    remedy: null,
  };
}

function emptyStats(): ScanStats {
  return { files: 0, parsed: 0, functions: 0, simulated: 0, opaque: {}, limits: {}, millis: {} };
}

function took(stats: ScanStats, pass: string, since: number): void {
  stats.millis[pass] = (stats.millis[pass] ?? 0) + performance.now() - since;
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
