/** Which lines of the working tree are not as they were where a branch began. */
import { UserError } from '../errors.ts';
import { git } from './git.ts';

/** Both ends count. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export interface ChangedFiles {
  /** Relative to `cwd`, with `/`. */
  readonly paths: ReadonlySet<string>;
  /** null: all of it. A line that was only taken out counts as the lines around it. */
  readonly lines: (path: string) => Promise<readonly LineRange[] | null>;
}

/** `base`: a revision; null: what the CI system or the repository says the branch will be merged into. */
export async function changedFiles(
  cwd: string,
  base: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChangedFiles> {
  if ((await git(cwd, ['rev-parse', '--is-inside-work-tree'])) === null)
    throw new UserError('--changed: this is no git repository, or git is not installed');
  const revision = base ?? (await defaultBase(cwd, env));
  const start = await mergeBase(cwd, revision, base !== null);
  // Names end in NUL: nothing in them is quoted.
  const changed = await names(cwd, ['diff', '--name-only', '-z', '--relative', '--no-renames', start, '--']);
  const added = await names(cwd, ['ls-files', '--others', '--exclude-standard', '-z']);
  const untracked = new Set(added);
  return {
    paths: new Set([...changed, ...added]),
    lines: async (path) => {
      if (untracked.has(path)) return null;
      const diff = await git(cwd, ['--literal-pathspecs', 'diff', ...asText, start, '--', path]);
      return diff === null ? null : hunks(diff);
    },
  };
}

async function defaultBase(cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const {
    GITHUB_BASE_REF: github = '',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: gitlab = '',
    CHANGE_TARGET: jenkins = '',
  } = env;
  const candidates = [
    ...(github === '' ? [] : [`origin/${github}`]),
    ...(gitlab === '' ? [] : [gitlab]),
    ...(jenkins === '' ? [] : [`origin/${jenkins}`]),
    'origin/HEAD',
    'origin/main',
    'origin/master',
    'main',
    'master',
  ];
  for (const candidate of candidates) if (await isRevision(cwd, candidate)) return candidate;
  throw new UserError('--changed: cannot tell what the branch will be merged into; name it: --changed=BASE');
}

async function isRevision(cwd: string, revision: string): Promise<boolean> {
  return (await git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])) !== null;
}

async function mergeBase(cwd: string, revision: string, isNamed: boolean): Promise<string> {
  if (!(await isRevision(cwd, revision)))
    throw new UserError(`--changed=${revision}: no such revision${isNamed ? '' : '; name another: --changed=BASE'}`);
  const found = await git(cwd, ['merge-base', revision, 'HEAD']);
  if (found !== null) return found.trim();
  throw new UserError(
    `--changed: ${revision} and HEAD have no common commit here; in CI, check out the whole history (fetch-depth: 0)`,
  );
}

async function names(cwd: string, args: readonly string[]): Promise<string[]> {
  const output = await git(cwd, args);
  if (output === null)
    throw new UserError(`--changed: git ${args[0] ?? ''} fails; no file can be told to be unchanged`);
  return output.split('\0').filter((name) => name !== '');
}

/** Attributes may say that a source file is not to be shown: git would have no lines of it. */
const asText = ['-U0', '--text', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'];

const hunkHead = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm;

function hunks(diff: string): LineRange[] {
  return [...diff.matchAll(hunkHead)].map(([, start = '0', count = '1']) => {
    const from = Number(start);
    return count === '0' ? { from, to: from + 1 } : { from, to: from + Number(count) - 1 };
  });
}
