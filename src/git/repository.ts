/** Where the working directory is in a repository, and where that is kept. */
import { git } from './git.ts';

export interface WorkingRepository {
  /** Of the working directory below the root: `` or `app/`. */
  readonly prefix: string;
  /** Without user and password; null: there is no remote that others could reach. */
  readonly url: string | null;
  readonly revision: string | null;
  readonly branch: string | null;
}

/** null: no repository, or no git. */
export async function workingRepository(cwd: string): Promise<WorkingRepository | null> {
  const prefix = await git(cwd, ['rev-parse', '--show-prefix']);
  if (prefix === null) return null;
  const [remote, revision, branch] = await Promise.all([
    git(cwd, ['config', '--get', 'remote.origin.url']),
    git(cwd, ['rev-parse', '--verify', '--quiet', 'HEAD']),
    git(cwd, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
  ]);
  return {
    prefix: lineOf(prefix) ?? '',
    url: publicUrl(lineOf(remote) ?? ''),
    revision: lineOf(revision),
    branch: lineOf(branch),
  };
}

function lineOf(output: string | null): string | null {
  const line = output?.replace(/\r?\n$/, '') ?? '';
  return line === '' ? null : line;
}

/** `git@host:group/name.git` and `https://token@host/…` alike become `https://host/group/name`. */
export function publicUrl(remote: string): string | null {
  const short = /^(?:[^@/:]+@)?([^/:]{2,}):(?!\/\/)(.+)$/.exec(remote);
  const text = short === null ? remote : `https://${short[1] ?? ''}/${short[2] ?? ''}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol) || url.hostname === '') return null;
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const port = scheme === url.protocol.slice(0, -1) && url.port !== '' ? `:${url.port}` : '';
  return `${scheme}://${url.hostname}${port}${url.pathname.replace(/\.git\/?$/, '')}`;
}
