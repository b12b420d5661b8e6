/**
 * What the project itself acquires by: its own resource types, and functions found to hand out what they acquired.
 * Files whose text speaks of no library's resources may still use these; so the gate has a second round.
 */
import type { Declaration, FileIndex } from '../languages/language.ts';
import type { World } from '../resolve/world.ts';
import { qualifiedType } from '../resolve/world.ts';

export class Acquirers {
  readonly #constructionKeyword: string | null;
  readonly #types = new Set<string>();
  /** Function name to what stands before or around it where it is used: its type, package or module. */
  readonly #functions = new Map<string, Set<string>>();

  /** `constructionKeyword`: what stands before the type that is constructed; null: nothing does. */
  constructor(constructionKeyword: string | null) {
    this.#constructionKeyword = constructionKeyword;
  }

  get isEmpty(): boolean {
    return this.#types.size === 0 && this.#functions.size === 0;
  }

  noteTypes(world: World, index: FileIndex): void {
    for (const shape of index.types) {
      if (world.isCloseable(qualifiedType(index, shape)) === true) this.#types.add(lastName(shape.name));
    }
  }

  noteFunction(index: FileIndex, { name, owner }: Declaration): void {
    const homes = this.#functions.get(name);
    const found = owner === null ? lastNames(index.package) : [lastName(owner)];
    if (homes === undefined) this.#functions.set(name, new Set(found));
    else for (const home of found) homes.add(home);
  }

  /** Crude like the gate itself: words in comments and strings count. */
  mayBeUsedIn(text: string): boolean {
    const words = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
    for (const word of words) {
      if (this.#types.has(word) && this.#isConstructed(word, text)) return true;
      const homes = this.#functions.get(word);
      if (homes !== undefined && text.includes(`${word}(`) && [...homes].some((home) => words.has(home))) return true;
    }
    return false;
  }

  /** By the names it calls: functions that use none of these are as uninteresting as before. */
  areUsedBy({ calls }: Declaration): boolean {
    for (const name of calls) {
      if (name.startsWith('new ') ? this.#types.has(lastName(name.slice('new '.length))) : this.#functions.has(name))
        return true;
    }
    return false;
  }

  #isConstructed(type: string, text: string): boolean {
    if (this.#constructionKeyword !== null) return text.includes(`${this.#constructionKeyword} ${type}`);
    return text.includes(`${type}(`) || text.includes(`${type}{`);
  }
}

/** Of `internal/db/index` the words by which other files may import it. */
function lastNames(module: string): readonly string[] {
  return module.split(/[./]/).slice(-2);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
