/**
 * Lowered bodies, the latest of them: what was worked out from a body stays, and a body asked for again later is lowered
 * again. Keyed by declarations, as there is one of each for as long as a session lasts.
 */
import type { FunctionId } from '../ir/ir.ts';
import type { Declaration } from '../languages/language.ts';
import type { IndexedFile } from '../project/project.ts';
import { Scope } from '../resolve/scope.ts';
import type { World } from '../resolve/world.ts';

const BODIES_KEPT = 600;

interface Body {
  readonly file: IndexedFile;
  readonly declaration: Declaration;
  /** The function and its closures, outer first. */
  readonly scopes: readonly Scope[];
}

export class Bodies {
  readonly #world: World;
  readonly #bodies = new Map<Declaration, Body>();
  readonly #closures = new Map<IndexedFile, Map<FunctionId, Scope>>();
  /** A ring: the next body takes the place of the oldest. */
  readonly #kept: Body[] = [];
  #next = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The function and its closures, lowered, outer first. */
  of(file: IndexedFile, declaration: Declaration): readonly Scope[] {
    const known = this.#bodies.get(declaration);
    if (known !== undefined) return known.scopes;
    const scopes = this.#world.project.lower(file.path, declaration).map((fn) => new Scope(this.#world, file, fn));
    if (scopes.length > 1) nest(scopes);
    this.#keep({ file, declaration, scopes });
    return scopes;
  }

  /** A function made in a body of the file. */
  closure(file: IndexedFile, id: FunctionId): Scope | undefined {
    return this.#closures.get(file)?.get(id);
  }

  #keep(body: Body): void {
    const oldest = this.#kept[this.#next];
    if (oldest !== undefined) this.#forget(oldest);
    this.#kept[this.#next] = body;
    this.#next = (this.#next + 1) % BODIES_KEPT;
    this.#bodies.set(body.declaration, body);
    const ofFile = this.#closures.get(body.file) ?? new Map<FunctionId, Scope>();
    this.#closures.set(body.file, ofFile);
    for (const scope of body.scopes) ofFile.set(scope.fn.id, scope);
  }

  #forget({ file, declaration, scopes }: Body): void {
    this.#bodies.delete(declaration);
    const ofFile = this.#closures.get(file);
    for (const scope of scopes) ofFile?.delete(scope.fn.id);
  }
}

/** Tells closures which function they are in. */
function nest(scopes: readonly Scope[]): void {
  const byId = new Map(scopes.map((scope) => [scope.fn.id, scope]));
  for (const scope of scopes) {
    for (const { instructions } of scope.fn.blocks) {
      for (const instruction of instructions) {
        if (instruction.op !== 'closure') continue;
        for (const { fn } of instruction.members) {
          const inner = byId.get(fn);
          if (inner !== undefined) scope.encloses(inner, instruction);
        }
      }
    }
  }
}
