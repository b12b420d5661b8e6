/**
 * What an analysis asked of the files of a scan. As long as each question has the same answer, so has the analysis: that
 * is all a cache has to check. The texts of the analysed files themselves are not among the questions.
 */
export class Reads {
  /** Files whose functions were read, with their ids. */
  readonly bodies = new Map<string, Set<string>>();
  /** Files whose declarations were read. */
  readonly indexes = new Set<string>();
  /** Files of which was asked whether they speak of resources at all. */
  readonly gates = new Set<string>();
  /** Names by which files were looked for, existing or not. */
  readonly baseNames = new Set<string>();
  /** Package and name: the files of the package that mention the name. */
  readonly mentions = new Map<string, Map<string, readonly string[]>>();
  /** Simple names of types whose subtypes were looked for: the files that may declare some. */
  readonly subtypes = new Map<string, readonly string[]>();
  /** Names of components: the files that may render them for as long as the program runs. */
  readonly roots = new Map<string, readonly string[]>();

  /** Words, with blanks between them, by which files were looked for: the files that have them all. */
  readonly words = new Map<string, readonly string[]>();
  /** Path and name: the ids of declarations that mention the name otherwise than to call it. */
  readonly namings = new Map<string, Map<string, readonly string[]>>();

  body(path: string, id: string): void {
    const known = this.bodies.get(path);
    if (known === undefined) this.bodies.set(path, new Set([id]));
    else known.add(id);
  }

  naming(path: string, name: string, ids: readonly string[]): void {
    let names = this.namings.get(path);
    if (names === undefined) {
      names = new Map();
      this.namings.set(path, names);
    }
    names.set(name, ids);
  }

  mention(packageName: string, name: string, files: readonly string[]): void {
    let names = this.mentions.get(packageName);
    if (names === undefined) {
      names = new Map();
      this.mentions.set(packageName, names);
    }
    names.set(name, files);
  }
}
