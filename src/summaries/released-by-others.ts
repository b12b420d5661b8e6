/**
 * What the other functions of a file do with what the same call gives them. One that closes it believes that it owns
 * it, and then so does every caller: evidence that there is a duty, never that somebody has done it.
 *
 *     int count() { Cursor rows = plan.rows(); try { … } finally { rows.close(); } }
 *     int first() { return plan.rows().next(); }
 */
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { construction, type Declaration } from '../languages/language.ts';
import type { IndexedFile } from '../project/project.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase, simpleName } from '../resolve/type-names.ts';
import { speaksOfRelease } from './call-names.ts';
import type { Demand } from './demand.ts';

/** The functions of a file that release what a call gives. */
interface Releasing {
  /** By callee. */
  readonly byCallee: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of these callees, as `Declaration.calls` has them. */
  readonly names: ReadonlySet<string>;
}

export class ReleasedByOthers {
  readonly #demand: Demand;
  readonly #releasing = new Map<IndexedFile, Releasing>();

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** Does another function of the file release what this very call gives it? */
  has(scope: Scope, call: CallInstruction): boolean {
    const name = scope.world.models.conventions.tellingReleases.size === 0 ? null : calledName(call);
    if (name === null) return false;
    const { byCallee, names } = this.#of(scope.file);
    // Finding out who is meant may parse another file.
    const key = names.has(name) ? calleeKey(scope, call) : null;
    if (key === null) return false;
    const functions = byCallee.get(key);
    return functions !== undefined && [...functions].some((id) => id !== scope.fn.id);
  }

  /** Does the function call by a name of which another function of the file releases what it gives? */
  mayConcern(file: IndexedFile, { calls }: Declaration): boolean {
    const { tellingReleases } = this.#demand.world.models.conventions;
    if (![...tellingReleases].some((name) => file.index.declarations.some((one) => one.calls.has(name)))) return false;
    return [...this.#of(file).names].some((name) => calls.has(name));
  }

  #of(file: IndexedFile): Releasing {
    const known = this.#releasing.get(file);
    if (known !== undefined) return known;
    const byCallee = new Map<string, Set<string>>();
    const names = new Set<string>();
    const found = { byCallee, names };
    this.#releasing.set(file, found);
    // Asked for now, while no call of the file is being looked at: asked for by one of them, it would miss that call.
    this.#demand.classes.fieldReleases(file);
    for (const declaration of file.index.declarations) {
      if (!declaration.hasBody || !speaksOfRelease(this.#demand.world, declaration)) continue;
      for (const scope of this.#demand.body(file, declaration)) {
        for (const call of this.#releasedIn(scope)) {
          const key = calleeKey(scope, call);
          const name = calledName(call);
          if (key === null || name === null) continue;
          const functions = byCallee.get(key) ?? new Set<string>();
          functions.add(scope.fn.id);
          byCallee.set(key, functions);
          names.add(name);
        }
      }
    }
    return found;
  }

  /** Calls of what is released here. */
  #releasedIn(scope: Scope): readonly CallInstruction[] {
    const groups = this.#demand.groups(scope);
    const released = new Set<PlaceId>();
    for (const { isAfterFailure, written, place } of this.#demand.releases(scope)) {
      if (!isAfterFailure && written !== null && this.#isTelling(written)) released.add(groups.group(place));
    }
    if (released.size === 0) return [];
    return scope.fn.blocks.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) =>
        instruction.op === 'call' && instruction.dests.some((dest) => released.has(groups.group(dest)))
          ? [instruction]
          : [],
      ),
    );
  }

  /** `$.close()`; `$.dispose()` may as well be said of what somebody else made. */
  #isTelling(written: string): boolean {
    const { tellingReleases } = this.#demand.world.models.conventions;
    return [...tellingReleases].some((name) => written === `$.${name}()`);
  }
}

/** The same for two calls that mean the same callee; null: nobody can tell. */
function calleeKey(scope: Scope, call: CallInstruction): string | null {
  const { callee } = call;
  if (callee.kind === 'construct') {
    const type = erase(scope.world.resolve(scope.file.index, scope.owner, callee.type));
    return `${construction(type)}(${shapeOf(call)})`;
  }
  if (callee.kind !== 'method' && callee.kind !== 'function') return null;
  const owner = scope.resolved(call).ownerType ?? (callee.kind === 'function' ? (callee.scope ?? '') : null);
  return owner === null ? null : `${erase(owner)}#${callee.name}(${shapeOf(call)})`;
}

/** As `Declaration.calls` has it. */
function calledName({ callee }: CallInstruction): string | null {
  if (callee.kind === 'construct') return construction(simpleName(callee.type));
  return callee.kind === 'method' || callee.kind === 'function' ? callee.name : null;
}

/** The number of arguments, and which of them are `true`, `false` or `null`: they decide what a callee does. */
function shapeOf({ args }: CallInstruction): string {
  return args
    .map(({ value }) => {
      if (value.kind !== 'literal') return '_';
      const { literal } = value;
      return literal.kind === 'boolean' ? String(literal.value) : literal.kind === 'null' ? 'null' : '_';
    })
    .join();
}
