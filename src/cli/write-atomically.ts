/** Writes a report so that a reader sees the old file or the new one, never half of one. */
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../errors.ts';

export async function writeAtomically(cwd: string, file: string, text: string): Promise<void> {
  try {
    await write(resolve(cwd, file), text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Said before the work, not after it. */
export async function checkWritable(cwd: string, file: string): Promise<void> {
  const folder = dirname(resolve(cwd, file));
  const status = await stat(folder).catch(() => null);
  if (status?.isDirectory() !== true) throw new UserError(`cannot write ${file}: ENOENT: no folder ${dirname(file)}`);
}

async function write(path: string, text: string): Promise<void> {
  const existing = await stat(path).catch(() => null);
  // A device or pipe such as /dev/stdout must be written to, not replaced.
  if (existing !== null && !existing.isFile()) {
    await writeFile(path, text);
    return;
  }
  const target = existing === null ? path : await realpath(path);
  const temporary = `${target}.${String(process.pid)}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
