/**
 * Reads one source file as text. Whatever cannot be read as source is a problem to report, never an
 * exception: one odd file must not end a scan. Line ends are kept as they are, so offsets fit the file.
 */
import { readFileSync, statSync } from 'node:fs';

/** Larger files are generated or data; parsing them costs more than it finds. */
export const maxSourceBytes = 5 * 1024 * 1024;

/** Where a NUL byte shows that a file is not text; the rest is not searched. */
const binaryProbeBytes = 8192;

/** `problem` is a clause to put after the file's name: `is larger than 5 MB`. */
export type SourceText = { readonly text: string } | { readonly problem: string };

export function readSourceText(absolute: string, limit: number = maxSourceBytes): SourceText {
  try {
    // Asked first: opening a named pipe would wait for a writer for ever.
    const status = statSync(absolute);
    if (!status.isFile()) return { problem: `is ${status.isDirectory() ? 'a folder' : 'not a regular file'}` };
    if (status.size > limit) return { problem: `is larger than ${describeSize(limit)}` };
    return decodeSource(readFileSync(absolute));
  } catch (error) {
    return { problem: `cannot be read (${reasonOf(error)})` };
  }
}

/** null: it cannot be read as text, whatever the reason. */
export function textOrNull(absolute: string): string | null {
  const source = readSourceText(absolute);
  return 'text' in source ? source.text : null;
}

/** UTF-16 by its byte order mark, else UTF-8, else Latin-1, in which every byte means something. */
function decodeSource(bytes: Buffer): SourceText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  if (bytes.subarray(0, binaryProbeBytes).includes(0)) return { problem: 'is not a text file' };
  try {
    // Takes the byte order mark away.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: bytes.toString('latin1') };
  }
}

function describeSize(bytes: number): string {
  const megabyte = 1024 * 1024;
  return bytes >= megabyte ? `${Math.round(bytes / megabyte)} MB` : `${bytes} bytes`;
}

/** Messages of the system hold absolute paths, which reports must not. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
