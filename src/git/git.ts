/** Questions to git. Nothing is fetched and nothing is written; there may be no git, and no repository. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxOutputBytes = 256 * 1024 * 1024;

/** What git prints, or null if it fails. */
export async function git(cwd: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', [...args], { cwd, maxBuffer: maxOutputBytes, encoding: 'utf8' });
    return stdout;
  } catch {
    return null;
  }
}
