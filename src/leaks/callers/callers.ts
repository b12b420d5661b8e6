/**
 * Who calls a function, in the files that may. Names are asked first, as nothing is lowered to know them. Which files those
 * are, and what can be said of callers nobody sees, each of the modules that ask says for itself.
 */
import type { BlockId, CallInstruction, Operand, PlaceId, Argument } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import type { Declaration } from '../../languages/language.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { placeName } from '../../summaries/place-names.ts';

export interface Caller {
  readonly file: IndexedFile;
  readonly declaration: Declaration;
}

export interface Call {
  readonly scope: Scope;
  /** The function it is in, by name. */
  readonly caller: string;
  readonly call: CallInstruction;
  readonly block: BlockId;
  /** In a loop. */
  readonly isRepeated: boolean;
  /** It runs on its own: `go serve(connection)`. */
  readonly isSpawned: boolean;
}

export interface NamedParameter {
  readonly index: number;
  readonly name: string | null;
}

export function parameterAt({ fn }: Scope, index: number): NamedParameter {
  return { index, name: placeName(fn, fn.params[index] as PlaceId) }; // the caller found it there
}

/** null: none is given for it, or nobody can tell which. */
export function argumentFor(call: CallInstruction, parameter: NamedParameter): Operand | null {
  return wholeArgumentFor(call, parameter)?.value ?? null;
}

/** With what else is known of it. */
export function wholeArgumentFor({ args }: CallInstruction, { index, name }: NamedParameter): Argument | null {
  const named = args.find((arg) => arg.name !== null && arg.name === name);
  return named ?? (args[index]?.name === null ? args[index] : null) ?? null;
}

/** null: it is a function made in another one. */
export function declarationOf({ fn, file }: Scope): Declaration | null {
  return file.index.declarations.find(({ id }) => id === fn.id) ?? null;
}

/** By the names that functions call. */
export function callersIn(files: readonly IndexedFile[], own: Declaration): readonly Caller[] {
  return files.flatMap((file) =>
    file.index.declarations
      .filter((one) => one !== own && one.hasBody && one.calls.has(own.name))
      .map((declaration) => ({ file, declaration })),
  );
}

export function callsBy(demand: Demand, { file, declaration }: Caller, own: Declaration): readonly Call[] {
  return demand
    .body(file, declaration)
    .flatMap((scope) => callsWithin(scope, own).map((call) => ({ ...call, caller: declaration.name })));
}

function callsWithin(scope: Scope, own: Declaration): readonly Omit<Call, 'caller'>[] {
  return scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((one) => {
      const call = one.op === 'spawn' ? one.call : one;
      if (call.op !== 'call' || calleeLabel(call) !== own.name || !mayMean(scope, call, own)) return [];
      return [{ scope, call, block: id, isRepeated: reaches(scope.fn, id, id), isSpawned: one.op === 'spawn' }];
    }),
  );
}

/** A call of its name means it, unless it is known to mean another. Of several of one name, for one system each, any may be meant. */
function mayMean(scope: Scope, call: CallInstruction, own: Declaration): boolean {
  const { declarations, models, signature } = scope.resolved(call);
  if (declarations.length > 0) {
    return declarations.some(
      ({ declaration }) => declaration === own || !declaration.hasBody || declaration.symbol === own.symbol,
    );
  }
  return models.length === 0 && signature?.isPlatform !== true;
}

/** `every(second, poll)`, `pool.submit(this::poll)`: somebody has the function itself, and calls it when they like. */
export function isHandedOn(demand: Demand, file: IndexedFile, own: Declaration): boolean {
  const ofObject = member(own.name);
  const isMeant = (name: string): boolean => name === ofObject || (own.owner === null && name === own.name);
  return demand.world.project
    .declarationsNaming(file, own.name)
    .some((one) =>
      demand.body(file, one).some((scope) => functionsMentioned(scope).some(isMeant) && !isOnlyDescribed(scope, own)),
    );
}

/** By what may be the name of a function, and is more often that of a variable. */
function functionsMentioned(scope: Scope): readonly string[] {
  const values = scope.fn.places.flatMap((place) => {
    if (place.kind === 'path') return [member(place.fields.at(-1) ?? '')];
    if (place.kind !== 'global') return [];
    return [place.name, member(place.name.slice(place.name.lastIndexOf('.') + 1))];
  });
  if (scope.around === null) return values;
  // A reference to a function is a function made there that calls it, with nobody knows how many arguments.
  const unknown = callsOf(scope.fn).filter((call) => scope.resolved(call).declarations.length === 0);
  return [...values, ...unknown.flatMap((call) => [calleeLabel(call), member(calleeLabel(call))])];
}

function member(name: string): string {
  return `.${name}`;
}

/** `wire.NewSet(provideOrders)`: a tool reads that, and writes the calls, which are in the scan. */
function isOnlyDescribed({ fn, world }: Scope, { name }: Declaration): boolean {
  const { describedBy } = world.models.conventions;
  if (describedBy === null) return false;
  return callsOf(fn).some(
    ({ callee, args }) =>
      callee.kind === 'function' &&
      describedBy.test(`${callee.scope ?? ''}.${callee.name}`) &&
      args.some(({ value }) => {
        const place = value.kind === 'place' ? fn.places[value.place] : undefined;
        return place?.kind === 'global' && place.name.slice(place.name.lastIndexOf('.') + 1) === name;
      }),
  );
}
