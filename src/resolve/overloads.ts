/** Of the models, functions and signatures that have the name a call uses, those that its arguments fit. */
import type { Argument, CallInstruction } from '../ir/ir.ts';
import type { Declaration, Parameter } from '../languages/language.ts';
import type { ApiMethod, CallModel } from '../models/model-set.ts';
import type { IndexedFile } from '../project/project.ts';
import type { Scope } from './scope.ts';
import { erase, isArray, isQualified, simpleName } from './type-names.ts';

/**
 * Models whose parameter types fit come first, then those that state none. One that might fit, the
 * arguments' types being unknown, counts only for methods: for a constructor its type speaks instead.
 */
export function pickModels(scope: Scope, models: readonly CallModel[], call: CallInstruction): readonly CallModel[] {
  const verdicts = models.map((model) => ({ model, fit: fitOf(scope, model, call) }));
  const select = (fit: Fit): readonly CallModel[] => verdicts.filter((one) => one.fit === fit).map((one) => one.model);
  const fitting = select('fits');
  if (fitting.length > 0) return fitting;
  const general = select('general');
  if (general.length > 0 || call.callee.kind === 'construct') return general;
  return select('unknown');
}

/** Those whose parameter types surely fit, or that state none. */
export function pickSureModels(
  scope: Scope,
  models: readonly CallModel[],
  call: CallInstruction,
): readonly CallModel[] {
  return pickModels(
    scope,
    models.filter((model) => fitOf(scope, model, call) !== 'unknown'),
    call,
  );
}

/** A method that is handed on instead of called: what it will be given is not known here. */
function isNotSeen({ value, isSpread }: CallInstruction['args'][number]): boolean {
  return isSpread && value.kind === 'unknown';
}

/** By number of arguments, then by their types as far as they are known. */
export function pickOverloads(
  scope: Scope,
  file: IndexedFile,
  candidates: readonly Declaration[],
  call: CallInstruction,
): readonly Declaration[] {
  if (!scope.world.isTyped || call.args.some(isNotSeen)) return candidates;
  const count = call.args.length;
  const exact = candidates.filter((one) => one.params.length === count && one.params.at(-1)?.isVariadic !== true);
  const variadic = candidates.filter((one) => one.params.at(-1)?.isVariadic === true && count >= one.params.length - 1);
  if (exact.length === 0) return variadic;
  if (exact.length === 1 && variadic.length === 0) return exact;
  const fitting = exact.filter((one) =>
    one.params.every((param, index) => {
      const [given, wanted] = [argumentType(scope, call, index), wantedType(scope, file, one, param)];
      if (given === null || wanted === null) return true;
      return isAlikeArray(scope, given, wanted) && scope.world.isSubtype(given, wanted) !== false;
    }),
  );
  const same = fitting.filter((one) =>
    one.params.every((param, index) => {
      const [given, wanted] = [argumentType(scope, call, index), wantedType(scope, file, one, param)];
      return given === null || wanted === null || erase(given) === erase(wanted);
    }),
  );
  if (same.length === 1) return same;
  if (fitting.length > 0) return fitting;
  // `closeAll("x", in)` is not `closeAll(Closeable one, int why)`, where there is a `closeAll(String why, Closeable... all)`.
  return variadic.length > 0 ? variadic : exact;
}

export function pickApiMethods(
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

type Fit = 'fits' | 'general' | 'unknown' | 'misfit';

function fitOf(scope: Scope, model: CallModel, call: CallInstruction): Fit {
  if (model.named.length > 0) return model.named.every((wanted) => isGiven(scope, call, wanted)) ? 'fits' : 'misfit';
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

function isGiven(scope: Scope, call: CallInstruction, { name, value }: CallModel['named'][number]): boolean {
  const index = call.args.findIndex((arg) => arg.name === name);
  const given = call.args[index]?.value;
  if (given === undefined || value === '*') return given !== undefined;
  if (isQualified(value)) return isConstant(scope, call, index, value);
  return given.kind === 'literal' && given.literal.kind === 'boolean' && String(given.literal.value) === value;
}

/** The variable or field it is called on, by its own name. */
function receiverName({ fn }: Scope, { receiver }: CallInstruction): string {
  const place = receiver === null ? undefined : fn.places[receiver];
  if (place?.kind === 'path') return place.fields.at(-1) ?? '';
  if (place?.kind === 'global') return place.name.slice(place.name.lastIndexOf('.') + 1);
  return place?.kind === 'local' ? (place.name ?? '') : '';
}

/** Whatever is written there. */
const ANY_TEXT = '"*"';

function argumentFit(scope: Scope, call: CallInstruction, index: number, wanted: string): Fit {
  if (wanted === '*') return isByPosition(call, index) ? 'fits' : 'misfit';
  if (wanted.startsWith('"')) return textFits(call.args[index], wanted) ? 'fits' : 'misfit';
  if (isConstant(scope, call, index, wanted)) return 'fits';
  const type = argumentType(scope, call, index);
  if (type === null) return 'unknown';
  const isWanted = (name: string): boolean =>
    isQualified(wanted) ? name === wanted : simpleName(name) === simpleName(wanted);
  return scope.world.ancestors(type).some(isWanted) ? 'fits' : 'misfit';
}

/** `"end|close"`: one of these; `"/*"`: whatever begins so, put together or not. */
function textFits(arg: Argument | undefined, wanted: string): boolean {
  const literal = arg?.value.kind === 'literal' ? arg.value.literal : null;
  const text = literal?.kind === 'string' || literal?.kind === 'number' ? literal.text : null;
  if (wanted === ANY_TEXT) return text !== null;
  const start = text ?? arg?.begins;
  return wanted
    .slice(1, -1)
    .split('|')
    .some((one) => (one.endsWith('*') ? start?.startsWith(one.slice(0, -1)) === true : one === text));
}

/** `os.open(os.devnull, flags)` */
function isConstant(
  { fn, file, owner, world }: Scope,
  { args }: CallInstruction,
  index: number,
  name: string,
): boolean {
  const value = args[index]?.value;
  const place = value?.kind === 'place' ? fn.places[value.place] : undefined;
  return place?.kind === 'global' && erase(world.resolve(file.index, owner, place.name)) === name;
}

/** `file(**fields)` gives no first argument, nor does `file(name="log")`; one after a first may have a name. */
function isByPosition({ args }: CallInstruction, index: number): boolean {
  const arg = args[index];
  return arg !== undefined && !arg.isSpread && (arg.name === null || index > 0);
}

function wantedType(scope: Scope, file: IndexedFile, { owner }: Declaration, { type }: Parameter): string | null {
  return type === null ? null : scope.world.resolve(file.index, owner, type);
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

/** An array goes where one is wanted, or where anything is: an `Object`, a type variable. */
function isAlikeArray({ world }: Scope, given: string, wanted: string): boolean {
  if (isArray(given) === isArray(wanted)) return true;
  return isArray(given) && (world.supertypes(wanted).length === 0 || !world.exists(wanted));
}

function isObjectArray(type: string): boolean {
  return type.endsWith('[]') && !/^[a-z]+\[\]$/.test(type);
}

function argumentType(scope: Scope, call: CallInstruction, index: number): string | null {
  const arg = call.args[index]?.value;
  if (arg?.kind === 'literal' && arg.literal.kind === 'string')
    return freshType(scope, scope.world.models.conventions.textType);
  if (arg?.kind === 'fresh') return freshType(scope, arg.type);
  return arg?.kind === 'place' ? scope.typeOf(arg.place) : null;
}

function freshType(scope: Scope, hint: string | null): string | null {
  return hint === null ? null : scope.world.resolve(scope.file.index, scope.owner, hint);
}
