/** Pure comparisons as predicate places, written so that the same fact is always the same text. */
import type { Comparison, Condition, PlaceId } from '../../ir/ir.ts';
import type { PlaceTable } from '../../ir/places.ts';
import { isTrue, negate } from './values.ts';

/** Parts of a condition looked at; a longer one is not worth a fact. */
export const maxParts = 40;

/** One side of a comparison. */
export interface Side {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** `a <= b` is not `a > b`; `0 < n` is `n > 0`; `!=` is not `==`. The roots are what the texts mention. */
export function comparison(
  places: PlaceTable,
  roots: readonly PlaceId[],
  [left, operator, right]: readonly [Side, string, Side],
): Condition {
  const mirrored = mirrors.get(operator);
  const isSwapped = mirrored !== undefined && (left.isLiteral || (!right.isLiteral && right.text < left.text));
  const [first, second] = isSwapped ? [right, left] : [left, right];
  const wanted = isSwapped ? mirrored : operator;
  const opposite = opposites.get(wanted);
  const asked = opposite ?? wanted;
  const compares = comparisonOf(places, roots, first, asked, second);
  const condition = isTrue(places.predicate(`${first.text}${spaced(asked)}${second.text}`, roots, compares));
  return opposite === undefined ? condition : negate(condition);
}

/** Two places compared for being the same, or one with a number; null: anything else. */
function comparisonOf(
  places: PlaceTable,
  roots: readonly PlaceId[],
  first: Side,
  operator: string,
  second: Side,
): Comparison | null {
  const placeOf = ({ text, isLiteral }: Side): PlaceId | undefined =>
    isLiteral ? undefined : roots.find((root) => placeText(places, root) === text);
  const [left, right] = [placeOf(first), placeOf(second)];
  if (left === undefined) return null;
  if (operator === '==' || operator === 'is') return right === undefined ? null : { operator: 'same', left, right };
  if ((operator !== '>' && operator !== '<') || !/^-?\d+$/.test(second.text)) return null;
  return { operator: operator === '>' ? 'above' : 'below', left, right: Number(second.text) };
}

const opposites = new Map([
  ['!=', '=='],
  ['<>', '=='],
  ['<=', '>'],
  ['>=', '<'],
  ['is not', 'is'],
  ['not in', 'in'],
]);

const mirrors = new Map([
  ['==', '=='],
  ['!=', '!='],
  ['<>', '<>'],
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
  ['is', 'is'],
  ['is not', 'is not'],
]);

/** Words need spaces around them. */
export function spaced(operator: string): string {
  return /^[a-z]/.test(operator) ? ` ${operator} ` : operator;
}

export function placeText(places: PlaceTable, id: PlaceId): string {
  const place = places.get(id);
  switch (place.kind) {
    case 'local':
    case 'global':
      return place.name ?? '?';
    case 'path':
      return [placeText(places, place.root), ...place.fields].join('.');
    case 'predicate':
      return place.text;
  }
}
