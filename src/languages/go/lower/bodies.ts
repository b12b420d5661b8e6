/**
 * Function bodies. What follows a `defer` is a cleanup region whose cleanup is the deferred call, so every way
 * out from there makes it, and ways out before do not. A `defer` under a condition or in a loop is guarded by a
 * flag; its region begins with the statement it is in.
 *
 *     f := open()                  f = open()
 *     if w { defer g() }           flag = false; region { if w { flag = true }
 *     defer f.Close()                slot = f; region { return } cleanup slot.Close() }
 *     return                       cleanup if flag { g() }
 *
 * Named results are returned after all that, as deferred code may read and write them: a `return` assigns them
 * and jumps out of the regions. So does `panic`. Whoever recovers is not modelled;
 * where nothing panicked there is nothing to recover.
 */
import { append } from '../../../append.ts';
import type { Span } from '../../../ir/ir.ts';
import { booleanValue, placeValue } from '../../lowering/values.ts';
import { closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { guardedRun, lowerDeferred, runDeferred } from './defers.ts';
import type { Body, Deferral, Frame, GotoTarget } from './frame.ts';
import { statementsOf } from './nodes.ts';
import { lastAssignments } from './shared-names.ts';
import type { Results } from './signature.ts';
import { lowerStatement } from './statements.ts';
import { surveyBody } from './surveys.ts';
import type { Deferred, Survey } from './surveys.ts';

/** Names no source can have. */
export const panicLabel = '<panic>';
const returnLabel = '<return>';

/** Returns of named results that keep a line of their own. */
const maxOwnReturns = 8;
/** What a deferred literal takes of the call stack, in levels of nesting. */
export const inlinedDepth = 20;
/** A region each would nest too deep: beyond this one region holds them all. */
const maxRegions = 60;

/** All of a function or literal: ends in a return. */
export function lowerFunctionBody(frame: Frame, block: SyntaxNode, results: Results): void {
  const { builder } = frame;
  const span = closingSpan(block);
  const statements = statementsOf(block);
  const survey = surveyBody(frame.text, statements);
  const plan = { frame, block, statements, survey };
  const values = results.places.map(placeValue);
  if (survey.deferred.length === 0) {
    lowerPlan(plan, results, null);
    return builder.returnValues(values, span);
  }
  if (results.places.length === 0) {
    withExits(frame, [{ label: panicLabel, lower: () => builder.halt(span) }], span, () => {
      lowerPlan(plan, results, null);
    });
    return builder.returnValues([], span);
  }
  const own = survey.returns.slice(0, maxOwnReturns);
  const labels = new Map(own.map((node) => [node, `${returnLabel}${node.start}`]));
  const returnAt = (at: Span) => () => builder.returnValues(values, at);
  const exits: WayOut[] = own.map((node) => ({ label: labelFor(labels, node), lower: returnAt(spanOf(node)) }));
  const others = survey.returns.slice(maxOwnReturns).at(-1);
  exits.push({ label: returnLabel, lower: returnAt(others === undefined ? span : spanOf(others)) });
  exits.push({ label: panicLabel, lower: () => builder.halt(span) });
  withExits(frame, exits, span, () => {
    lowerPlan(plan, results, (node) => labelFor(labels, node));
  });
  builder.returnValues(values, span);
}

/** The body of a deferred literal, at a way out of the function it is in; goes on after it. */
export function lowerInlinedBody(frame: Frame, block: SyntaxNode, results: Results): void {
  const label = `${returnLabel}${block.start}`;
  const statements = statementsOf(block);
  const plan = { frame, block, statements, survey: surveyBody(frame.text, statements) };
  const isDeferred = frame.isDeferred;
  frame.isDeferred = true;
  frame.depth += inlinedDepth;
  withExits(frame, [{ label, lower: null }], closingSpan(block), () => {
    lowerPlan(plan, results, () => label);
  });
  frame.depth -= inlinedDepth;
  frame.isDeferred = isDeferred;
}

function labelFor(labels: ReadonlyMap<SyntaxNode, string>, node: SyntaxNode): string {
  return labels.get(node) ?? returnLabel;
}

interface WayOut {
  readonly label: string;
  /** Ends the block; null: goes on with what follows. */
  readonly lower: (() => void) | null;
}

/** The callback's code may break to the labels, through all regions it opens. */
function withExits(frame: Frame, exits: readonly WayOut[], span: Span, lower: () => void): void {
  const { builder } = frame;
  const after = builder.block();
  const blocks = exits.map((exit) => (exit.lower === null ? after : builder.block()));
  const nested = exits.reduce((body, exit, index) => {
    const breakTo = blocks[index] ?? null;
    const targets = { labels: [exit.label], takesPlainBreak: false, breakTo, continueTo: null, yieldTo: null };
    return () => builder.withTargets(targets, body);
  }, lower);
  nested();
  builder.jump(after, span);
  for (const [index, exit] of exits.entries()) {
    const block = blocks[index];
    if (block === undefined || exit.lower === null) continue;
    builder.start(block);
    exit.lower();
  }
  builder.start(after);
}

interface Plan {
  readonly frame: Frame;
  readonly block: SyntaxNode;
  readonly statements: readonly SyntaxNode[];
  readonly survey: Survey;
}

function lowerPlan(plan: Plan, results: Results, labelOfReturn: Body['labelOfReturn']): void {
  const { frame, survey, block } = plan;
  const { deferred, labels } = survey;
  const gotos = new Map<string, GotoTarget>(
    labels.map((label) => [label, { block: frame.builder.block(), state: 'ahead' }]),
  );
  // `goto` may run a `defer` again, or pass it by.
  const isFlat = deferred.length > maxRegions || (labels.length > 0 && deferred.length > 0);
  const deferrals = new Map<SyntaxNode, Deferral>();
  for (const one of deferred) {
    if (!isFlat && one.within === null) continue;
    const flag = frame.slot(`flag ${one.node.start}`, null, 'bool', false);
    deferrals.set(one.node, { flag, isRepeated: one.isInLoop || labels.length > 0, run: null });
  }
  const needsLast = deferred.some((one) => one.isInLoop || labels.length > 0);
  const body: Body = {
    results: results.places,
    resultCount: results.count,
    labelOfReturn,
    gotos,
    deferrals,
    lastAssignments: needsLast ? lastAssignments(frame.text, block) : new Map(),
  };
  frame.withBody(body, () => {
    frame.depth++;
    if (isFlat) lowerFlat(plan);
    else lowerFrom(plan, nestedDefers(deferred), 0);
    frame.depth--;
  });
  for (const target of gotos.values()) if (target.state === 'ahead') endNowhere(frame, target, closingSpan(block));
}

/** The statement with the label was not lowered. */
function endNowhere(frame: Frame, target: GotoTarget, span: Span): void {
  const { builder } = frame;
  const after = builder.block();
  builder.jump(after, span);
  builder.start(target.block);
  builder.halt(span);
  builder.start(after);
}

function nestedDefers(deferred: readonly Deferred[]): ReadonlyMap<SyntaxNode, readonly SyntaxNode[]> {
  const nested = new Map<SyntaxNode, SyntaxNode[]>();
  for (const { node, within } of deferred) {
    if (within !== null) append(nested, within, node);
  }
  return nested;
}

function lowerFlat(plan: Plan): void {
  const { frame, block, statements, survey } = plan;
  const nodes = survey.deferred.map((one) => one.node);
  withFlags(frame, { nodes, key: block.start, span: closingSpan(block) }, () => {
    for (const statement of statements) lowerStatement(frame, statement, []);
  });
}

function lowerFrom(plan: Plan, nested: ReadonlyMap<SyntaxNode, readonly SyntaxNode[]>, from: number): void {
  const { frame, block, statements } = plan;
  const span = closingSpan(block);
  for (const [index, statement] of statements.entries()) {
    if (index < from) continue;
    const nodes = nested.get(statement);
    if (nodes !== undefined) {
      return withFlags(frame, { nodes, key: statement.start, span }, () => {
        lowerStatement(frame, statement, []);
        lowerFrom(plan, nested, index + 1);
      });
    }
    if (statement.type !== 'defer_statement') {
      lowerStatement(frame, statement, []);
      continue;
    }
    const cleanup = lowerDeferred(frame, statement, false);
    const body = (): void => lowerFrom(plan, nested, index + 1);
    frame.depth++;
    frame.builder.withCleanup({ key: statement.start, span, body, cleanup });
    frame.depth--;
    return;
  }
}

interface FlaggedRegion {
  readonly nodes: readonly SyntaxNode[];
  readonly key: number;
  readonly span: Span;
}

/** A region that ends with those of the defers that were reached. */
function withFlags(frame: Frame, { nodes, key, span }: FlaggedRegion, body: () => void): void {
  const { builder } = frame;
  const deferrals = nodes.flatMap((node) => {
    const deferral = frame.body.deferrals.get(node);
    return deferral === undefined ? [] : [{ node, deferral }];
  });
  for (const { node, deferral } of deferrals) builder.assign(deferral.flag, booleanValue(false), spanOf(node));
  const cleanup = (): void => {
    for (const { node, deferral } of deferrals.toReversed()) guardedRun(frame, node, deferral);
  };
  builder.withCleanup({ key, span, body, cleanup });
}

/** A `defer` met while lowering statements: it sets its flag. */
export function lowerDeferStatement(frame: Frame, node: SyntaxNode): void {
  runDeferred(frame, node, frame.body.deferrals.get(node) ?? null);
}
