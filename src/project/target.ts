/** What a file of a scan may be written with: the language asks the manifests around it, which are read here. */
import type { LanguageFrontend, Target } from '../languages/language.ts';
import { textOrNull } from './source-text.ts';

const anyVersion: Target = { constructs: new Set(), platform: null };

/** `absolute`: the file's path. */
export function targetOf({ targetOf: ask }: LanguageFrontend, absolute: string): Target {
  return ask?.(absolute, textOrNull) ?? anyVersion;
}
