/** Every language there is; one line each. */
import { goFrontend } from './go/frontend.ts';
import { javaFrontend } from './java/frontend.ts';
import type { LanguageFrontend } from './language.ts';
import { pythonFrontend } from './python/frontend.ts';
import { typescriptFrontend } from './typescript/frontend.ts';

export const frontends: readonly LanguageFrontend[] = [javaFrontend, goFrontend, pythonFrontend, typescriptFrontend];

/** By the file name's extension; null for a file of no language known here. */
export function frontendFor(path: string): LanguageFrontend | null {
  for (const frontend of frontends) {
    if (frontend.extensions.some((extension) => path.endsWith(extension))) return frontend;
  }
  return null;
}
