/**
 * What all rules share: a file is analysed once, at the first rule that asks. Nothing is thrown from here: a linter
 * that dies of one rule helps nobody, so whatever goes wrong is a sentence for one of the rules to report.
 */
import { isAbsolute } from 'node:path';
import type { Rule, SourceCode } from 'eslint';
import type { FileResult } from '../analyze.ts';
import { UserError } from '../errors.ts';
import type { Finding } from '../findings/finding.ts';
import { isFile } from './project-files.ts';
import { Workspace } from './workspace.ts';

export interface Analysis {
  /** Of every check and confidence. */
  readonly findings: readonly Finding[];
  /** Why findings may be missing; each is given out once, whoever asks. */
  takeProblems(): readonly string[];
}

/** By the models used: rules may be given different ones. */
const analyses = new WeakMap<SourceCode, Map<string, Analysis>>();
const workspaces = new Map<string, Workspace>();

export function analysisOf(context: Rule.RuleContext, models: readonly string[]): Analysis {
  const key = JSON.stringify(models);
  const known = analyses.get(context.sourceCode);
  const ofFile = known ?? new Map<string, Analysis>();
  if (known === undefined) analyses.set(context.sourceCode, ofFile);
  let analysis = ofFile.get(key);
  if (analysis === undefined) {
    analysis = analyse(context, models);
    ofFile.set(key, analysis);
  }
  return analysis;
}

function analyse(context: Rule.RuleContext, models: readonly string[]): Analysis {
  try {
    return analysisFrom(resultOf(context, workspaceAt(context.cwd, models)));
  } catch (error) {
    return analysisFrom({
      findings: [],
      problems: [{ path: context.filename, message: reasonOf(error), kind: 'internal' }],
    });
  }
}

function resultOf(context: Rule.RuleContext, workspace: Workspace): FileResult {
  const { ast, text } = context.sourceCode;
  const { filename } = context;
  // A block inside another file, and text that is in no file, import from nowhere we could look.
  const isOnDisk = isAbsolute(filename) && filename === context.physicalFilename && isFile(filename);
  return isOnDisk ? workspace.analyse(filename, text, ast) : workspace.analyseAlone(filename, text, ast);
}

function workspaceAt(cwd: string, models: readonly string[]): Workspace {
  const key = JSON.stringify([cwd, ...models]);
  let workspace = workspaces.get(key);
  if (workspace === undefined) {
    workspace = new Workspace(cwd, models);
    workspaces.set(key, workspace);
  }
  return workspace;
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error (${reason}); this file's findings may be missing`;
}

/** Syntax errors are the parser's to report. */
function analysisFrom({ findings, problems }: FileResult): Analysis {
  const pending = problems.filter(({ kind }) => kind === 'internal' || kind === 'budget');
  return {
    findings,
    takeProblems: () => pending.splice(0).map(({ path, message }) => `${path}: ${message}`),
  };
}
