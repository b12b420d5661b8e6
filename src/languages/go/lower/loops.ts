/** `for` in all its forms. */
import type { BlockId, Operand, PlaceId, Span, TypeHint } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import type { Habits } from '../../habits.ts';
import { lowerTurns } from '../../lowering/turns.ts';
import { freshValue, placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, childOfType, closingSpan, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { declareTargets, existingTargets, newTargets, store } from './assignments.ts';
import type { Target } from './assignments.ts';
import { emitCall, valueCall } from './calls.ts';
import { lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { numberOf } from './literals.ts';
import { listed, parts } from './nodes.ts';
import { lowerStatement } from './statements.ts';
import { freshOf } from './values.ts';

export function lowerFor(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const range = childOfType(node, 'range_clause');
  frame.loopScoped(() => {
    if (range !== null) lowerRange(frame, node, range, labels);
    else lowerClauses(frame, node, labels);
  });
}

interface Loop {
  readonly node: SyntaxNode;
  readonly labels: readonly string[];
  readonly end: BlockId;
  readonly next: BlockId;
}

function lowerLoopBody(frame: Frame, { node, labels, end, next }: Loop): void {
  const targets = { labels, takesPlainBreak: true, breakTo: end, continueTo: next, yieldTo: null };
  frame.builder.withTargets(targets, () => {
    const body = childInField(node, 'body');
    if (body !== null) lowerStatement(frame, body, []);
  });
  frame.builder.jump(next, closingSpan(node));
}

/** `for init; condition; update`, `for condition`, `for`. */
function lowerClauses(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const clause = childOfType(node, 'for_clause');
  const initializer = clause === null ? null : childInField(clause, 'initializer');
  const update = clause === null ? null : childInField(clause, 'update');
  const only = parts(node).find((part) => part.field !== 'body' && part.type !== 'for_clause') ?? null;
  const condition = clause === null ? only : childInField(clause, 'condition');
  const span = spanOf(node);
  if (initializer !== null) lowerStatement(frame, initializer, []);
  const [head, body, next, end] = [builder.block(), builder.block(), builder.block(), builder.block()];
  builder.continueIn(head, span);
  if (condition === null) builder.jump(body, span);
  else lowerCondition(frame, condition, body, end);
  builder.start(body);
  lowerLoopBody(frame, { node, labels, end, next });
  builder.start(next);
  if (update !== null) lowerStatement(frame, update, []);
  builder.jump(head, span);
  builder.start(end);
}

/** Elements are the `[]` of what is gone through; a function is called with the body, which stays here. */
function lowerRange(frame: Frame, node: SyntaxNode, range: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const right = childInField(range, 'right');
  const span = spanOf(right ?? range);
  const value = right === null ? unknownValue : lowerExpression(frame, right, null);
  const hint = value.kind === 'place' ? hintOf(frame, value.place) : null;
  if (value.kind === 'place' && isFunction(right, hint, frame.habits))
    emitCall(frame, valueCall(value.place, [], span), null);
  const [head, body, end] = [builder.block(), builder.block(), builder.block()];
  const isEndless = right !== null && frame.habits.endlessChannels?.test(frame.textOf(right)) === true;
  const ask = (): void => {
    if (isEndless) builder.jump(body, span);
    else builder.branch('unknown', body, end, span);
  };
  const turn = (): void => {
    lowerRangeVariables(frame, range, value, hint);
    lowerLoopBody(frame, { node, labels, end, next: head });
  };
  lowerTurns(builder, { ask, turn, head, body, hasFirst: right !== null && hasElement(frame, right), span });
  builder.start(end);
}

/** `range 3`, `range []string{"a", "b"}` */
function hasElement(frame: Frame, written: SyntaxNode): boolean {
  const node = withoutParentheses(written);
  if (node.type !== 'composite_literal') return Number(numberOf(frame, node) ?? 0) > 0;
  const elements = childInField(node, 'body');
  return elements !== null && parts(elements).length > 0;
}

function lowerRangeVariables(frame: Frame, range: SyntaxNode, source: Operand, hint: TypeHint | null): void {
  const left = listed(childInField(range, 'left'));
  const isDeclaration = frame.text.slice(left.at(-1)?.end, childInField(range, 'right')?.start).includes(':=');
  const declared = isDeclaration ? newTargets(frame, left, []) : null;
  const targets: readonly Target[] =
    declared === null ? existingTargets(frame, left) : declared.map((target) => target.place);
  const span = spanOf(range);
  const [first, second] = targets;
  const isSingle = targets.length === 1;
  if (first !== undefined) store(frame, first, keyOf(frame, { source, hint, isSingle, span }), span);
  if (second !== undefined) store(frame, second, elementOf(frame, source, span), span);
  declareTargets(frame, declared ?? []);
}

interface Ranged {
  readonly source: Operand;
  readonly hint: TypeHint | null;
  /** `for x := range y` with one variable. */
  readonly isSingle: boolean;
  readonly span: Span;
}

/** An index, a key, or what a channel gives: which of them shows only where the type is known. */
function keyOf(frame: Frame, { source, hint, isSingle, span }: Ranged): Operand {
  if (source.kind === 'literal' || source.kind === 'fresh') return freshOf('int');
  if (hint?.endsWith('[]') === true || hint === 'string') return freshValue;
  if (hint?.startsWith('chan<') === true) return unknownValue;
  return isSingle ? elementOf(frame, source, span) : unknownValue;
}

function elementOf(frame: Frame, source: Operand, span: Span): Operand {
  if (source.kind !== 'place') return unknownValue;
  return placeValue(frame.builder.field(source.place, elementField, span));
}

function isFunction(written: SyntaxNode | null, hint: TypeHint | null, { iteratorTypes }: Habits): boolean {
  if (written === null) return false;
  return (
    withoutParentheses(written).type === 'func_literal' || hint === 'func' || iteratorTypes?.test(hint ?? '') === true
  );
}

function hintOf(frame: Frame, id: PlaceId): TypeHint | null {
  const place = frame.builder.places.get(id);
  return place.kind === 'local' || place.kind === 'global' ? place.typeHint : null;
}
