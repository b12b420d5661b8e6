/**
 * Which callee a call means: a model, a function of the scan, a method of the platform, or nobody knows.
 * Uses imports, local type hints, and what a type checker says of the receiver, if one was asked to (`World.checked`).
 */
import type { Resolution } from '../effects/effect.ts';
import type { Callee, CallInstruction } from '../ir/ir.ts';
import type { ApiMethod, CallModel } from '../models/model-set.ts';
import type { FoundDeclaration, FoundType } from '../project/project.ts';
import { pickApiMethods, pickModels, pickSureModels, pickOverloads } from './overloads.ts';
import type { Scope } from './scope.ts';
import { erase, isQualified, resultTypes } from './type-names.ts';
import { withoutVariables } from './type-variables.ts';
import { outerOf, qualifiedType, qualify, type World } from './world.ts';

export interface ResolvedCall {
  readonly models: readonly CallModel[];
  /** Declarations of the scan with a body, nearest first; several when overloads cannot be told apart. */
  readonly declarations: readonly FoundDeclaration[];
  /** A signature without a body: an interface's method, or the platform's. */
  readonly signature: { readonly throws: readonly string[]; readonly isPlatform: boolean } | null;
  /** The type whose member is called, or that is constructed; null: not known. */
  readonly ownerType: string | null;
  /** Of the first result; null: not known, or nothing. */
  readonly resultType: string | null;
  /** Of all results, where there are several; empty: not known. */
  readonly resultTypes: readonly string[];
  readonly resolution: Resolution;
}

const unresolved: ResolvedCall = {
  models: [],
  declarations: [],
  signature: null,
  ownerType: null,
  resultType: null,
  resultTypes: [],
  resolution: 'unknown',
};

function typed(types: string | null): Pick<ResolvedCall, 'resultType' | 'resultTypes'> {
  const all = types === null ? [] : resultTypes(types);
  return { resultType: all[0] ?? null, resultTypes: all };
}

export function resolveCall(scope: Scope, call: CallInstruction): ResolvedCall {
  const { world } = scope;
  const { callee } = call;
  switch (callee.kind) {
    case 'construct': {
      const type = world.resolve(scope.file.index, scope.owner, callee.type);
      const found = lookUp(scope, call, erase(type), '<init>', 'own');
      return { ...found, ownerType: erase(type), ...typed(type) };
    }
    case 'delegate': {
      const type = delegatedTo(scope, callee);
      return type === null ? unresolved : lookUp(scope, call, type, '<init>', 'own');
    }
    case 'method': {
      const type = scope.receiverType(call);
      if (callee.isSuper && scope.ownerType !== null) return superCall(scope, call, scope.ownerType, callee);
      const found = type === null ? unresolved : lookUp(scope, call, type, callee.name, 'inherited');
      if (found.resolution !== 'unknown') return found;
      const mixed = ofThoseItIsMixedInto(scope, call, callee.name);
      if (mixed !== null) return mixed;
      const taken = type === null || scope.world.exists(erase(type)) ? null : ofTypeTakenFrom(scope, call, callee.name);
      if (taken !== null) return taken;
      const imported = type === null ? ofImportsInVariable(scope, call, callee.name) : null;
      if (imported !== null) return imported;
      return ofConstant(scope, call, callee.name) ?? ofAnyOwner(scope, call, callee.name, found);
    }
    case 'function':
      return callee.scope === null
        ? lexicalOrInherited(scope, call, callee.name)
        : scopedCall(scope, call, callee.scope, callee.name);
    case 'value':
    case 'aggregate':
      return unresolved;
  }
}

/**
 * `self._read(response)` in a class that has no such method, nor have its known superclasses: it is made to be mixed
 * into others, all of which have it from the same place.
 */
function ofThoseItIsMixedInto(scope: Scope, call: CallInstruction, member: string): ResolvedCall | null {
  const { world, ownerType, fn } = scope;
  if (ownerType === null || call.receiver === null || call.receiver !== fn.receiver) return null;
  if (!world.ancestors(ownerType).every((name) => world.exists(name))) return null;
  let mixed: ResolvedCall | null = null;
  for (const { file, shape } of world.subtypes(ownerType) ?? []) {
    const found = lookUp(scope, call, qualifiedType(file.index, shape), member, 'inherited');
    if (found.resolution === 'unknown') continue;
    const [only] = found.declarations;
    if (only === undefined || found.declarations.length > 1) return null;
    if (mixed !== null && mixed.declarations[0]?.declaration !== only.declaration) return null;
    mixed = found;
  }
  return mixed;
}

/** What a value of a type nobody knows inherits from what it was taken from, if that has such a method. */
function ofTypeTakenFrom(scope: Scope, call: CallInstruction, member: string): ResolvedCall | null {
  const type = call.receiver === null ? null : scope.typeTakenFrom(call.receiver);
  const found = type === null ? unresolved : lookUp(scope, call, type, member, 'inherited');
  return found.resolution === 'unknown' ? null : found;
}

/** `const client = isSecure ? https : http; client.get(url)`: a member of each of the imports that the variable may stand for. */
function ofImportsInVariable(scope: Scope, call: CallInstruction, member: string): ResolvedCall | null {
  const imports = call.receiver === null ? [] : scope.importsIn(call.receiver);
  const found = imports.map((one) => scopedCall(scope, call, one, member));
  return found.every(({ resolution }) => resolution !== 'unknown') ? (found[0] ?? null) : null;
}

/** `CSVFormat.DEFAULT.parse(in)`: a constant of a class nobody has the fields of is one of its kind, if rules say it has the method. */
function ofConstant(scope: Scope, call: CallInstruction, member: string): ResolvedCall | null {
  const type = call.receiver === null ? null : scope.constantOf(call.receiver);
  if (type === null || scope.world.models.calls(type, member).length === 0) return null;
  return lookUp(scope, call, type, member, 'inherited');
}

/** `*#addEventListener("abort",*)`: rules for a method of whatever nobody knows the type of. */
function ofAnyOwner(scope: Scope, call: CallInstruction, member: string, found: ResolvedCall): ResolvedCall {
  const all = scope.world.models.calls('*', member);
  if (all.length === 0) return found;
  // What has a type, if one that nobody has seen, is one of these only by what it is surely given: `stun.Client` is no client of HTTP.
  const hasType = call.receiver !== null && scope.typeOf(call.receiver) !== null;
  const models = hasType ? pickSureModels(scope, all, call) : pickModels(scope, all, call);
  if (models.length === 0) return found;
  return { ...found, models, ...typed(models[0]?.returns ?? null), resolution: 'name-only' };
}

/** `name(…)` that no type around declares: this object may have it from a supertype nobody knows. */
function lexicalOrInherited(scope: Scope, call: CallInstruction, name: string): ResolvedCall {
  const found = lexicalCall(scope, call, name);
  const isOfThis = found.resolution === 'unknown' && call.receiver !== null && call.receiver === scope.fn.receiver;
  return isOfThis ? ofAnyOwner(scope, call, name, found) : found;
}

function delegatedTo(scope: Scope, { to, of }: Extract<Callee, { kind: 'delegate' }>): string | null {
  if (scope.ownerType === null || to === 'this') return scope.ownerType;
  return supertypesMeant(scope, scope.ownerType, of)[0] ?? null;
}

/** `Base.__init__(self)` names one of several. */
function supertypesMeant({ world, file, owner }: Scope, type: string, named: string | undefined): readonly string[] {
  const all = world.supertypes(type);
  if (named === undefined) return all;
  const meant = erase(world.resolve(file.index, owner, named));
  const found = all.filter((one) => erase(one) === meant);
  // A class that is declared twice, for one platform each, has the superclasses of the other here.
  return found.length > 0 ? found : [meant];
}

function superCall(
  scope: Scope,
  call: CallInstruction,
  owner: string,
  { name, of }: Extract<Callee, { kind: 'method' }>,
): ResolvedCall {
  for (const supertype of supertypesMeant(scope, owner, of)) {
    const found = lookUp(scope, call, supertype, name, 'inherited');
    if (found.resolution !== 'unknown') return found;
  }
  return unresolved;
}

/** `name(…)`: where the language has it a member of a type around, inherited or own; a function, or an import. */
function lexicalCall(scope: Scope, call: CallInstruction, name: string): ResolvedCall {
  const { world, file } = scope;
  for (let owner = world.callsMembersByName ? scope.owner : null; owner !== null; owner = outerOf(owner)) {
    const found = lookUp(scope, call, qualify(file.index.package, owner), name, 'inherited');
    if (found.resolution !== 'unknown') return found;
  }
  const own = world.project.members(file, null, name).map((declaration) => ({ file, declaration }));
  const free = freeFunctions(scope, own.length > 0 ? own : world.project.functions(file.index.package, name), call);
  if (free !== null) return free;
  for (const one of file.index.imports) {
    if (one.kind !== 'member') continue;
    if (one.local !== name && one.local !== '*') continue;
    const target = world.origin(one.local === '*' ? `${one.target}.${name}` : one.target);
    const type = outerOf(target) ?? target;
    const member = target.slice(target.lastIndexOf('.') + 1);
    const found = lookUp(scope, call, type, member, 'inherited');
    if (found.resolution !== 'unknown' || one.local === name) return { ...found, ownerType: type };
  }
  for (const implicit of world.implicitPackages) {
    const found = lookUp(scope, call, implicit, name, 'own');
    if (found.resolution !== 'unknown') return found;
  }
  return unresolved;
}

/** Of functions outside any type, those that the call may mean; null: none. */
function freeFunctions(scope: Scope, found: readonly FoundDeclaration[], call: CallInstruction): ResolvedCall | null {
  const fitting = found.filter(({ file, declaration }) => pickOverloads(scope, file, [declaration], call).length > 0);
  const picked = fitting.length > 0 ? fitting : found;
  const concrete = picked.filter(({ declaration }) => declaration.hasBody);
  return concrete.length === 0 ? null : declared(scope, concrete, null);
}

function scopedCall(scope: Scope, call: CallInstruction, qualifier: string, name: string): ResolvedCall {
  const { world, file } = scope;
  const type = world.resolve(file.index, scope.owner, qualifier);
  const found = lookUp(scope, call, erase(type), name, 'inherited');
  const origin = found.resolution === 'unknown' ? world.origin(`${erase(type)}.${name}`) : null;
  const home = origin === null ? null : outerOf(origin);
  if (origin === null || home === null || home === erase(type)) return { ...found, ownerType: type };
  return { ...lookUp(scope, call, home, origin.slice(home.length + 1), 'inherited'), ownerType: home };
}

/** Whatever has the type is called: what its class declares, or inherits. */
export function methodOf(scope: Scope, call: CallInstruction, type: string, member: string): ResolvedCall {
  return lookUp(scope, call, type, member, 'inherited');
}

/** Walks the type and its supertypes; a model beats a declaration found no nearer. */
function lookUp(
  scope: Scope,
  call: CallInstruction,
  type: string,
  member: string,
  reach: 'own' | 'inherited',
): ResolvedCall {
  const { world } = scope;
  let signature: ResolvedCall['signature'] = null;
  let resultType: string | null = null;
  const ancestors = reach === 'own' ? [erase(type)] : world.ancestors(type);
  for (const ancestor of ancestors) {
    const models = pickModels(scope, world.models.calls(ancestor, member), call);
    if (models.length > 0) {
      const platform = pickApiMethods(scope, ancestors, member, call);
      const throwsTypes = platform?.throws ?? null;
      return {
        models,
        declarations: [],
        signature: signature ?? (throwsTypes === null ? null : { throws: throwsTypes, isPlatform: true }),
        ownerType: type,
        ...typed(
          models.find((model) => model.returns !== null)?.returns ??
            handedOnType(scope, call, models) ??
            resultType ??
            (platform === null ? null : returned(world, type, member, platform)),
        ),
        resolution: isQualified(type) ? 'exact' : 'name-only',
      };
    }
    const owner = world.project.type(ancestor);
    if (owner === null) {
      const free = freeFunctions(scope, world.project.functions(ancestor, member), call);
      if (free !== null) return free;
    } else {
      const found = methodsOf(scope, owner, member, call);
      const concrete = found.filter(({ declaration }) => declaration.hasBody);
      if (concrete.length > 0) return declared(scope, concrete, type);
      const first = found[0];
      if (first !== undefined && signature === null) {
        signature = {
          throws: first.declaration.throws.map((name) => world.resolve(first.file.index, owner.shape.name, name)),
          isPlatform: false,
        };
        resultType = declaredResult(world, first);
      }
    }
  }
  if (signature !== null) {
    return { models: [], declarations: [], signature, ownerType: type, ...typed(resultType), resolution: 'typed' };
  }
  const platform = pickApiMethods(scope, ancestors, member, call);
  if (platform === null) return { ...unresolved, ownerType: type };
  return {
    models: [],
    declarations: [],
    signature: { throws: platform.throws, isPlatform: true },
    ownerType: type,
    ...typed(returned(world, type, member, platform)),
    resolution: 'typed',
  };
}

/** `Objects.requireNonNull(response.body())` gives what it was given, with its type. */
function handedOnType(scope: Scope, call: CallInstruction, models: readonly CallModel[]): string | null {
  const slot = models.find((model) => model.returnsTypeOf !== null)?.returnsTypeOf ?? null;
  if (slot?.at === 'receiver') return scope.receiverType(call);
  const value = slot?.at === 'param' ? call.args[slot.index]?.value : undefined;
  return value?.kind === 'place' ? scope.typeOf(value.place) : null;
}

/** Methods of a type, wherever its package declares them; in each file the overloads that fit. */
function methodsOf(
  scope: Scope,
  { file, shape }: FoundType,
  member: string,
  call: CallInstruction,
): readonly FoundDeclaration[] {
  const { project } = scope.world;
  const own = pickOverloads(scope, file, project.members(file, shape.name, member), call);
  if (own.length > 0) return own.map((declaration) => ({ file, declaration }));
  return project.methodsElsewhere(file, shape.name, member);
}

function declared(scope: Scope, found: readonly FoundDeclaration[], ownerType: string | null): ResolvedCall {
  const [first] = found;
  const result = first === undefined ? null : declaredResult(scope.world, first);
  return { models: [], declarations: found, signature: null, ownerType, ...typed(result), resolution: 'exact' };
}

function declaredResult(world: World, { file, declaration }: FoundDeclaration): string | null {
  const { returnType, owner } = declaration;
  if (returnType === null) return null;
  const types = resultTypes(returnType).map((type) => world.resolve(file.index, owner, type));
  return types.length > 1 ? `(${types.join(',')})` : (types[0] ?? null);
}

/** A platform's result type: `URL` of `urls.nextElement()`, where `urls` is an `Enumeration<URL>`. */
function returned(world: World, type: string, member: string, { returns }: ApiMethod): string | null {
  return returns === 'void' ? null : withoutVariables(world, type, member, returns);
}
