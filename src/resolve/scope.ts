/**
 * One lowered function in its surroundings, with the types of its places as far as declarations, `new`,
 * imports and results of known calls tell.
 */
import type { CallInstruction, ClosureInstruction, IrFunction, PlaceId, TypeHint } from '../ir/ir.ts';
import { append } from '../append.ts';
import { isCopy } from '../ir/operands.ts';
import { elementField } from '../ir/places.ts';
import type { IndexedFile } from '../project/project.ts';
import { resolveCall, type ResolvedCall } from './resolve-call.ts';
import { erase, isArray, isQualified, resultTypes, typeArguments } from './type-names.ts';
import { outerOf, qualify, type World } from './world.ts';

export class Scope {
  readonly world: World;
  readonly file: IndexedFile;
  readonly fn: IrFunction;
  /** Name within the package of the type around, e.g. `Outer.Inner`. */
  readonly owner: string | null;
  readonly ownerType: string | null;
  readonly #types: (string | null | undefined)[];
  readonly #calls = new Map<CallInstruction, ResolvedCall>();
  /** Places some return hands out, and as which result: their type is at least the declared one. */
  readonly #returned: ReadonlyMap<PlaceId, number>;
  /** The instructions each temporary's type comes from. */
  readonly #origins: ReadonlyMap<PlaceId, readonly Origin[]>;

  #around: { readonly scope: Scope; readonly closure: ClosureInstruction } | null = null;

  constructor(world: World, file: IndexedFile, fn: IrFunction) {
    this.world = world;
    this.file = file;
    this.fn = fn;
    this.owner = fn.owner;
    this.ownerType = fn.owner === null ? null : qualify(file.index.package, fn.owner);
    this.#types = new Array<string | null | undefined>(fn.places.length);
    this.#origins = origins(fn);
    this.#returned = returnedPlaces(fn);
  }

  /** Captured variables, and parameters the function around says more of, have the types they have there. */
  encloses(inner: Scope, closure: ClosureInstruction): void {
    inner.#around = { scope: this, closure };
  }

  /** For a closure: the function around it, and the instruction that makes it. */
  get around(): { readonly scope: Scope; readonly closure: ClosureInstruction } | null {
    return this.#around;
  }

  /** The call of the function around that this closure is handed to; null: none, or it is no closure. */
  handedTo(): CallInstruction | null {
    if (this.#around === null) return null;
    const { scope, closure } = this.#around;
    return scope.#callWith(closure.dest)?.call ?? null;
  }

  /** The call resolved in the function around. */
  resolvedAround(call: CallInstruction): ResolvedCall | null {
    return this.#around?.scope.resolved(call) ?? null;
  }

  /** Qualified where it can be; null: not known. */
  typeOf(place: PlaceId): string | null {
    const known = this.#types[place];
    if (known !== undefined) return known;
    this.#types[place] = null; // a cycle of assignments ends here
    const type = this.#infer(place);
    this.#types[place] = type;
    return type;
  }

  resolved(call: CallInstruction): ResolvedCall {
    let resolved = this.#calls.get(call);
    if (resolved === undefined) {
      resolved = resolveCall(this, call);
      this.#calls.set(call, resolved);
    }
    return resolved;
  }

  #infer(id: PlaceId): string | null {
    const place = this.fn.places[id];
    if (place === undefined || place.kind === 'predicate') return null;
    if (place.kind === 'path') return this.#pathType(place.root, place.fields);
    if (id === this.fn.receiver && this.ownerType !== null) return this.ownerType;
    if (place.typeHint !== null) return this.world.resolve(this.file.index, this.owner, place.typeHint);
    if (place.kind === 'global') return this.#globalType(place.name);
    const origins = this.#origins.get(id) ?? [];
    const [origin] = origins;
    for (const one of origins) {
      const type = one.kind === 'copy' ? this.#copied(one) : this.#resultOf(this.resolved(one.call), one.index);
      if (type !== null) return type;
      // `given or Pool()`: what is given and has no known type leaves it to the other. What a call gives may be anything.
      if (one.kind === 'call') break;
    }
    const declared = this.#declaredResult(id) ?? this.#checkedResult(origin);
    if (declared !== null) return declared;
    return origin === undefined ? this.#typeAround(id) : null;
  }

  /** Awaiting a promise gives what it stands for. */
  #copied({ from, isAwaited }: Extract<Origin, { kind: 'copy' }>): string | null {
    const type = this.typeOf(from);
    return type === null || !isAwaited ? type : this.world.awaited(type);
  }

  #resultOf(resolved: ResolvedCall, index: number): string | null {
    const declared = resultAt(resolved, index);
    const [only, ...others] = resolved.declarations;
    if (declared !== null || only === undefined || others.length > 0 || only.declaration.returnType !== null)
      return declared;
    return this.world.returnTypes(only)[index] ?? null;
  }

  /** The type of a result, where all returns that give one agree. */
  returnTypes(): readonly (string | null)[] {
    const found: (string | null)[] = [];
    const isTold: boolean[] = [];
    for (const { terminator } of this.fn.blocks) {
      if (terminator.op !== 'return') continue;
      for (const [index, value] of terminator.values.entries()) {
        if (value.kind === 'literal' && value.literal.kind === 'null') continue;
        const type = value.kind === 'place' ? this.typeOf(value.place) : null;
        found[index] = isTold[index] === true && found[index] !== type ? null : type;
        isTold[index] = true;
      }
    }
    return found;
  }

  /** Of what this function sets the variable, or the field of its object, to; null: not known, or of several types. */
  setType(name: string): string | null {
    const found = new Set<string | null>();
    for (const [id, given] of this.#origins) {
      const place = this.fn.places[id];
      const isIt =
        place?.kind === 'path'
          ? place.root === this.fn.receiver && place.fields.length === 1 && place.fields[0] === name
          : place?.kind === 'global' && place.name === name;
      if (!isIt) continue;
      for (const one of given)
        found.add(one.kind === 'copy' ? this.#copied(one) : this.#resultOf(this.resolved(one.call), one.index));
    }
    const [only = null, ...others] = found;
    return others.length > 0 ? null : only;
  }

  /** What the method is called on, from its place or, if that has no known type, from a type checker. */
  receiverType(call: CallInstruction): string | null {
    if (call.receiver === null) return null;
    return this.typeOf(call.receiver) ?? this.#named(this.world.checked?.receiverOf(this.file.path, call.span) ?? null);
  }

  /**
   * `AcmeMetaData data = (AcmeMetaData) connection.getMetaData()`: of a type nobody knows, it is at least of the type of what
   * it was taken from. null: it is not taken from one thing, or nobody knows that one's type either.
   */
  typeTakenFrom(place: PlaceId): string | null {
    const [only, ...others] = this.#origins.get(place) ?? [];
    if (only?.kind !== 'copy' || others.length > 0) return null;
    const type = this.#copied(only);
    if (type !== null && this.world.exists(erase(type))) return type;
    // A cast is a copy of its own. Variables may be copies of each other.
    const from = this.fn.places[only.from];
    return from?.kind === 'local' && from.name === null ? this.typeTakenFrom(only.from) : null;
  }

  /** The imports of the file that a variable is set to, whichever it is; empty: it may be something else as well. */
  importsIn(place: PlaceId): readonly string[] {
    const found: string[] = [];
    if (this.fn.params.includes(place)) return found;
    for (const origin of this.#origins.get(place) ?? []) {
      const from = origin.kind === 'copy' ? this.fn.places[origin.from] : undefined;
      if (from?.kind !== 'global' || !this.file.index.imports.some(({ local }) => local === from.name)) return [];
      found.push(from.name);
    }
    return found;
  }

  #checkedResult(origin: Origin | undefined): string | null {
    if (origin?.kind !== 'call' || origin.index > 0 || origin.call.isImplicit) return null;
    return this.#named(this.world.checked?.resultOf(this.file.path, origin.call.span) ?? null);
  }

  #named(hint: TypeHint | null): string | null {
    return hint === null || isQualified(hint) ? hint : this.world.resolve(this.file.index, this.owner, hint);
  }

  #declaredResult(id: PlaceId): string | null {
    const index = this.#returned.get(id);
    const { returns } = this.fn;
    const declared = returns === null || index === undefined ? undefined : resultTypes(returns)[index];
    return declared === undefined ? null : this.world.resolve(this.file.index, this.owner, declared);
  }

  #typeAround(id: PlaceId): string | null {
    if (this.#around === null) return null;
    const { scope, closure } = this.#around;
    const captured = closure.captures[this.fn.captures.indexOf(id)];
    if (captured !== undefined) return scope.typeOf(captured);
    const param = this.fn.params.indexOf(id);
    return param < 0 ? null : scope.#passedType(closure.dest, param);
  }

  /** `pool.connect().then((client) => …)`: what a rule says the closure is called with. */
  #passedType(closure: PlaceId, param: number): string | null {
    const found = this.#callWith(closure);
    const receiver = found?.call.receiver ?? null;
    if (found === null || receiver === null) return null;
    const { call, index } = found;
    for (const effect of this.resolved(call).models[0]?.summary.effects ?? []) {
      if (effect.kind !== 'invoke' || effect.slot.at !== 'param' || effect.slot.index !== index) continue;
      if (effect.with[param]?.at !== 'receiver') continue;
      const type = this.typeOf(receiver);
      return type === null || effect.outcome !== 'fulfilled' ? type : this.world.awaited(type);
    }
    return null;
  }

  #callWith(argument: PlaceId): { readonly call: CallInstruction; readonly index: number } | null {
    for (const { instructions } of this.fn.blocks) {
      for (const call of instructions) {
        if (call.op !== 'call') continue;
        const index = call.args.findIndex(({ value }) => value.kind === 'place' && value.place === argument);
        if (index >= 0) return { call, index };
      }
    }
    return null;
  }

  #pathType(root: PlaceId, fields: readonly string[]): string | null {
    let type = this.typeOf(root);
    for (const field of fields) {
      if (type === null) return null;
      if (field === elementField) {
        type = isArray(type) ? type.slice(0, -2) : (typeArguments(type).at(-1) ?? null);
        continue;
      }
      type = this.#fieldType(type, field) ?? this.world.partType(type, field);
    }
    return type;
  }

  /** A bare name inside a nested type may be a field of a type further out. */
  #fieldType(type: string, field: string): string | null {
    // Who makes an object sees for itself what its fields hold so far.
    const isMaking = this.fn.kind === 'constructor' && type === this.ownerType;
    const own = isMaking ? this.world.statedFieldType(type, field) : this.world.fieldType(type, field);
    if (own !== null || type !== this.ownerType || this.owner === null) return own;
    for (let outer = outerOf(this.owner); outer !== null; outer = outerOf(outer)) {
      const found = this.world.fieldType(qualify(this.file.index.package, outer), field);
      if (found !== null) return found;
    }
    return null;
  }

  /** The class whose constant it is, `CSVFormat` of `CSVFormat.DEFAULT`; null: it is none. */
  constantOf(id: PlaceId): string | null {
    const place = this.fn.places[id];
    const type = place?.kind === 'global' ? outerOf(place.name) : null;
    if (place?.kind !== 'global' || type === null) return null;
    const isConstant = /^[A-Z][A-Z0-9_]*$/.test(place.name.slice(type.length + 1));
    return isConstant ? erase(this.world.resolve(this.file.index, this.owner, type)) : null;
  }

  #globalType(name: string): string | null {
    const { index } = this.file;
    const type = outerOf(name);
    if (type === null)
      return this.world.variableType(index.package, name) ?? this.world.beginsAs(this.file, null, name);
    const field = name.slice(type.length + 1);
    const qualified = erase(this.world.resolve(index, this.owner, type));
    return this.world.fieldType(qualified, field) ?? this.world.variableType(qualified, field);
  }
}

export function resultAt({ resultType, resultTypes }: ResolvedCall, index: number): string | null {
  return index === 0 ? resultType : (resultTypes[index] ?? null);
}

type Origin =
  | { readonly kind: 'call'; readonly call: CallInstruction; readonly index: number }
  | { readonly kind: 'copy'; readonly from: PlaceId; readonly isAwaited: boolean };

function origins(fn: IrFunction): ReadonlyMap<PlaceId, readonly Origin[]> {
  const found = new Map<PlaceId, Origin[]>();
  for (const block of fn.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.op === 'call') {
        for (const [index, dest] of instruction.dests.entries()) {
          append(found, dest, { kind: 'call', call: instruction, index });
        }
      } else if (isCopy(instruction)) {
        append(found, instruction.dest, {
          kind: 'copy',
          from: instruction.source.place,
          isAwaited: instruction.op === 'await',
        });
      } else if (instruction.op === 'closure' && instruction.base !== null) {
        append(found, instruction.dest, { kind: 'copy', from: instruction.base, isAwaited: false });
      }
    }
  }
  return found;
}

function returnedPlaces(fn: IrFunction): ReadonlyMap<PlaceId, number> {
  const places = new Map<PlaceId, number>();
  for (const { terminator } of fn.blocks) {
    if (terminator.op !== 'return') continue;
    for (const [index, value] of terminator.values.entries())
      if (value.kind === 'place') places.set(value.place, index);
  }
  return places;
}
