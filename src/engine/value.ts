/**
 * Abstract values: constant propagation over null, booleans and literals in which one of the
 * constants is *the resource*. A flat lattice with `unknown` on top; joins only go up.
 */
import type { Literal } from '../ir/ir.ts';

/** Small integers, so that a store is an array of numbers. */
export type Value = number;

export const UNKNOWN: Value = 0;
/** The tracked resource itself, or a wrapper that releases it. */
export const RESOURCE: Value = 1;
/** The resource or something else; releasing it settles the obligation. */
export const MAYBE_RESOURCE: Value = 2;
/** Releasing this releases the resource: the statement of a result set. */
export const HOLDER: Value = 3;
export const NULL: Value = 4;
export const NON_NULL: Value = 5;
export const TRUE: Value = 6;
export const FALSE: Value = 7;
/** A promise that was rejected: whoever waits for it fails. */
export const REJECTED: Value = 8;
const FIRST_LITERAL = 16;

/** Numbers literals in the order they are met; one per function. */
export class LiteralTable {
  readonly #ids = new Map<string, Value>();
  readonly #numbers = new Map<Value, number>();

  value(literal: Literal): Value {
    if (literal.kind === 'null') return NULL;
    if (literal.kind === 'boolean') return literal.value ? TRUE : FALSE;
    const key = `${literal.kind}:${literal.text}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = FIRST_LITERAL + this.#ids.size;
      this.#ids.set(key, id);
      const number = literal.kind === 'number' ? Number(literal.text) : NaN;
      if (!Number.isNaN(number)) this.#numbers.set(id, number);
    }
    return id;
  }

  /** The number that a value stands for; null: it is none that was written. */
  number(value: Value): number | null {
    return this.#numbers.get(value) ?? null;
  }
}

/** The resource, not merely its holder: giving the holder away does not settle what it holds. */
export function isResource(value: Value): boolean {
  return value === RESOURCE || value === MAYBE_RESOURCE;
}

/** Releasing or handing over a place with this value settles the obligation. */
export function holdsResource(value: Value): boolean {
  return value === RESOURCE || value === MAYBE_RESOURCE || value === HOLDER;
}

export function isNonNull(value: Value): boolean {
  return value !== UNKNOWN && value !== NULL && value !== MAYBE_RESOURCE;
}

/** Two different constants (literals, true/false) that cannot be equal. */
export function areDistinctConstants(a: Value, b: Value): boolean {
  return a !== b && isConstant(a) && isConstant(b);
}

/** Two places that hold this hold the same. */
export function isOneValue(value: Value): boolean {
  return value === RESOURCE || isConstant(value);
}

function isConstant(value: Value): boolean {
  return value === NULL || value === TRUE || value === FALSE || value >= FIRST_LITERAL;
}

export function joinValues(a: Value, b: Value): Value {
  if (a === b) return a;
  if (isResource(a) || isResource(b)) return MAYBE_RESOURCE;
  if (a === HOLDER || b === HOLDER) return HOLDER;
  if (isNonNull(a) && isNonNull(b)) return NON_NULL;
  return UNKNOWN;
}

const names: ReadonlyMap<Value, string> = new Map([
  [UNKNOWN, 'unknown'],
  [RESOURCE, 'the resource'],
  [MAYBE_RESOURCE, 'maybe the resource'],
  [HOLDER, 'its holder'],
  [NULL, 'null'],
  [NON_NULL, 'not null'],
  [TRUE, 'true'],
  [FALSE, 'false'],
  [REJECTED, 'rejected'],
]);

/** For people; literals are numbered in the order they were met. */
export function printValue(value: Value): string {
  return names.get(value) ?? `literal ${String(value - FIRST_LITERAL)}`;
}
