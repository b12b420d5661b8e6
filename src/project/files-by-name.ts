/** Which files may have to do with what has a name, from the words of their texts: nothing is parsed for it. */
import { append } from '../append.ts';
import type { SourceFile } from './project.ts';

/** Names that a text speaks of. */
export type NamesOf = (source: SourceFile) => ReadonlySet<string>;

export class FilesByName {
  readonly #sources: readonly SourceFile[];
  #byName: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(sources: readonly SourceFile[]) {
    this.#sources = sources;
  }

  /** Paths, sorted as the files are. All files are read when somebody first asks. */
  files(name: string, namesOf: NamesOf): readonly string[] {
    this.#byName ??= byName(this.#sources, namesOf);
    return this.#byName.get(name) ?? [];
  }
}

function byName(sources: readonly SourceFile[], namesOf: NamesOf): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const source of sources) {
    for (const name of namesOf(source)) append(found, name, source.path);
  }
  return found;
}
