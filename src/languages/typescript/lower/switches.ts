/**
 * `switch`. Constants make a `switch` terminator, anything else a chain of branches, tried in order; so does
 * `switch (true)`, whose labels are conditions.
 */
import type { BlockId, Literal, PlaceId, Span, SwitchCase } from '../../../ir/ir.ts';
import { branchOn, equalsTest } from '../../lowering/tests.ts';
import { placeValue } from '../../lowering/values.ts';
import { childOf, closingSpan, nodesOf, spanOf } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { lowerCondition } from './conditions.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { declareAll, lowerFrom } from './hoisting.ts';
import { constantOf, literalOf } from './literals.ts';

interface Case {
  readonly node: Node;
  /** null for `default`. */
  readonly test: Node | null;
  readonly literal: Literal | null;
  readonly to: BlockId;
}

export function lowerSwitch(frame: Frame, node: Node, labels: readonly string[]): void {
  const end = frame.builder.block();
  const discriminant = childOf(node, 'discriminant');
  const cases = nodesOf(node, 'cases').map((one) => readCase(frame, one));
  const otherwise = cases.find((one) => one.test === null)?.to ?? end;
  const { builder } = frame;
  frame.scoped(() => {
    // Whichever case is chosen, the functions of all of them are there.
    declareAll(
      frame,
      cases.flatMap((one) => nodesOf(one.node, 'consequent')),
    );
    lowerSelection(frame, { discriminant, cases, otherwise, span: spanOf(discriminant ?? node) });
    const targets = { labels, takesPlainBreak: true, breakTo: end, continueTo: null, yieldTo: null };
    builder.withTargets(targets, () => {
      lowerCases(frame, node, cases);
    });
  });
  builder.jump(end, closingSpan(node));
  builder.start(end);
}

function readCase(frame: Frame, node: Node): Case {
  const test = childOf(node, 'test');
  return { node, test, literal: test === null ? null : constantOf(frame, test), to: frame.builder.block() };
}

interface Selection {
  readonly discriminant: Node | null;
  readonly cases: readonly Case[];
  readonly otherwise: BlockId;
  readonly span: Span;
}

/** Ends the current block. */
function lowerSelection(frame: Frame, selection: Selection): void {
  const { builder } = frame;
  const { discriminant, cases, otherwise, span } = selection;
  if (discriminant === null) return builder.jump(otherwise, span);
  const constant = literalOf(frame, discriminant);
  if (constant?.kind === 'boolean') return lowerConditions(frame, selection, constant.value);
  const on = builder.hold(lowerExpression(frame, discriminant, null), span);
  const isPlain = cases.every((one) => one.test === null || (one.literal !== null && one.literal.kind !== 'null'));
  if (isPlain) builder.switchOn(on, plainCases(cases), otherwise, span);
  else lowerTests(frame, on, selection);
}

function plainCases(cases: readonly Case[]): SwitchCase[] {
  return cases.flatMap(({ literal, to }) => (literal === null ? [] : [{ literals: [literal], to }]));
}

function lowerConditions(frame: Frame, { cases, otherwise, span }: Selection, wanted: boolean): void {
  const { builder } = frame;
  for (const { test, to } of cases) {
    if (test === null) continue;
    const next = builder.block();
    if (wanted) lowerCondition(frame, test, to, next);
    else lowerCondition(frame, test, next, to);
    builder.start(next);
  }
  builder.jump(otherwise, span);
}

function lowerTests(frame: Frame, on: PlaceId, { cases, otherwise, span }: Selection): void {
  const { builder } = frame;
  for (const { test, literal, to, node } of cases) {
    if (test === null) continue;
    const next = builder.block();
    if (literal === null) lowerEffects(frame, [test]);
    branchOn(frame.builder, literal === null ? 'unknown' : equalsTest(placeValue(on), literal), spanOf(node), to, next);
    builder.start(next);
  }
  builder.jump(otherwise, span);
}

/** Variables of one case are visible in the next. */
function lowerCases(frame: Frame, node: Node, cases: readonly Case[]): void {
  const { builder } = frame;
  for (const one of cases) {
    // Falling through from the case before.
    if (builder.isReachable) builder.jump(one.to, spanOf(one.node));
    builder.start(one.to);
    lowerFrom(frame, nodesOf(one.node, 'consequent'), 0, node);
  }
}
