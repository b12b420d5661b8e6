/**
 * Which constants a call gives the parameters of what it calls, where they may decide whether anything is opened: null,
 * booleans, nothing written, zero. Others tell calls apart that mean the same: `open("a")`, `open("b")`.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import { emptyStore, write, type Store } from '../../engine/store.ts';
import type { CallInstruction, IrFunction, Literal, Operand } from '../../ir/ir.ts';
import type { Parameter } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';

/** One for each parameter; null: nobody knows it. */
export type Constants = readonly (Literal | null)[];

/** `constantOf`: what else than literals is known to be a constant. */
export function constantsGiven(
  { args }: CallInstruction,
  params: readonly Parameter[],
  constantOf: (operand: Operand) => Literal | null = () => null,
): Constants {
  if (args.some(({ isSpread }) => isSpread)) return params.map(() => null);
  return params.map(({ name, isVariadic, fallback }, index) => {
    if (isVariadic) return null;
    const placed = args[index];
    const given = placed?.name === null ? placed : args.find((one) => one.name === name);
    if (given === undefined) return fallback ?? null;
    const constant = given.value.kind === 'literal' ? given.value.literal : constantOf(given.value);
    return constant !== null && mayDecide(constant) ? constant : null;
  });
}

function mayDecide(literal: Literal): boolean {
  return (
    literal.kind === 'null' || literal.kind === 'boolean' || literal.text === (literal.kind === 'string' ? '' : '0')
  );
}

/** What a function knows at its entry that is called with these constants. */
export function storeGiven(fn: IrFunction, given: Constants): Store {
  const { literals } = functionFacts(fn);
  return fn.params.reduce((store, place, index) => {
    const constant = given[index] ?? null;
    return constant === null ? store : write(store, place, literals.value(constant));
  }, emptyStore);
}

/** `send(request, "HEAD")`, `send(request, http.MethodHead)`: is one of these texts, or constants by full name, among the arguments? */
export function isGivenAny(
  { fn, file, owner, world }: Scope,
  { args }: CallInstruction,
  names: ReadonlySet<string>,
): boolean {
  return (
    names.size > 0 &&
    args.some(({ value }) => {
      if (value.kind === 'literal') return value.literal.kind === 'string' && names.has(value.literal.text);
      const place = value.kind === 'place' ? fn.places[value.place] : undefined;
      return place?.kind === 'global' && names.has(erase(world.resolve(file.index, owner, place.name)));
    })
  );
}
