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

/**
 * The languages of a scan in which a type checker is asked as well, where there is one; `root`: what paths of files
 * are relative to, `files`: absolute. Reads the configurations and packages of the project, and runs nothing of it.
 */
export function typedFrontends(root: string, files: readonly string[]): readonly LanguageFrontend[] {
  return frontends.map((frontend) => frontend.withTypes?.(root, files) ?? frontend);
}
