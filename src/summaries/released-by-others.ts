/**
 * What the other functions of a file do with what the same call gives them. One that closes it believes that it owns
 * it, and then so does every caller: evidence that there is a duty, never that somebody has done it.
 *
 *     int count() { Cursor rows = plan.rows(); try { … } finally { rows.close(); } }
 *     int first() { return plan.rows().next(); }
 */
import type { CallInstruction, FunctionId, PlaceId } from '../ir/ir.ts';
import { construction, type Declaration } from '../languages/language.ts';
import type { IndexedFile } from '../project/project.ts';
import type { Scope } from '../resolve/scope.ts';
import { erase, simpleName } from '../resolve/type-names.ts';
import type { Demand } from './demand.ts';

/** A call whose result a function releases. */
interface ReleasedCall {
  readonly fn: FunctionId;
  /** As `Declaration.calls` has it. */
  readonly name: string;
  /** The same for all calls of the same callee. */
  readonly callee: string;
}

export class ReleasedByOthers {
  readonly #demand: Demand;
  readonly #releasers = new Map<IndexedFile, readonly Declaration[]>();
  readonly #released = new Map<Declaration, readonly ReleasedCall[]>();

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** Does another function of the file release what this very call gives it? */
  has(scope: Scope, call: CallInstruction): boolean {
    const name = calledName(call);
    if (name === null) return false;
    const released = this.#releasersIn(scope.file)
      .filter(({ calls }) => calls.has(name))
      .flatMap((declaration) => this.#releasedBy(scope.file, declaration))
      .filter((one) => one.name === name && one.fn !== scope.fn.id);
    // Finding out who is meant may parse another file.
    const callee = released.length === 0 ? null : calleeKey(scope, call);
    return callee !== null && released.some((one) => one.callee === callee);
  }

  /** Does the function call by a name of which another function of the file releases what it gives? */
  mayConcern(file: IndexedFile, { calls }: Declaration): boolean {
    return this.#releasersIn(file).some(
      (declaration) =>
        [...declaration.calls].some((name) => calls.has(name)) &&
        this.#releasedBy(file, declaration).some(({ name }) => calls.has(name)),
    );
  }

  /** The functions of the file that may release, by a release that tells, what a call gives them. */
  #releasersIn(file: IndexedFile): readonly Declaration[] {
    const known = this.#releasers.get(file);
    if (known !== undefined) return known;
    const { tellingReleases } = this.#demand.world.models.conventions;
    const releasers = file.index.declarations.filter(
      ({ hasBody, calls }) => hasBody && [...tellingReleases].some((name) => calls.has(name)),
    );
    this.#releasers.set(file, releasers);
    return releasers;
  }

  #releasedBy(file: IndexedFile, declaration: Declaration): readonly ReleasedCall[] {
    const known = this.#released.get(declaration);
    if (known !== undefined) return known;
    this.#released.set(declaration, []); // who asks for itself is told of nobody
    // Asked for now, while no call of the file is being looked at: asked for by one of them, it would miss that call.
    this.#demand.classes.fieldReleases(file);
    const released = this.#demand.body(file, declaration).flatMap((scope) =>
      this.#releasedIn(scope).flatMap((call): ReleasedCall[] => {
        const name = calledName(call);
        const callee = name === null ? null : calleeKey(scope, call);
        return name === null || callee === null ? [] : [{ fn: scope.fn.id, name, callee }];
      }),
    );
    this.#released.set(declaration, released);
    return released;
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
