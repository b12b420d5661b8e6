/** What is known of a language before any file of a project is read. */
import type { LanguageFrontend } from '../languages/language.ts';
import { compileGate } from '../models/gate.ts';
import { loadModels } from '../models/load.ts';
import type { ModelSet } from '../models/model-set.ts';

/** What the rules say of a language; the same for any number of sessions. */
export interface Knowledge {
  readonly frontend: LanguageFrontend;
  readonly models: ModelSet;
  /** The gate: false if nothing in the text speaks of resources. */
  readonly mayMatter: (text: string) => boolean;
  /** Written by a tool: not analysed, whatever it uses. */
  readonly isGenerated: (text: string) => boolean;
}

/** `modelFiles`: YAML files of the user's own models. */
export function loadKnowledge(frontend: LanguageFrontend, modelFiles: readonly string[]): Knowledge {
  const models = loadModels(frontend.id, [...modelFiles]);
  return { frontend, models, mayMatter: compileGate(models), isGenerated: frontend.isGenerated ?? (() => false) };
}
