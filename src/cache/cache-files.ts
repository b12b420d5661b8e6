/**
 * Where results are kept: a file for each set of scanned paths and language, replaced as a whole, so that parallel runs
 * and runs that are cut short leave a file that can be read. Old files are taken away.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../project/source-store.ts';
import type { StoredScan } from './unit-cache.ts';

/** For each set of scanned paths and language; a folder seldom has more than a handful. */
const FILES_KEPT = 40;

/** Of what a run that was cut short has left. */
const TEMPORARY_KEPT_MILLIS = 3_600_000;

/** null: there is none that can be used. */
export function readStored(folder: string, name: string): StoredScan | null {
  try {
    const text = readFileSync(join(folder, `${name}.json`), 'utf8');
    // What has its checksum was written by the version in its name, and is what that name says.
    return parseChecked(text) as StoredScan | null;
  } catch {
    return null;
  }
}

/** A cache that cannot be written is no reason to fail: the next scan takes longer. Says whether it was. */
export function writeStored(folder: string, name: string, scan: StoredScan): boolean {
  const temporary = join(folder, `${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.gitignore'), '*\n');
    writeFileSync(temporary, printChecked(scan));
    renameSync(temporary, join(folder, `${name}.json`));
    removeOldest(folder);
    return true;
  } catch {
    removeIfPossible(temporary);
    return false;
  }
}

/** A checksum, then the value as JSON. */
export function printChecked(value: object): string {
  const body = JSON.stringify(value);
  return `${hashOf(body)}\n${body}`;
}

/** null: it was not written here, or not to the end. */
export function parseChecked(text: string): object | null {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== hashOf(body)) return null;
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' ? value : null;
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder is no folder; there is nothing in it.
  }
}

function removeOldest(folder: string): void {
  const entries = readdirSync(folder)
    .filter((name) => /^[\w-]+(\.[0-9a-f]+)?\.(json|tmp)$/.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const status = statSync(path, { throwIfNoEntry: false });
      return status === undefined ? [] : [{ path, modified: status.mtimeMs }];
    });
  const stored = entries.filter(({ path }) => path.endsWith('.json')).sort((a, b) => b.modified - a.modified);
  const abandoned = entries.filter(
    ({ path, modified }) => path.endsWith('.tmp') && Date.now() - modified > TEMPORARY_KEPT_MILLIS,
  );
  for (const { path } of [...stored.slice(FILES_KEPT), ...abandoned]) rmSync(path, { force: true });
}
