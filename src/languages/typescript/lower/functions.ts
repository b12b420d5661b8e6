/** Parameters and body of a function, whatever kind of function it is. */
import type { PlaceId } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { docTypesBefore } from '../jsdoc.ts';
import { statementStart } from '../declarations.ts';
import { childOf, identifierName, nodesOf, spanOf } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { boundNames } from '../patterns.ts';
import { parametersOf } from '../signatures.ts';
import type { ParameterParts } from '../signatures.ts';
import { assignedKinds, kindOfType, kindOfValue, looksBoolean, unknownNames } from '../truthiness.ts';
import { signatureKinds } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { declareLocal, declareVars, lowerStatements } from './hoisting.ts';
import { assignPattern, lowerDefault } from './patterns.ts';
import { constantNumber } from './names.ts';
import { lowerBrokenParts } from './opaque.ts';

/** The places of the parameters; the function is left open at its end. */
export function lowerFunctionBody(frame: Frame, fn: Node): PlaceId[] {
  const body = childOf(fn, 'body');
  declareOwnName(frame, fn);
  const docs = docTypesBefore(frame.text, statementStart(frame.text, frame.unit.fn === fn ? frame.unit.node : fn));
  const parts = parametersOf(fn, docs);
  const params = parts.map((part) => declareParameter(frame, part));
  frame.params = params;
  const { kinds, vars } = assignedKinds(body === null ? [] : [body], signatureKinds(frame));
  frame.kinds = kinds;
  for (const [index, part] of parts.entries()) {
    const place = params[index];
    if (place !== undefined) lowerParameter(frame, part, place);
  }
  lowerBrokenParts(frame, frame.unit.fn === fn ? frame.unit.node : fn);
  declareVars(frame, vars);
  if (body === null) return params;
  if (body.type === 'BlockStatement') {
    lowerBrokenParts(frame, body);
    lowerStatements(frame, nodesOf(body, 'body'), body);
  } else frame.builder.returnValues([lowerExpression(frame, body, null)], spanOf(body));
  return params;
}

/** `const retry = function again() { again(); }` knows itself by a name of its own. */
function declareOwnName(frame: Frame, fn: Node): void {
  const id = fn.type === 'FunctionExpression' ? childOf(fn, 'id') : null;
  if (id !== null && identifierName(id) !== null) declareLocal(frame, id, null, 'object');
}

function declareParameter(frame: Frame, { target, type, initial }: ParameterParts): PlaceId {
  const name = identifierName(target);
  if (name === null) {
    for (const bound of boundNames(target)) declareLocal(frame, bound, null, null);
    return frame.builder.places.synthetic(null, type);
  }
  // Whoever calls may pass anything, unless it is said what.
  const byValue = initial === null ? null : kindOfValue(initial, unknownNames(frame.habits));
  const kind = kindOfType(type) ?? byValue ?? (looksBoolean(target, frame.habits) ? 'boolean' : 'object');
  return declareLocal(frame, target, type, kind);
}

/** Defaults, patterns and parameter properties, from left to right. */
function lowerParameter(frame: Frame, { target, initial, isProperty, node }: ParameterParts, place: PlaceId): void {
  const { builder } = frame;
  const name = identifierName(target);
  if (initial !== null) {
    const number = constantNumber(frame, initial);
    if (number !== null) frame.numbers.set(place, number);
    lowerDefault(frame, place, initial);
  }
  if (name === null) assignPattern(frame, target, placeValue(place));
  const self = isProperty ? frame.thisPlace() : null;
  const span = spanOf(node);
  if (self !== null && name !== null) builder.assign(builder.field(self, name, span), placeValue(place), span);
}
