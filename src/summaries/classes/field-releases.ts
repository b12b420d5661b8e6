/** Which fields the functions of a file release, and which functions these are. */
import { ownPath } from '../../engine/receiver.ts';
import type { CallInstruction, FunctionId, Place, PlaceId } from '../../ir/ir.ts';
import type { Declaration } from '../../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { qualify, type World } from '../../resolve/world.ts';
import { isReleaseMethod, speaksOfRelease } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import type { FlowGroups } from '../functions/flow-groups.ts';
import { fieldsReleasedAsElements } from './released-elements.ts';

/** Field name to the names of the functions that release it; a method of its own that somebody is given is one, `connection.close`. */
type Releases = ReadonlyMap<string, ReadonlySet<string>>;

export class FieldReleases {
  readonly #demand: Demand;
  readonly #released = new Map<IndexedFile, Releases>();
  readonly #plain = new Map<IndexedFile, Releases>();

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** Of a file: by field, whoever's it is, the names of the functions that release it. */
  of(file: IndexedFile): Releases {
    const known = this.#released.get(file);
    if (known !== undefined) return known;
    // What calls do may depend on the answer: whoever asks on the way gets at least what is plain to see.
    const found = new Map([...this.plain(file)].map(([field, functions]) => [field, new Set(functions)]));
    this.#released.set(file, found);
    const callable = this.#releasesByCalling() ? calledFields(this.#demand.world, file) : new Set<string>();
    const { models } = this.#demand.world;
    const mayRelease = (one: Declaration): boolean =>
      speaksOfRelease(this.#demand.world, one) ||
      // Some release what they are given: `server.Serve(c.listener)`.
      [...one.calls].some((name) => callable.has(name) || models.releasesGiven(name));
    this.#addReleases(found, file, mayRelease, (scope) => this.#fieldsReleasedIn(scope, callable));
    return found;
  }

  /** The names of the functions that release the field. */
  by(file: IndexedFile, field: string): ReadonlySet<string> {
    return this.of(file).get(field) ?? new Set<string>();
  }

  /** Those of them that end the life of their object. */
  ends(file: IndexedFile, field: string): readonly string[] {
    return [...this.by(file, field)].filter((name) => this.#demand.world.endsLife(file.index, name));
  }

  /** By another function of the file than the one of that name? */
  isByOther(file: IndexedFile, field: string, functionName: string): boolean {
    return [...this.by(file, field)].some((name) => name !== functionName);
  }

  /** Does the function release any? */
  areIn({ file, declaration: { name } }: FoundDeclaration): boolean {
    return [...this.of(file).values()].some((functions) => functions.has(name));
  }

  /** Those that need no knowledge of any call: `this.connection.close()`. */
  plain(file: IndexedFile): Releases {
    const known = this.#plain.get(file);
    if (known !== undefined) return known;
    const found = new Map<string, Set<string>>();
    this.#addReleases(found, file, (one) => speaksOfRelease(this.#demand.world, one), plainlyReleasedIn);
    this.#plain.set(file, found);
    return found;
  }

  #addReleases(
    found: Map<string, Set<string>>,
    file: IndexedFile,
    mayRelease: (declaration: Declaration) => boolean,
    fieldsOf: (scope: Scope) => ReadonlySet<string>,
  ): void {
    for (const declaration of file.index.declarations) {
      if (!declaration.hasBody || !mayRelease(declaration)) continue;
      const scopes = this.#demand.body(file, declaration);
      const members = memberNames(scopes);
      for (const scope of scopes) {
        const name = members.get(scope.fn.id) ?? declaration.name;
        for (const field of fieldsOf(scope)) addTo(found, field, name);
        for (const [field, end] of endsHandedOn(scope)) addTo(found, field, end);
      }
    }
  }

  has(file: IndexedFile, field: string): boolean {
    return this.plain(file).has(field) || this.of(file).has(field);
  }

  #fieldsReleasedIn(scope: Scope, callable: ReadonlySet<string>): ReadonlySet<string> {
    const sites = this.#demand.releases(scope);
    const fields = new Set<string>(fieldsReleasedAsElements(this.#demand, scope, sites));
    // Who may hold the same is worth knowing only of what is released.
    const groups = sites.length === 0 ? null : this.#demand.groups(scope);
    const released = new Set(sites.map((site) => groups?.group(site.place)));
    for (const site of sites) {
      for (const member of groups?.members(site.place) ?? []) {
        const place = scope.fn.places[member];
        if (place?.kind === 'path') for (const field of fieldsOf(scope, groups, place)) fields.add(field);
        if (place?.kind === 'global') fields.add(place.name.slice(place.name.lastIndexOf('.') + 1));
      }
    }
    for (const block of scope.fn.blocks) {
      for (const instruction of block.instructions) {
        if (instruction.op !== 'call') continue;
        if (this.#mayCallField(scope, instruction, callable)) {
          fields.add(instruction.callee.name);
          // `s.run.cancel()` releases what `run` has.
          for (const field of this.#fieldsBehind(scope, instruction.receiver)) fields.add(field);
        }
        const known = this.#demand.knowledge(scope, instruction);
        if (!known.mayRelease && (groups === null || !known.mayYieldResource)) continue;
        for (const effect of known.effects) {
          if (effect.kind === 'release') for (const field of effect.slot.fields ?? []) fields.add(field);
          // `getStream().close()`: a getter hands the field out.
          if (effect.kind !== 'alias' || effect.from.at !== 'receiver' || effect.from.fields === undefined) continue;
          const isReleased = groups !== null && instruction.dests.some((dest) => released.has(groups.group(dest)));
          if (isReleased) for (const field of effect.from.fields) fields.add(field);
        }
      }
    }
    return fields;
  }

  /** `c.stop()` may call a function kept in the field `stop`, if one is declared; one of this object may be set without that. */
  #mayCallField(
    { fn, file }: Scope,
    call: CallInstruction,
    callable: ReadonlySet<string>,
  ): call is CallInstruction & { readonly callee: { readonly kind: 'method' } } {
    const { callee, receiver } = call;
    if (callee.kind !== 'method' || !this.#releasesByCalling()) return false;
    if (callable.has(callee.name)) return true;
    const isOwn = receiver !== null && receiver === fn.receiver;
    return isOwn && file.index.declarations.every(({ name }) => name !== callee.name);
  }

  /** Of `s.run`, or of a variable that has what it was. */
  #fieldsBehind(scope: Scope, receiver: PlaceId | null): readonly string[] {
    if (receiver === null || receiver === scope.fn.receiver) return [];
    return this.#demand
      .groups(scope)
      .members(receiver)
      .flatMap((one) => ownPath(scope.fn, one) ?? []);
  }

  /** Are there resources that are functions, released by calling them? */
  #releasesByCalling(): boolean {
    return this.#demand.world.models.releasedBy('()').length > 0;
  }
}

/** Of `running.file`, where `running` is what `this.run` was, `run` is one as well. */
function fieldsOf(
  { fn }: Scope,
  groups: FlowGroups | null,
  { root, fields }: Extract<Place, { kind: 'path' }>,
): readonly string[] {
  if (fn.places[root]?.kind !== 'local') return fields;
  const named = groups?.members(root) ?? [];
  return [...fields, ...named.flatMap((one) => ownPath(fn, one) ?? [])];
}

function addTo(found: Map<string, Set<string>>, field: string, name: string): void {
  const functions = found.get(field);
  if (functions === undefined) found.set(field, new Set([name]));
  else functions.add(name);
}

/** What the methods of anonymous classes are called there: they are functions of their own. */
function memberNames(scopes: readonly Scope[]): ReadonlyMap<FunctionId, string> {
  const names = new Map<FunctionId, string>();
  for (const { fn } of scopes) {
    for (const { instructions } of fn.blocks) {
      for (const one of instructions) {
        if (one.op !== 'closure') continue;
        for (const member of one.members) if (member.name !== null) names.set(member.fn, member.name);
      }
    }
  }
  return names;
}

/** `atexit.register(self.connection.close)`: the method is not called, but whoever is given it will. By field, what is handed on. */
function endsHandedOn({ fn, world }: Scope): readonly (readonly [field: string, end: string])[] {
  return fn.places.flatMap((_, index) => {
    const path = ownPath(fn, index as PlaceId) ?? []; // places are numbered by position
    const isEnd = isReleaseMethod(world, path.at(-1) ?? '');
    return isEnd ? path.slice(0, -1).map((field) => [field, path.join('.')] as const) : [];
  });
}

/** `this.connection.close()`, by the names alone. */
function plainlyReleasedIn({ fn, world }: Scope): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const { instructions } of fn.blocks) {
    for (const instruction of instructions) {
      if (instruction.op !== 'call' || instruction.receiver === null || instruction.callee.kind !== 'method') continue;
      if (!world.models.conventions.releaseMethods.has(instruction.callee.name)) continue;
      for (const field of ownPath(fn, instruction.receiver) ?? []) fields.add(field);
    }
  }
  return fields;
}

/** Fields that go by no method's name: `watcher.onStop()` calls a function kept in one. Other files may declare the types that have methods here. */
function calledFields({ project }: World, { index }: IndexedFile): ReadonlySet<string> {
  const methods = new Set(index.declarations.map(({ name }) => name));
  const declared = new Set(index.types.map(({ name }) => name));
  const others = new Set(index.declarations.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  const fields = [
    ...index.types.flatMap((type) => type.fields),
    ...[...others].flatMap((owner) =>
      declared.has(owner) ? [] : (project.type(qualify(index.package, owner))?.shape.fields ?? []),
    ),
  ];
  return new Set(fields.flatMap(({ name }) => (methods.has(name) ? [] : [name])));
}
