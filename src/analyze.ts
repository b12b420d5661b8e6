/**
 * The pipeline: discover → gate → parse → index → lower → verify → resolve → summarise → simulate → classify →
 * filter. The only file that names every pass. Knows nothing of processes, terminals or editors.
 */
import { judge } from './checks/index.ts';
import { buildFinding, identify } from './findings/build-finding.ts';
import { isAtLeast } from './findings/confidence.ts';
import type { CheckId, Confidence, Finding } from './findings/finding.ts';
import { lineMap } from './findings/line-map.ts';
import { verifyFunction } from './ir/verify.ts';
import type { LanguageFrontend } from './languages/language.ts';
import { frontendFor, frontends } from './languages/registry.ts';
import { loadApiIndex } from './models/api-index.ts';
import { compileGate } from './models/gate.ts';
import { loadModels } from './models/load.ts';
import { discover } from './project/discover.ts';
import { Project, type IndexedFile, type SourceFile } from './project/project.ts';
import { readSourceText } from './project/source-text.ts';
import type { Scope } from './resolve/scope.ts';
import { World } from './resolve/world.ts';
import { Demand } from './summaries/demand.ts';
import { findLeaks, type Leak } from './summaries/find-leaks.ts';

export interface ScanOptions {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly minConfidence: Confidence;
  /** null: all. */
  readonly checks: readonly CheckId[] | null;
  /** YAML files of the user's own models. */
  readonly modelFiles: readonly string[];
  readonly exclude: readonly string[];
  /** Check the IR's invariants; a violation is an internal problem of that file. */
  readonly verify: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Sees every intermediate value, by the name of the pass that made it. */
  readonly observe?: (pass: string, value: unknown) => void;
}

export interface FileProblem {
  readonly path: string;
  readonly message: string;
  readonly kind: 'unreadable' | 'syntax' | 'budget' | 'internal';
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
  readonly findings: readonly Finding[];
  readonly problems: readonly FileProblem[];
  readonly stats: ScanStats;
  /** Text by path, of files with findings. */
  readonly texts: ReadonlyMap<string, string>;
}

/** One file may take this long before the rest of it is skipped and reported. */
const FILE_BUDGET_MILLIS = 20_000;

export async function scan(options: ScanOptions): Promise<ScanResult> {
  const run = new Run(options);
  const started = performance.now();
  const discovered = await discover([...options.paths], {
    exclude: [...options.exclude],
    extensions: frontends.flatMap((frontend) => [...frontend.extensions]),
    cwd: options.cwd,
  });
  for (const { path, message } of discovered.problems) run.problems.push({ path, message, kind: 'unreadable' });
  run.stats.files = discovered.files.length;
  run.took('discover', started);
  options.observe?.('discover', discovered);
  for (const frontend of frontends) {
    const files = discovered.files.filter((file) => frontendFor(file.path) === frontend);
    if (files.length === 0) continue;
    await frontend.load();
    run.scanLanguage(frontend, files);
  }
  run.findings.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.acquiredAt.start - b.acquiredAt.start));
  run.problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { findings: run.findings, problems: run.problems, stats: run.stats, texts: run.texts };
}

interface DiscoveredFile {
  readonly path: string;
  readonly absolute: string;
}

/** The state of one scan: what it has found, and the numbers. */
class Run {
  readonly findings: Finding[] = [];
  readonly problems: FileProblem[] = [];
  readonly texts = new Map<string, string>();
  readonly stats: ScanStats = { files: 0, parsed: 0, functions: 0, simulated: 0, opaque: {}, limits: {}, millis: {} };
  readonly #options: ScanOptions;
  readonly #unreadable = new Set<string>();
  #done = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  took(pass: string, since: number): void {
    this.stats.millis[pass] = (this.stats.millis[pass] ?? 0) + performance.now() - since;
  }

  scanLanguage(frontend: LanguageFrontend, files: readonly DiscoveredFile[]): void {
    const loading = performance.now();
    const models = loadModels(frontend.id, [...this.#options.modelFiles]);
    const mayMatter = compileGate(models);
    this.took('load', loading);
    const gating = performance.now();
    const sources = files.map((file): SourceFile => {
      const text = this.#read(file);
      return { path: file.path, frontend, text: () => this.#read(file), mayMatter: text !== null && mayMatter(text) };
    });
    this.took('gate', gating);
    const project = new Project(sources);
    const world = new World(project, models, loadApiIndex(frontend.id), frontend.implicitPackages);
    const demand = new Demand(world);
    for (const source of sources) {
      const text = source.mayMatter ? source.text() : null;
      if (text !== null) this.#scanFile(demand, source.path, text);
      this.#options.onProgress?.(++this.#done, this.stats.files);
    }
    this.stats.parsed += project.parsed;
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

  /** The file boundary: a bug of ours in one file is reported, and the others' results stand. */
  #scanFile(demand: Demand, path: string, text: string): void {
    try {
      const file = this.#index(demand, path);
      if (file !== null) this.#analyse(demand, file, text);
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#options.observe?.('error', error);
      this.problems.push({
        path,
        message: `internal error (${reason}); this file's findings may be missing`,
        kind: 'internal',
      });
    }
  }

  #index(demand: Demand, path: string): IndexedFile | null {
    const started = performance.now();
    const file = demand.world.project.file(path);
    const tree = demand.world.project.tree(path);
    if (tree !== null && tree.errors.length > 0) {
      const message = `${tree.errors.length} place${tree.errors.length === 1 ? '' : 's'} could not be parsed; the rest was analysed`;
      this.problems.push({ path, message, kind: 'syntax' });
    }
    this.took('index', started);
    this.#options.observe?.('index', file);
    return file;
  }

  #analyse(demand: Demand, file: IndexedFile, text: string): void {
    const started = performance.now();
    const lines = lineMap(text);
    const found: Finding[] = [];
    for (const declaration of file.index.declarations) {
      if (!declaration.hasBody || declaration.calls.size === 0) continue;
      if (performance.now() - started > FILE_BUDGET_MILLIS) {
        this.problems.push({ path: file.path, message: 'takes too long; the rest of it was skipped', kind: 'budget' });
        break;
      }
      for (const scope of demand.body(file, declaration)) {
        this.stats.functions++;
        this.#countOpaque(scope);
        if (this.#options.verify) this.#verify(file.path, scope);
        this.#options.observe?.('lower', scope.fn);
        const { leaks, simulated, limits } = findLeaks(demand, scope, declaration.name);
        this.stats.simulated += simulated;
        for (const limit of limits) this.stats.limits[limit] = (this.stats.limits[limit] ?? 0) + 1;
        for (const leak of leaks) {
          const finding = this.#classify(file, scope, leak, text, lines);
          if (finding !== null) found.push(finding);
        }
      }
    }
    this.took('analyse', started);
    const kept = identify(found).filter((finding) => this.#isWanted(finding));
    if (kept.length === 0) return;
    this.findings.push(...kept);
    this.texts.set(file.path, text);
  }

  #countOpaque(scope: Scope): void {
    for (const block of scope.fn.blocks) {
      for (const instruction of block.instructions) {
        if (instruction.op === 'opaque')
          this.stats.opaque[instruction.why] = (this.stats.opaque[instruction.why] ?? 0) + 1;
      }
    }
  }

  #verify(path: string, scope: Scope): void {
    for (const violation of verifyFunction(scope.fn)) {
      this.problems.push({ path, message: `internal error (${scope.fn.symbol}: ${violation})`, kind: 'internal' });
    }
  }

  #classify(
    file: IndexedFile,
    scope: Scope,
    leak: Leak,
    text: string,
    lines: ReturnType<typeof lineMap>,
  ): Finding | null {
    const { obligation, exits, unreleasedField } = leak;
    const verdict = judge({ family: obligation.family, exits, unreleasedField });
    if (verdict === null) return null;
    return buildFinding(
      {
        language: scope.fn.language,
        path: file.path,
        symbol: scope.fn.symbol,
        resource: obligation.resource,
        title: obligation.title,
        typeName: obligation.typeName,
        acquiredBy: obligation.seed.label,
        variable: obligation.variable,
        wrappers: obligation.wrappers,
        field: unreleasedField,
        span: obligation.span,
        resolution: obligation.resolution,
        hasSiblingRelease: obligation.hasSiblingRelease,
        isPresumed: obligation.isPresumed,
        endsWithProcess: leak.endsWithProcess,
        ownerReleasesNothing: unreleasedField !== null && leak.ownerReleasesNothing,
      },
      verdict,
      text,
      lines,
    );
  }

  #isWanted(finding: Finding): boolean {
    const { checks, minConfidence } = this.#options;
    return isAtLeast(finding.confidence, minConfidence) && (checks === null || checks.includes(finding.check));
  }
}
