/**
 * What all rules share: a file is analysed once, at the first rule that asks. Nothing is thrown from here: a linter
 * that dies of one rule helps nobody, so whatever goes wrong is a sentence for one of the rules to report.
 */
import { isAbsolute } from 'node:path';
import type { TSESLint } from '@typescript-eslint/utils';
import { noResult, type FileResult } from '../session/file-result.ts';
import { UserError } from '../errors.ts';
import type { Fix } from '../findings/edit.ts';
import type { Finding } from '../findings/finding.ts';
import type { LanguageFrontend } from '../languages/language.ts';
import { offersFrom, type Offers } from '../fixes/offers.ts';
import { isFile } from './project-files.ts';
import type { LintedText } from './linted-text.ts';
import { Workspace } from './workspace.ts';

export interface Analysis {
  /** Of every check and confidence. */
  readonly findings: readonly Finding[];
  /** How one of them can be fixed; null: nobody knows. Tried out when it is asked for. */
  fixFor(finding: Finding): Fix | null;
  /** Why findings or fixes may be missing; each is given out once, whoever asks. */
  takeProblems(): readonly string[];
}

/** What of a rule's context is the same for all rules. */
export type LintContext = Pick<
  Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  'cwd' | 'filename' | 'physicalFilename' | 'sourceCode'
>;

/** By the models used: rules may be given different ones. */
const analyses = new WeakMap<LintContext['sourceCode'], Map<string, Analysis>>();
const workspaces = new Map<string, Workspace>();

export function analysisOf(context: LintContext, source: LintedText, models: readonly string[]): Analysis {
  const key = JSON.stringify(models);
  const known = analyses.get(context.sourceCode);
  const ofFile = known ?? new Map<string, Analysis>();
  if (known === undefined) analyses.set(context.sourceCode, ofFile);
  let analysis = ofFile.get(key);
  if (analysis === undefined) {
    analysis = analyse(context, source, models);
    ofFile.set(key, analysis);
  }
  return analysis;
}

function analyse(context: LintContext, source: LintedText, models: readonly string[]): Analysis {
  const { filename } = context;
  try {
    const isTyped = source.typesIn(context.cwd) !== null;
    const workspace = workspaceAt(context.cwd, models, source.frontend, isTyped);
    // A block inside another file, and text that is in no file, import from nowhere we could look.
    const isOnDisk = isAbsolute(filename) && filename === context.physicalFilename && isFile(filename);
    const result = isOnDisk ? workspace.analyse(filename, source) : workspace.analyseAlone(filename, source);
    // A fix is tried out on text of which no type checker knows, so types do not count for what it has to mend.
    const bench = workspace.benchFor(filename, source, isOnDisk);
    const known = { findings: result.findings, errors: result.syntaxErrors };
    const offers = offersFrom(bench, source.text, () => (isTyped ? bench.analyse(source.text) : known));
    return analysisFrom(result, filename, offers);
  } catch (error) {
    const failed: FileResult = {
      ...noResult,
      problems: [{ path: filename, message: reasonOf(error, 'findings'), kind: 'internal' }],
    };
    return analysisFrom(failed, filename, () => null);
  }
}

/** What is learnt of a function with its types is not what others learn of it without. */
function workspaceAt(cwd: string, models: readonly string[], frontend: LanguageFrontend, isTyped: boolean): Workspace {
  const key = JSON.stringify([frontend.id, isTyped, cwd, ...models]);
  let workspace = workspaces.get(key);
  if (workspace === undefined) {
    workspace = new Workspace(cwd, models, frontend);
    workspaces.set(key, workspace);
  }
  return workspace;
}

function reasonOf(error: unknown, missing: 'findings' | 'fixes'): string {
  if (error instanceof UserError) return error.message;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error (${reason}); this file's ${missing} may be missing`;
}

/** Syntax errors are the parser's to report. */
function analysisFrom({ findings, problems }: FileResult, filename: string, offers: Offers): Analysis {
  const pending = problems.filter(({ kind }) => kind === 'internal' || kind === 'budget');
  let isTold = false;
  return {
    findings,
    fixFor: (finding) => {
      try {
        return offers(finding);
      } catch (error) {
        // The finding stands without a fix.
        if (!isTold) pending.push({ path: filename, message: reasonOf(error, 'fixes'), kind: 'internal' });
        isTold = true;
        return null;
      }
    },
    takeProblems: () => pending.splice(0).map(({ path, message }) => `${path}: ${message}`),
  };
}
