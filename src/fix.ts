/**
 * Scan, then fix, in memory: file by file, each fix tried out by analysing the result. Whoever calls it decides
 * what is written. Knows nothing of processes or terminals.
 */
import { scan, type ScanOptions, type ScannedProject, type ScanResult } from './analyze.ts';
import type { Fix, OfferedFix } from './findings/edit.ts';
import type { Finding } from './findings/finding.ts';
import type { ReportedFinding } from './findings/select.ts';
import { joined } from './fixes/apply-edits.ts';
import { fixText, type AppliedFix, type LeftFinding } from './fixes/fix-text.ts';
import { offersFrom, type Offers } from './fixes/offers.ts';
import type { SourceFile } from './project/project.ts';
import { FileBench } from './session/file-bench.ts';
import { Session, sharedFiles } from './session/session.ts';

export interface FixOptions extends ScanOptions {
  /** Apply fixes that may change what paths do that were right, too. */
  readonly suggestions: boolean;
}

export interface FixedFile {
  /** Relative to the working folder, with `/`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly applied: readonly AppliedFix[];
}

export interface FixResult {
  readonly scanned: ScanResult;
  /** Files that change, sorted by path. */
  readonly files: readonly FixedFile[];
  /** Wanted findings that are left, by path. */
  readonly remaining: readonly LeftFinding[];
}

export async function fix(options: FixOptions): Promise<FixResult> {
  const scanned = await scan(options);
  const files: FixedFile[] = [];
  const remaining: LeftFinding[] = [];
  const changed = new Map<string, string>();
  // What the configuration and comments leave; a fix before another of its kind gives it that one's place.
  const wanted = new Set(scanned.findings.map(({ path, fingerprint }) => `${path} ${fingerprint}`));
  const isWanted = ({ path, fingerprint }: Finding): boolean => wanted.has(`${path} ${fingerprint}`);
  for (const project of scanned.projects) {
    for (const source of project.sources) {
      const text = scanned.texts.get(source.path);
      if (text === undefined) continue;
      const bench = benchOf({ ...project, sources: withChanges(project.sources, changed) }, source.path);
      const accepts = ({ isSafe }: Fix): boolean => isSafe || options.suggestions;
      const fixed = fixText(bench, text, { isWanted, accepts });
      remaining.push(...fixed.remaining);
      if (fixed.applied.length === 0) continue;
      changed.set(source.path, fixed.text);
      files.push({ path: source.path, before: text, after: fixed.text, applied: fixed.applied });
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { scanned, files, remaining };
}

/** A fix for each of these findings that has one, each tried out on the file as it is. Nothing is changed. */
export function offersFor(
  { projects, texts }: Pick<ScanResult, 'projects' | 'texts'>,
  findings: readonly ReportedFinding[],
): ReadonlyMap<ReportedFinding, OfferedFix> {
  const offers = new Map<ReportedFinding, OfferedFix>();
  const byFile = new Map<string, Offers>();
  for (const finding of findings) {
    const { path } = finding;
    const text = texts.get(path);
    const project = projects.find(({ sources }) => sources.some((source) => source.path === path));
    if (text === undefined || project === undefined) continue;
    const bench = benchOf(project, path);
    const ofFile = byFile.get(path) ?? offersFrom(bench, text, () => bench.analyse(text));
    byFile.set(path, ofFile);
    const fix = ofFile(finding);
    const whole = fix === null ? null : joined(fix.edits, text);
    if (fix !== null && whole !== null) offers.set(finding, { fix, joined: whole });
  }
  return offers;
}

/** Later files see what earlier ones have become. */
function withChanges(sources: readonly SourceFile[], changed: ReadonlyMap<string, string>): readonly SourceFile[] {
  if (changed.size === 0) return sources;
  return sources.map((source) => withText(source, changed.get(source.path) ?? null));
}

function withText(source: SourceFile, text: string | null): SourceFile {
  return text === null ? source : { ...source, text: () => text };
}

/** One file of a project, with whatever text is tried out. */
export function benchOf({ knowledge, sources, acquirers, targetOf }: ScannedProject, path: string): FileBench {
  return new FileBench({
    knowledge: () => knowledge,
    analyse: (text) => {
      const tried = sources.map((one) => (one.path === path ? withText(one, text) : one));
      return new Session(knowledge, sharedFiles(knowledge, tried), { verify: false }).analyse(path, text, acquirers);
    },
    parse: (text) => knowledge.frontend.parse(path, text),
    target: () => targetOf(path),
  });
}
