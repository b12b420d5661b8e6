/** Replaces a source file by what a fix made of it: whole or not at all, and never over what somebody else wrote. */
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { readSourceText } from './source-text.ts';

/** null: done. Else why not, as a clause to put after the file's name. */
export async function replaceSource(absolute: string, before: string, after: string): Promise<string | null> {
  try {
    const now = readSourceText(absolute);
    if (!('text' in now) || now.text !== before) return 'was changed meanwhile';
    // A link keeps pointing where it does; its target is what changes.
    const target = await realpath(absolute);
    const mark = markOf(await readFile(target), before);
    if (mark === null) return 'is not encoded as UTF-8';
    const temporary = `${target}.${String(process.pid)}.tmp`;
    try {
      await writeFile(temporary, mark + after, { flag: 'wx' });
      await chmod(temporary, (await stat(target)).mode);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return null;
  } catch (error) {
    return `cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`;
  }
}

/** The byte order mark the text has lost on reading, if any; null: the bytes are not this text in UTF-8. */
function markOf(bytes: Buffer, text: string): string | null {
  for (const mark of ['', '\ufeff']) if (Buffer.from(mark + text, 'utf8').equals(bytes)) return mark;
  return null;
}
