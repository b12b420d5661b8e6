/** All calls of a function that nobody outside of its file can call, or of its package, where private means that. */
import type { CallInstruction, IrFunction } from '../ir/ir.ts';
import { callsOf, reaches } from '../ir/operands.ts';
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel } from '../summaries/call-names.ts';
import type { Demand } from '../summaries/demand.ts';

export interface KnownCall {
  readonly scope: Scope;
  /** The function it is in, by name. */
  readonly caller: string;
  readonly call: CallInstruction;
  /** In a loop, or in a function made there: nobody knows how often that runs. */
  readonly isRepeated: boolean;
}

/** Each leak of a function asks for them. */
const known = new WeakMap<IrFunction, readonly KnownCall[]>();

/** Empty: nobody calls it, or others may: those who cannot be seen, or who were handed it. */
export function privateCallsOf(demand: Demand, scope: Scope): readonly KnownCall[] {
  const calls = known.get(scope.fn) ?? findPrivateCalls(demand, scope);
  known.set(scope.fn, calls);
  return calls;
}

/** null: it is a function made in another one. */
export function declarationOf({ fn, file }: Scope): Declaration | null {
  return file.index.declarations.find(({ id }) => id === fn.id) ?? null;
}

/** By the names it calls: nothing is lowered to ask. */
export function mayCall(one: Declaration, own: Declaration): boolean {
  return one !== own && one.hasBody && one.calls.has(own.name);
}

/** A call of its name means it, unless it is known to mean another. Of several of one name, for one system each, any may be meant. */
export function mayMean(scope: Scope, call: CallInstruction, own: Declaration): boolean {
  const { declarations, models, signature } = scope.resolved(call);
  if (declarations.length > 0) {
    return declarations.some(
      ({ declaration }) => declaration === own || !declaration.hasBody || declaration.symbol === own.symbol,
    );
  }
  return models.length === 0 && signature?.isPlatform !== true;
}

function findPrivateCalls(demand: Demand, scope: Scope): readonly KnownCall[] {
  const { file, world } = scope;
  const own = declarationOf(scope);
  if (own?.isPrivate !== true) return [];
  // What is private to a package is called in any of its files.
  const files = [file, ...world.project.othersMentioning(file, own.name)];
  const calls = files.flatMap((one) => callsIn(demand, one, own));
  return calls.length === 0 || files.some((one) => isHandedOut(demand, one, own)) ? [] : calls;
}

function callsIn(demand: Demand, file: Scope['file'], own: Declaration): readonly KnownCall[] {
  const callers = file.index.declarations.filter((one) => one.hasBody && one.calls.has(own.name));
  return callers.flatMap((caller) =>
    demand
      .body(file, caller)
      .flatMap((scope) => callsWithin(scope, own).map((call) => ({ ...call, caller: caller.name }))),
  );
}

function callsWithin(scope: Scope, own: Declaration): readonly Omit<KnownCall, 'caller'>[] {
  return scope.fn.blocks.flatMap(({ id, instructions }) =>
    instructions.flatMap((call) => {
      if (call.op !== 'call' || call.callee.kind === 'construct') return [];
      if (!scope.resolved(call).declarations.some(({ declaration }) => declaration === own)) return [];
      return [{ scope, call, isRepeated: scope.around !== null || reaches(scope.fn, id, id) }];
    }),
  );
}

/** `every(second, poll)`, `pool.submit(this::poll)`: somebody has the function itself, and calls it when they like. */
function isHandedOut(demand: Demand, file: Scope['file'], { name, owner }: Declaration): boolean {
  const ofDemand = handedOut.get(demand) ?? new Map<Scope['file'], ReadonlySet<string>>();
  handedOut.set(demand, ofDemand);
  const names =
    ofDemand.get(file) ??
    new Set(file.index.declarations.flatMap((one) => demand.body(file, one).flatMap(functionsMentioned)));
  ofDemand.set(file, names);
  return names.has(owner === null ? name : member(name));
}

/** The functions that are mentioned in a file without being called, by name. */
const handedOut = new WeakMap<Demand, Map<Scope['file'], ReadonlySet<string>>>();

/** By what may be the name of a function, and is more often that of a variable. */
export function functionsMentioned(scope: Scope): readonly string[] {
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
