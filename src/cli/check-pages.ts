/** The pages of docs/checks/, which are part of the package. */
import { existsSync, readFileSync } from 'node:fs';
import { checkCatalogue } from '../findings/check-catalogue.ts';
import type { CheckId } from '../findings/finding.ts';

const folder = new URL('../../docs/checks/', import.meta.url);

export function checkPages(): ReadonlyMap<CheckId, string> {
  const pages = new Map<CheckId, string>();
  for (const { id } of checkCatalogue) {
    const page = new URL(`${id}.md`, folder);
    if (existsSync(page)) pages.set(id, readFileSync(page, 'utf8'));
  }
  return pages;
}
