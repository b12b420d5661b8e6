/**
 * What the project itself acquires by: its own resource types, and functions found to hand out what they acquired.
 * Files whose text speaks of no library's resources may still use these; so the gate has further rounds. What one
 * analysis finds is data, to be joined with what others found.
 */
import { constructedType, construction } from '../ir/construction.ts';
import type { Declaration, FileIndex } from '../languages/language.ts';
import type { World } from '../resolve/world.ts';
import { qualifiedType } from '../resolve/world.ts';
import { mayMakeResource } from '../summaries/functions/may-acquire.ts';

export interface FoundAcquirers {
  /** Without what they are nested in. */
  readonly types: readonly string[];
  /** A function's name, and what stands before or around it where it is used: its type, package or module. */
  readonly functions: readonly (readonly [name: string, home: string])[];
}

export const noAcquirers: FoundAcquirers = { types: [], functions: [] };

/** Types of the file that whoever makes one has to release. */
export function acquirerTypes(world: World, index: FileIndex): readonly string[] {
  return index.types
    .filter((shape) => mayMakeResource(world, qualifiedType(index, shape)))
    .map(({ name }) => lastName(name));
}

export function acquirerFunction(index: FileIndex, { name, owner }: Declaration): FoundAcquirers['functions'] {
  const homes = owner === null ? lastNames(index.package) : [lastName(owner)];
  return homes.map((home) => [name, home]);
}

/** What was found so far, whoever found it: nothing depends on the order it comes in. */
export class Acquirers {
  readonly #constructionKeyword: string | null;
  readonly #types = new Set<string>();
  readonly #functions = new Map<string, Set<string>>();

  /** `constructionKeyword`: what stands before the type that is constructed; null: nothing does. */
  constructor(constructionKeyword: string | null) {
    this.#constructionKeyword = constructionKeyword;
  }

  get isEmpty(): boolean {
    return this.#types.size === 0 && this.#functions.size === 0;
  }

  add({ types, functions }: FoundAcquirers): void {
    for (const type of types) this.#types.add(type);
    for (const [name, home] of functions) {
      const homes = this.#functions.get(name);
      if (homes === undefined) this.#functions.set(name, new Set([home]));
      else homes.add(home);
    }
  }

  /**
   * The acquirers a file may use, by key; empty: it uses none. Crude like the gate itself: words in
   * comments and strings count.
   */
  mentionedIn(text: string): readonly string[] {
    const words = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
    const found: string[] = [];
    let mayBeUsed = false;
    for (const word of words) {
      if (this.#types.has(word)) {
        found.push(construction(word));
        mayBeUsed ||= this.#isConstructed(word, text);
      }
      const homes = this.#functions.get(word);
      if (homes === undefined) continue;
      found.push(word);
      mayBeUsed ||= text.includes(`${word}(`) && [...homes].some((home) => words.has(home));
    }
    return mayBeUsed ? found.sort() : [];
  }

  /** Of the names that functions call, those of acquirers, sorted. */
  among(calls: Iterable<string>): readonly string[] {
    const found = new Set<string>();
    for (const call of calls) {
      const name = calledName(call);
      if (this.#has(name)) found.add(name);
    }
    return [...found].sort();
  }

  /** By the names it calls: functions that use none of these are as uninteresting as before. */
  areUsedBy({ calls }: Declaration): boolean {
    return callsOneOf(calls, { has: (name) => this.#has(name) });
  }

  #has(name: string): boolean {
    const type = constructedType(name);
    return type === null ? this.#functions.has(name) : this.#types.has(type);
  }

  #isConstructed(type: string, text: string): boolean {
    if (this.#constructionKeyword !== null) return text.includes(`${this.#constructionKeyword} ${type}`);
    return text.includes(`${type}(`) || text.includes(`${type}{`);
  }
}

/** `names`: as `Acquirers` gives them. */
export function callsOneOf(calls: Iterable<string>, names: Pick<ReadonlySet<string>, 'has'>): boolean {
  for (const call of calls) if (names.has(calledName(call))) return true;
  return false;
}

/** Without what the type is nested in. */
function calledName(call: string): string {
  const type = constructedType(call);
  return type === null ? call : construction(lastName(type));
}

/** Of `internal/db/index` the words by which other files may import it. */
function lastNames(module: string): readonly string[] {
  return module.split(/[./]/).slice(-2);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
