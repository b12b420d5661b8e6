/**
 * Which callee a call means: a model, a function of the scan, a method of the platform, or nobody knows.
 * Uses imports, local type hints, and what a type checker says of the receiver, if one was asked to (`World.checked`).
 */
import type { Resolution } from '../effects/effect.ts';
import type { CallInstruction } from '../ir/ir.ts';
import type { Declaration } from '../languages/language.ts';
import type { ApiMethod, CallModel } from '../models/model-set.ts';
import type { FoundDeclaration, FoundType, IndexedFile } from '../project/project.ts';
import type { Scope } from './scope.ts';
import { erase, isArray, isQualified, resultTypes, simpleName } from './type-names.ts';
import { outerOf, qualify, type World } from './world.ts';

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
      const type =
        scope.ownerType === null
          ? null
          : callee.to === 'this'
            ? scope.ownerType
            : (world.supertypes(scope.ownerType)[0] ?? null);
      return type === null ? unresolved : lookUp(scope, call, type, '<init>', 'own');
    }
    case 'method': {
      const type = scope.receiverType(call);
      if (callee.isSuper && scope.ownerType !== null) return superCall(scope, call, scope.ownerType, callee.name);
      const found = type === null ? unresolved : lookUp(scope, call, type, callee.name, 'inherited');
      if (found.resolution !== 'unknown') return found;
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

/** `CSVFormat.DEFAULT.parse(in)`: a constant of a class nobody has the fields of is one of its kind, if rules say it has the method. */
function ofConstant(scope: Scope, call: CallInstruction, member: string): ResolvedCall | null {
  const type = call.receiver === null ? null : scope.constantOf(call.receiver);
  if (type === null || scope.world.models.calls(type, member).length === 0) return null;
  return lookUp(scope, call, type, member, 'inherited');
}

/** `*#addEventListener("abort",*)`: rules for a method of whatever nobody knows the type of. */
function ofAnyOwner(scope: Scope, call: CallInstruction, member: string, found: ResolvedCall): ResolvedCall {
  const models = pickModels(scope, scope.world.models.calls('*', member), call);
  if (models.length === 0) return found;
  return { ...found, models, ...typed(models[0]?.returns ?? null), resolution: 'name-only' };
}

/** `name(…)` that no type around declares: this object may have it from a supertype nobody knows. */
function lexicalOrInherited(scope: Scope, call: CallInstruction, name: string): ResolvedCall {
  const found = lexicalCall(scope, call, name);
  const isOfThis = found.resolution === 'unknown' && call.receiver !== null && call.receiver === scope.fn.receiver;
  return isOfThis ? ofAnyOwner(scope, call, name, found) : found;
}

function superCall(scope: Scope, call: CallInstruction, owner: string, name: string): ResolvedCall {
  for (const supertype of scope.world.supertypes(owner)) {
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
    const type = one.local === '*' ? one.target : (outerOf(one.target) ?? one.target);
    const member = one.local === '*' ? name : one.target.slice(one.target.lastIndexOf('.') + 1);
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
  return { ...lookUp(scope, call, erase(type), name, 'inherited'), ownerType: type };
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
            resultType ??
            (platform === null ? null : returned(platform)),
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
    ...typed(returned(platform)),
    resolution: 'typed',
  };
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

/** By number of arguments, then by their types as far as they are known. */
function pickOverloads(
  scope: Scope,
  file: IndexedFile,
  candidates: readonly Declaration[],
  call: CallInstruction,
): readonly Declaration[] {
  if (!scope.world.isTyped) return candidates;
  const count = call.args.length;
  const exact = candidates.filter((one) => one.params.length === count && one.params.at(-1)?.isVariadic !== true);
  if (exact.length === 0) {
    return candidates.filter((one) => one.params.at(-1)?.isVariadic === true && count >= one.params.length - 1);
  }
  if (exact.length === 1) return exact;
  const fitting = exact.filter((one) =>
    one.params.every((param, index) => mayTake(scope, file, one, param.type, call, index)),
  );
  const same = fitting.filter((one) =>
    one.params.every((param, index) => isSameType(scope, file, one, param.type, call, index)),
  );
  if (same.length === 1) return same;
  return fitting.length > 0 ? fitting : exact;
}

function mayTake(
  scope: Scope,
  file: IndexedFile,
  owner: Declaration,
  hint: string | null,
  call: CallInstruction,
  index: number,
): boolean {
  const type = argumentType(scope, call, index);
  if (type === null || hint === null) return true;
  return scope.world.isSubtype(type, scope.world.resolve(file.index, owner.owner, hint)) !== false;
}

function isSameType(
  scope: Scope,
  file: IndexedFile,
  owner: Declaration,
  hint: string | null,
  call: CallInstruction,
  index: number,
): boolean {
  const type = argumentType(scope, call, index);
  return type === null || hint === null || erase(type) === erase(scope.world.resolve(file.index, owner.owner, hint));
}

function argumentType(scope: Scope, call: CallInstruction, index: number): string | null {
  const arg = call.args[index]?.value;
  if (arg?.kind === 'literal' && arg.literal.kind === 'string') return freshType(scope, 'String');
  if (arg?.kind === 'fresh') return freshType(scope, arg.type);
  return arg?.kind === 'place' ? scope.typeOf(arg.place) : null;
}

function pickApiMethods(
  scope: Scope,
  ancestors: readonly string[],
  member: string,
  call: CallInstruction,
): ApiMethod | null {
  for (const ancestor of ancestors) {
    const methods = scope.world.api.type(ancestor)?.methods(member) ?? [];
    const ofArity = methods.filter((method) => method.params.length === call.args.length || method.isVariadic);
    const ofShape = ofArity.length < 2 ? ofArity : ofArity.filter((method) => hasShapeOf(scope, call, method));
    const ofTypes = ofShape.length < 2 ? ofShape : ofShape.filter((method) => takes(scope, call, method));
    const fitting = ofTypes.length > 0 ? ofTypes : ofShape.length > 0 ? ofShape : ofArity;
    const first = fitting[0];
    if (first === undefined) continue;
    // Overloads of one arity may announce different exceptions: what all announce is sure.
    const throwsAll = first.throws.filter((name) => fitting.every((method) => method.throws.includes(name)));
    return { ...first, throws: throwsAll };
  }
  return null;
}

/** No argument is an array where the method takes none, or the other way round, or one of other elements. */
function hasShapeOf(scope: Scope, call: CallInstruction, method: ApiMethod): boolean {
  return method.params.every((wanted, index) => {
    const given = argumentType(scope, call, index);
    if (given === null || (method.isVariadic && index === method.params.length - 1)) return true;
    if (!isArray(wanted) && !isArray(given)) return true;
    return given === wanted || (isObjectArray(given) && isObjectArray(wanted));
  });
}

/** `new FileInputStream(file)` is not the one that takes a descriptor. */
function takes(scope: Scope, call: CallInstruction, method: ApiMethod): boolean {
  return method.params.every((wanted, index) => {
    const given = argumentType(scope, call, index);
    if (given === null || isArray(wanted) || (method.isVariadic && index === method.params.length - 1)) return true;
    return scope.world.isSubtype(given, wanted) !== false;
  });
}

function isObjectArray(type: string): boolean {
  return type.endsWith('[]') && !/^[a-z]+\[\]$/.test(type);
}

/** A platform's result type; type variables are not followed. */
function returned(method: ApiMethod): string | null {
  const base = erase(method.returns);
  return /^[A-Z][A-Z0-9]?$/.test(base) || base === 'void' ? null : method.returns;
}

/**
 * Models whose parameter types fit come first, then those that state none. One that might fit, the
 * arguments' types being unknown, counts only for methods: for a constructor its type speaks instead.
 */
function pickModels(scope: Scope, models: readonly CallModel[], call: CallInstruction): readonly CallModel[] {
  const verdicts = models.map((model) => ({ model, fit: fitOf(scope, model, call) }));
  const select = (fit: Fit): readonly CallModel[] => verdicts.filter((one) => one.fit === fit).map((one) => one.model);
  const fitting = select('fits');
  if (fitting.length > 0) return fitting;
  const general = select('general');
  if (general.length > 0 || call.callee.kind === 'construct') return general;
  return select('unknown');
}

type Fit = 'fits' | 'general' | 'unknown' | 'misfit';

function fitOf(scope: Scope, model: CallModel, call: CallInstruction): Fit {
  if (model.named.length > 0) return model.named.every((wanted) => isGiven(call, wanted)) ? 'fits' : 'misfit';
  if (model.until !== null && !isWrittenBefore(scope.file, model.until)) return 'misfit';
  if (model.arity !== null && model.arity !== call.args.length) return 'misfit';
  if (model.receiverNamed !== null && !model.receiverNamed.test(receiverName(scope, call))) return 'misfit';
  if (model.params === null) return model.until === null ? 'general' : 'fits';
  if (model.params.length !== call.args.length) return 'misfit';
  const fits = model.params.map((wanted, index) => argumentFit(scope, call, index, wanted));
  if (fits.includes('misfit')) return 'misfit';
  return fits.includes('unknown') ? 'unknown' : 'fits';
}

/** Where nobody says which version a file is written for, it may be any. */
function isWrittenBefore({ languageVersion }: IndexedFile, version: readonly number[]): boolean {
  if (languageVersion === null) return true;
  const numbers = languageVersion.split('.').map((part) => Number.parseInt(part, 10));
  for (const [index, wanted] of version.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== wanted) return number < wanted;
  }
  return false;
}

function isGiven({ args }: CallInstruction, { name, value }: CallModel['named'][number]): boolean {
  const given = args.find((arg) => arg.name === name)?.value;
  if (given === undefined || value === '*') return given !== undefined;
  return given.kind === 'literal' && given.literal.kind === 'boolean' && String(given.literal.value) === value;
}

/** The variable or field it is called on, by its own name. */
function receiverName({ fn }: Scope, { receiver }: CallInstruction): string {
  const place = receiver === null ? undefined : fn.places[receiver];
  if (place?.kind === 'path') return place.fields.at(-1) ?? '';
  return place?.kind === 'local' ? (place.name ?? '') : '';
}

function argumentFit(scope: Scope, call: CallInstruction, index: number, wanted: string): Fit {
  if (wanted === '*') return 'fits';
  const arg = call.args[index]?.value;
  if (wanted.startsWith('"')) {
    const text = arg?.kind === 'literal' && arg.literal.kind === 'string' ? arg.literal.text : null;
    return text !== null && wanted.slice(1, -1).split('|').includes(text) ? 'fits' : 'misfit';
  }
  if (arg?.kind === 'literal' && arg.literal.kind === 'string') {
    return wanted === 'String' || wanted === 'CharSequence' || wanted === 'Object' ? 'fits' : 'misfit';
  }
  const type = argumentType(scope, call, index);
  if (type === null) return 'unknown';
  return scope.world.ancestors(type).some((name) => simpleName(name) === simpleName(wanted)) ? 'fits' : 'misfit';
}

function freshType(scope: Scope, hint: string | null): string | null {
  return hint === null ? null : scope.world.resolve(scope.file.index, scope.owner, hint);
}
