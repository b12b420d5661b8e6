/**
 * What the other functions of a file do with what the same call gives them. One that closes it believes that it owns
 * it, and then so does every caller: evidence that there is a duty, never that somebody has done it.
 *
 *     int count() { Cursor rows = plan.rows(); try { … } finally { rows.close(); } }
 *     int first() { return plan.rows().next(); }
 */
import { append } from '../../append.ts';
import type { CallInstruction, FunctionId, PlaceId } from '../../ir/ir.ts';
import { construction } from '../../ir/construction.ts';
import type { Declaration } from '../../languages/language.ts';
import { reaches } from '../../ir/walk.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { Demand } from '../demand.ts';
import type { FlowGroups } from '../functions/flow-groups.ts';
import { placeName } from '../place-names.ts';
import type { ReleaseSite } from '../obligations/release-sites.ts';

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
  readonly #releasers = new Map<IndexedFile, ReadonlyMap<string, readonly Declaration[]>>();
  readonly #released = new Map<Declaration, readonly ReleasedCall[]>();
  readonly #byName = new Map<IndexedFile, Map<string, readonly ReleasedCall[]>>();
  /** How many functions are being looked at, one on the way to the other. */
  #asked = 0;

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /**
   * Does another function of the file release what this very call gives it? Where values have no types, a rule that says
   * that something may go unreleased knows more than what others do.
   */
  has(scope: Scope, call: CallInstruction): boolean {
    const { world } = scope;
    if (!world.isTyped && (call.callee.kind === 'construct' || scope.resolved(call).models.length > 0)) return false;
    const name = calledName(call);
    if (name === null) return false;
    const isAnother = ({ fn }: ReleasedCall): boolean => fn !== scope.fn.id;
    const released = this.#releasedAs(scope.file, name);
    // Finding out who is meant may parse another file.
    const callee = released.some(isAnother) ? calleeKey(scope, call) : null;
    return callee !== null && released.some((one) => one.callee === callee && isAnother(one));
  }

  /** Does the function call by a name of which another function of the file releases what it gives? */
  mayConcern(file: IndexedFile, { calls }: Declaration): boolean {
    for (const name of calls) if (this.#releasedAs(file, name).length > 0) return true;
    return false;
  }

  /** Calls by this name whose results functions of the file release. */
  #releasedAs(file: IndexedFile, name: string): readonly ReleasedCall[] {
    const known = this.#byName.get(file)?.get(name);
    if (known !== undefined) return known;
    const released = (this.#releasersIn(file).get(name) ?? [])
      .flatMap((declaration) => this.#releasedBy(file, declaration))
      .filter((one) => one.name === name);
    // An answer found on the way to another one may be incomplete, as that one is still open: it is not kept.
    if (this.#asked > 0) return released;
    const ofFile = this.#byName.get(file) ?? new Map<string, readonly ReleasedCall[]>();
    this.#byName.set(file, ofFile.set(name, released));
    return released;
  }

  /** The functions of the file that may release, by a release that tells, what a call gives them: by the names they call. */
  #releasersIn(file: IndexedFile): ReadonlyMap<string, readonly Declaration[]> {
    const known = this.#releasers.get(file);
    if (known !== undefined) return known;
    const { tellingReleases } = this.#demand.world.models.conventions;
    const releasers = new Map<string, Declaration[]>();
    for (const declaration of file.index.declarations) {
      const { hasBody, calls } = declaration;
      if (!hasBody || ![...tellingReleases].some((name) => calls.has(name))) continue;
      // What a release gives is nothing to release.
      for (const name of calls) if (!tellingReleases.has(name)) append(releasers, name, declaration);
    }
    this.#releasers.set(file, releasers);
    return releasers;
  }

  #releasedBy(file: IndexedFile, declaration: Declaration): readonly ReleasedCall[] {
    const known = this.#released.get(declaration);
    if (known !== undefined) return known;
    this.#released.set(declaration, []); // who asks for itself is told of nobody
    this.#asked++;
    try {
      const released = this.#findReleased(file, declaration);
      this.#released.set(declaration, released);
      return released;
    } finally {
      this.#asked--;
    }
  }

  #findReleased(file: IndexedFile, declaration: Declaration): readonly ReleasedCall[] {
    // Asked for now, while no call of the file is being looked at: asked for by one of them, it would miss that call.
    this.#demand.fieldReleases.of(file);
    return this.#demand.body(file, declaration).flatMap((scope) =>
      this.#releasedIn(scope).flatMap((call): ReleasedCall[] => {
        const name = calledName(call);
        const callee = name === null ? null : calleeKey(scope, call);
        return name === null || callee === null ? [] : [{ fn: scope.fn.id, name, callee }];
      }),
    );
  }

  /** Calls of what is released here. */
  #releasedIn(scope: Scope): readonly CallInstruction[] {
    const groups = this.#demand.groups(scope);
    const released = new Set<PlaceId>();
    for (const site of this.#demand.releases(scope)) {
      if (site.isAfterFailure || site.written === null || !this.#isTelling(site.written)) continue;
      if (!isOpenedAgain(scope, groups, site)) released.add(groups.group(site.place));
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

/** `session.close(); session.open();` starts it anew, for whoever has it. */
function isOpenedAgain({ fn, world }: Scope, groups: FlowGroups, { place, block, index }: ReleaseSite): boolean {
  const { openMethods } = world.models.conventions;
  if (openMethods === null) return false;
  const group = groups.group(place);
  return fn.blocks.some(({ id, instructions }) =>
    instructions.some(
      (one, at) =>
        one.op === 'call' &&
        one.callee.kind === 'method' &&
        openMethods.test(one.callee.name) &&
        one.receiver !== null &&
        groups.group(one.receiver) === group &&
        (id === block ? at > index : reaches(fn, block, id)),
    ),
  );
}

/** The same for two calls that mean the same callee; null: nobody can tell. */
function calleeKey(scope: Scope, call: CallInstruction): string | null {
  const { callee } = call;
  if (callee.kind === 'construct') {
    const type = erase(scope.world.resolve(scope.file.index, scope.owner, callee.type));
    return `${construction(type)}(${shapeOf(call)})`;
  }
  if (callee.kind !== 'method' && callee.kind !== 'function') return null;
  const owner =
    scope.resolved(call).ownerType ?? (callee.kind === 'function' ? (callee.scope ?? '') : nameOfReceiver(scope, call));
  return owner === null ? null : `${erase(owner)}#${callee.name}(${shapeOf(call)})`;
}

/** Where nobody needs to say of what type a variable is, `pool` of one function is taken to be as that of another. */
function nameOfReceiver({ fn, world }: Scope, { receiver }: CallInstruction): string | null {
  if (world.isTyped || receiver === null) return null;
  const place = fn.places[receiver];
  if (place?.kind === 'global') return place.name;
  const name = placeName(fn, receiver);
  return name === null ? null : `variable ${name}`;
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
