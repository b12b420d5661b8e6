/**
 * Assignments and declarations of variables. The results of a call go to the variables themselves where they
 * are locals; elements, fields and globals get theirs from temporaries.
 *
 *     f, err := os.Open(p)      f, err = os.Open(p)            s.f, err = os.Open(p)      t, err = …; s.f = t
 */
import type { Operand, PlaceId, Span, TypeHint } from '../../../ir/ir.ts';
import { freshValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, childrenInField, operatorOf, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { assignable } from './chains.ts';
import { noteError } from './error-values.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { isLent, lenderType, lowerLent } from './lent-fields.ts';
import { literalOf } from './literals.ts';
import { listed, parts } from './nodes.ts';
import { zeroValue } from './signature.ts';
import { assign, intoPlace } from './values.ts';

/** null: `_`, or nothing that has a place. */
export type Target = PlaceId | null;

export function lowerAssignment(frame: Frame, node: SyntaxNode): void {
  const left = listed(childInField(node, 'left'));
  const right = listed(childInField(node, 'right'));
  const span = spanOf(node);
  const written = existingTargets(frame, left);
  if (operatorOf(node) === '=') {
    const targets = written.map((target, index) => behindPointer(frame, left[index], target, right[index]));
    lowerValues(frame, targets, right, span);
    for (const [index, one] of left.entries()) {
      notePointedTo(frame, one, targets[index] ?? null, span);
      addToSet(frame, one, right[index], targets[index] ?? null);
    }
    return;
  }
  const [target] = written;
  for (const value of right) lowerExpression(frame, value, null);
  if (target !== undefined && target !== null) assign(frame, target, freshValue, span);
}

/**
 * `*handle = next` writes what the pointer points to; the pointer is the same. Only a flag or number is what is asked for
 * later, `*done = true`, and a parameter stands for what it points to.
 */
function behindPointer(
  frame: Frame,
  written: SyntaxNode | undefined,
  target: Target,
  value: SyntaxNode | undefined,
): Target {
  if (written === undefined || target === null || !isPointedTo(written) || !isLocal(frame, target)) return target;
  const { builder, receiver } = frame;
  const place = builder.places.get(target);
  const isDeclaredHere = place.kind === 'local' && place.typeHint === null && !frame.isCaptured(target);
  const isPlain = value !== undefined && literalOf(frame, withoutParentheses(value)) !== null;
  if (target !== receiver && (!isDeclaredHere || isPlain)) return target;
  const span = spanOf(written);
  return builder.field(builder.field(target, '*', span), '*', span);
}

function isPointedTo(written: SyntaxNode): boolean {
  const node = withoutParentheses(written);
  return node.type === 'unary_expression' && operatorOf(node) === '*';
}

/** `clients[c] = struct{}{}`: a map that is there for its keys keeps them. */
function addToSet(frame: Frame, written: SyntaxNode, value: SyntaxNode | undefined, target: Target): void {
  if (written.type !== 'index_expression' || target === null || value === undefined) return;
  const key = childInField(written, 'index');
  if (key?.type !== 'identifier' || !/^(?:struct\s*\{\s*\}\s*\{\s*\}|true)$/.test(frame.textOf(value))) return;
  assign(frame, target, lowerExpression(frame, key, null), spanOf(written));
}

/** `x++` */
export function lowerUpdate(frame: Frame, node: SyntaxNode): void {
  const [operand] = parts(node);
  const target = operand === undefined ? null : assignable(frame, operand);
  if (target !== null) assign(frame, target, freshValue, spanOf(node));
}

export function existingTargets(frame: Frame, nodes: readonly SyntaxNode[]): Target[] {
  return nodes.map((node) => (frame.textOf(node) === '_' ? null : assignable(frame, node)));
}

/** `a, b := …`: a name that this very block declares already is assigned; the others are new. */
export function lowerShortDeclaration(frame: Frame, node: SyntaxNode): void {
  const right = listed(childInField(node, 'right'));
  const left = listed(childInField(node, 'left'));
  const declared = newTargets(frame, left, right);
  lowerValues(
    frame,
    declared.map((one) => one.place),
    right,
    spanOf(node),
  );
  declareTargets(frame, declared);
}

export interface NewTarget {
  readonly name: string;
  readonly place: Target;
}

/** Not declared yet: the values on the right mean what the names meant before. */
export function newTargets(frame: Frame, left: readonly SyntaxNode[], right: readonly SyntaxNode[]): NewTarget[] {
  return left.map((written, index) => {
    const node = withoutParentheses(written);
    const name = frame.textOf(node);
    if (name === '_' || node.type !== 'identifier') return { name: '_', place: null };
    const known = frame.declaredHere(name);
    const value = right.length === left.length || index === 0 ? right[index] : undefined;
    const isError = frame.habits.errorVariables?.test(name) === true;
    const hint = isError ? 'error' : value === undefined ? null : writtenType(frame, value);
    return { name, place: known ?? frame.builder.places.local(node.start, name, hint) };
  });
}

export function declareTargets(frame: Frame, targets: readonly NewTarget[]): void {
  for (const { name, place } of targets) if (place !== null) frame.declare(name, place);
}

/** The type of a value that says it itself. */
function writtenType(frame: Frame, written: SyntaxNode): TypeHint | null {
  let node = withoutParentheses(written);
  if (node.type === 'unary_expression' && operatorOf(node) === '&')
    node = withoutParentheses(childInField(node, 'operand') ?? node);
  if (node.type === 'call_expression') return lenderType(frame, node);
  if (node.type !== 'composite_literal' && node.type !== 'type_assertion_expression') return null;
  const type = childInField(node, 'type');
  return type === null ? null : typeText(frame.text, type);
}

/** `var a, b T = …` in a function, or of the package. */
export function lowerVariables(frame: Frame, spec: SyntaxNode, targetOf: (name: SyntaxNode) => NewTarget): void {
  const names = childrenInField(spec, 'name');
  const typeNode = childInField(spec, 'type');
  const right = listed(childInField(spec, 'value'));
  const targets = names.map(targetOf);
  const span = spanOf(spec);
  if (right.length > 0) {
    lowerValues(
      frame,
      targets.map((target) => target.place),
      right,
      span,
    );
  } else {
    for (const { place } of targets) if (place !== null) assign(frame, place, zeroValue(frame, place, typeNode), span);
  }
  declareTargets(frame, targets);
}

export function localVariable(frame: Frame, spec: SyntaxNode): (name: SyntaxNode) => NewTarget {
  const typeNode = childInField(spec, 'type');
  const [first] = listed(childInField(spec, 'value'));
  const written = typeNode === null ? null : typeText(frame.text, typeNode);
  return (node) => {
    const name = frame.textOf(node);
    const hint = written ?? (first === undefined ? null : writtenType(frame, first));
    return { name, place: name === '_' ? null : frame.builder.places.local(node.start, name, hint) };
  };
}

/** One value for each target, or one call for all of them. */
export function lowerValues(frame: Frame, targets: readonly Target[], right: readonly SyntaxNode[], span: Span): void {
  const [only] = right;
  if (right.length === 1 && only !== undefined) {
    if (targets.length === 1) return lowerSingle(frame, targets[0] ?? null, only, span);
    return lowerSeveral(frame, targets, only, span);
  }
  // `a, b = b, a`: nothing is assigned before all is evaluated.
  const values = right.map((node, index) => {
    const value = lowerExpression(frame, node, null);
    const isSelf = value.kind === 'place' && value.place === targets[index];
    return isSelf ? value : heldIfTarget(frame, targets, value, span);
  });
  for (const [index, target] of targets.entries()) {
    store(frame, target, values[index] ?? unknownValue, span);
    const written = right[index];
    if (target !== null && written !== undefined) noteError(frame, target, written, span);
  }
}

function heldIfTarget(frame: Frame, targets: readonly Target[], value: Operand, span: Span): Operand {
  if (value.kind !== 'place') return value;
  const place = frame.builder.places.get(value.place);
  const root = place.kind === 'path' ? place.root : value.place;
  if (!targets.includes(value.place) && !targets.includes(root)) return value;
  const temp = frame.builder.places.temp();
  frame.builder.assign(temp, value, span);
  return placeValue(temp);
}

function lowerSingle(frame: Frame, target: Target, node: SyntaxNode, span: Span): void {
  if (target !== null && isLent(frame, target)) return lowerLent(frame, node);
  if (target === null || !isLocal(frame, target)) {
    return store(frame, target, lowerExpression(frame, node, null), span);
  }
  lowerExpression(frame, node, intoPlace(target, span));
  noteError(frame, target, node, span);
  if (literalOf(frame, withoutParentheses(node)) === null) noteOutlives(frame, target, span);
}

function lowerSeveral(frame: Frame, targets: readonly Target[], written: SyntaxNode, span: Span): void {
  const node = withoutParentheses(written);
  const isCommaOk = /^(?:index|type_assertion|unary)_expression$/.test(node.type);
  if (isCommaOk) return lowerCommaOk(frame, targets, node, span);
  const { places } = frame.builder;
  const dests = targets.map((target) => (target !== null && isLocal(frame, target) ? target : places.temp()));
  lowerExpression(frame, node, { places: dests, span });
  for (const [index, target] of targets.entries()) {
    const dest = dests[index];
    if (target === null || dest === undefined) continue;
    if (target === dest) noteOutlives(frame, target, span);
    else store(frame, target, placeValue(dest), span);
  }
}

/** `v, ok := m[k]`, `<-ch`, `x.(T)`: for the last, `ok` is a test of `x`. */
function lowerCommaOk(frame: Frame, targets: readonly Target[], node: SyntaxNode, span: Span): void {
  const [first, second, ...others] = targets;
  const operand = node.type === 'type_assertion_expression' ? childInField(node, 'operand') : null;
  const type = childInField(node, 'type');
  if (operand === null || type === null) {
    store(frame, first ?? null, lowerExpression(frame, node, null), span);
    for (const target of [second ?? null, ...others]) store(frame, target, unknownValue, span);
    return;
  }
  const asked = frame.builder.hold(lowerExpression(frame, operand, null), span);
  // `x, ok := x.(T)` must not test the new `x`.
  const value = asked === first ? heldIfTarget(frame, targets, placeValue(asked), span) : placeValue(asked);
  const hint = typeText(frame.text, type);
  const typed = frame.builder.places.temp(hint);
  frame.builder.assign(typed, value, span);
  store(frame, first ?? null, placeValue(typed), span);
  const place = value.kind === 'place' ? value.place : asked;
  const isThat = { kind: 'condition', condition: { test: 'type', place, type: hint, negated: false } } as const;
  store(frame, second ?? null, isThat, span);
}

export function store(frame: Frame, target: Target, value: Operand, span: Span): void {
  // `return f, err` where these are the results.
  if (target === null || (value.kind === 'place' && value.place === target) || isLent(frame, target)) return;
  assign(frame, target, value, span);
  if (value.kind === 'place') noteOutlives(frame, target, span);
}

/**
 * A literal that assigns a variable of the function around it hands the value over: the variable outlives the
 * literal's call. The IR has no word for it; storing the value in a field of the variable says the same.
 */
function noteOutlives(frame: Frame, target: PlaceId, span: Span): void {
  if (!frame.isCaptured(target)) return;
  frame.builder.assign(frame.builder.field(target, '*', span), placeValue(target), span);
}

/** `*f = *opened`: somebody else has a pointer to what is written there. */
function notePointedTo(frame: Frame, written: SyntaxNode, target: Target, span: Span): void {
  if (target === null || !isPointedTo(written) || !isLocal(frame, target)) return;
  const { builder } = frame;
  builder.assign(builder.field(builder.field(target, '*', span), '*', span), placeValue(target), span);
}

function isLocal(frame: Frame, place: PlaceId): boolean {
  return frame.builder.places.get(place).kind === 'local';
}
