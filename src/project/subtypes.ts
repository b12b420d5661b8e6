/** Which files may declare subtypes of a type, from the words of their declarations: nothing is parsed for it. */
import { append } from '../append.ts';
import type { SourceFile } from './project.ts';
import type { SourceStore } from './source-store.ts';

export class Subtypes {
  readonly #sources: readonly SourceFile[];
  #byName: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(sources: readonly SourceFile[]) {
    this.#sources = sources;
  }

  /** Paths, sorted as the files are. All files are read when somebody first asks. */
  files(name: string, store: SourceStore): readonly string[] {
    this.#byName ??= byName(this.#sources, store);
    return this.#byName.get(name) ?? [];
  }
}

function byName(sources: readonly SourceFile[], store: SourceStore): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const source of sources) {
    for (const name of store.supertypesNamed(source)) append(found, name, source.path);
  }
  return found;
}
