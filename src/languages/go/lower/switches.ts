/**
 * `switch`, on values, conditions and types, and `select`. Cases are tried in order; the default comes last
 * wherever it stands. Which case of a `select` runs is not known, but that one of a channel which is nil does not.
 */
import type { BlockId, Literal, Operand, SwitchCase, Span } from '../../../ir/ir.ts';
import { branchOn, equalsTest } from '../../lowering/tests.ts';
import type { Test } from '../../lowering/tests.ts';
import { isNull, placeValue } from '../../lowering/values.ts';
import { childInField, childrenInField, closingSpan, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { caseTest, lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { plainPlace } from './names.ts';
import { listed, statementsOf } from './nodes.ts';
import { lowerStatement } from './statements.ts';

interface Clause {
  readonly node: SyntaxNode;
  readonly to: BlockId;
  readonly isDefault: boolean;
}

export function lowerSwitch(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  frame.scoped(() => {
    const initializer = childInField(node, 'initializer');
    if (initializer !== null) lowerStatement(frame, initializer, []);
    const tag = childInField(node, 'value');
    const end = frame.builder.block();
    const clauses = readClauses(frame, node);
    if (tag === null) lowerConditions(frame, node, clauses, end);
    else lowerSelection(frame, tag, clauses, end);
    lowerClauses(frame, { node, labels, end, clauses }, null);
  });
}

export function lowerTypeSwitch(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  frame.scoped(() => {
    const initializer = childInField(node, 'initializer');
    if (initializer !== null) lowerStatement(frame, initializer, []);
    const subject = childInField(node, 'value');
    const span = spanOf(subject ?? node);
    const value = subject === null ? null : lowerExpression(frame, subject, null);
    const on = builder.hold(value ?? { kind: 'unknown' }, span);
    const end = builder.block();
    const clauses = readClauses(frame, node);
    for (const clause of clauses) {
      for (const type of childrenInField(clause.node, 'type')) {
        const next = builder.block();
        branchOn(frame.builder, typeTest(frame, placeValue(on), type), spanOf(type), clause.to, next);
        builder.start(next);
      }
    }
    builder.jump(defaultOf(clauses) ?? end, span);
    const [alias] = listed(childInField(node, 'alias'));
    const bind = alias === undefined ? null : (clause: Clause) => bindAlias(frame, alias, clause, placeValue(on));
    lowerClauses(frame, { node, labels, end, clauses }, bind);
  });
}

function typeTest(frame: Frame, value: Operand, type: SyntaxNode): Test {
  const written = typeText(frame.text, type);
  if (written === 'nil') return equalsTest(value, { kind: 'null' });
  return value.kind === 'place' ? { test: 'type', place: value.place, type: written, negated: false } : 'unknown';
}

/** In a clause of one type the variable has that type; it is another one in each clause. */
function bindAlias(frame: Frame, alias: SyntaxNode, clause: Clause, value: Operand): void {
  const types = childrenInField(clause.node, 'type');
  const [only] = types;
  const written = types.length === 1 && only !== undefined ? typeText(frame.text, only) : 'nil';
  const name = frame.textOf(alias);
  const place = frame.builder.places.local(clause.node.start, name, written === 'nil' ? null : written);
  frame.declare(name, place);
  frame.builder.assign(place, value, spanOf(only ?? clause.node));
}

function readClauses(frame: Frame, node: SyntaxNode): Clause[] {
  return node.children
    .filter((child) => child.type.endsWith('_case'))
    .map((child) => ({ node: child, to: frame.builder.block(), isDefault: child.type === 'default_case' }));
}

function defaultOf(clauses: readonly Clause[]): BlockId | null {
  return clauses.find((clause) => clause.isDefault)?.to ?? null;
}

/** `switch { case a: … case b && c: … }` */
function lowerConditions(frame: Frame, node: SyntaxNode, clauses: readonly Clause[], end: BlockId): void {
  const { builder } = frame;
  for (const clause of clauses) {
    for (const condition of listed(childInField(clause.node, 'value'))) {
      const next = builder.block();
      lowerCondition(frame, condition, clause.to, next);
      builder.start(next);
    }
  }
  builder.jump(defaultOf(clauses) ?? end, spanOf(node));
}

function lowerSelection(frame: Frame, tag: SyntaxNode, clauses: readonly Clause[], end: BlockId): void {
  const { builder } = frame;
  const span = spanOf(tag);
  const value = placeValue(builder.hold(lowerExpression(frame, tag, null), span));
  const otherwise = defaultOf(clauses) ?? end;
  const cases = plainCases(frame, clauses);
  if (cases !== null && value.kind === 'place') return builder.switchOn(value.place, cases, otherwise, span);
  for (const clause of clauses) {
    for (const wanted of listed(childInField(clause.node, 'value'))) {
      const next = builder.block();
      branchOn(frame.builder, caseTest(frame, tag, value, wanted), spanOf(wanted), clause.to, next);
      builder.start(next);
    }
  }
  builder.jump(otherwise, span);
}

/** null if some case is not a constant. */
function plainCases(frame: Frame, clauses: readonly Clause[]): SwitchCase[] | null {
  const cases: SwitchCase[] = [];
  for (const clause of clauses) {
    if (clause.isDefault) continue;
    const values = listed(childInField(clause.node, 'value')).map((value) => constantOf(frame, value));
    const literals = values.filter((literal): literal is Literal => literal !== null);
    if (literals.length < values.length || literals.length === 0) return null;
    cases.push({ literals, to: clause.to });
  }
  return cases;
}

interface Clauses {
  readonly node: SyntaxNode;
  readonly labels: readonly string[];
  readonly end: BlockId;
  readonly clauses: readonly Clause[];
}

function lowerClauses(frame: Frame, all: Clauses, begin: ((clause: Clause) => void) | null): void {
  const { builder } = frame;
  const { node, labels, end, clauses } = all;
  const targets = { labels, takesPlainBreak: true, breakTo: end, continueTo: null, yieldTo: null };
  builder.withTargets(targets, () => {
    for (const [index, clause] of clauses.entries()) {
      builder.start(clause.to);
      frame.fallthroughs.push(clauses[index + 1]?.to ?? null);
      frame.scoped(() => {
        begin?.(clause);
        for (const statement of statementsOf(clause.node)) lowerStatement(frame, statement, []);
      });
      frame.fallthroughs.pop();
      builder.jump(end, spanOf(clause.node));
    }
  });
  builder.start(end);
  if (clauses.length === 0) builder.continueIn(builder.block(), closingSpan(node));
}

/** `case text := <-lines`, without what is done then. */
function headSpan(clause: SyntaxNode): Span {
  const communication = childInField(clause, 'communication');
  return communication === null ? spanOf(clause) : { start: spanOf(clause).start, end: spanOf(communication).end };
}

export function lowerSelect(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const clauses = readClauses(frame, node);
  // `select {}` waits for ever.
  if (clauses.length === 0) return builder.halt(spanOf(node));
  const end = builder.block();
  for (const [index, clause] of clauses.entries()) {
    const span = headSpan(clause.node);
    if (index === clauses.length - 1) builder.jump(clause.to, span);
    else {
      const next = builder.block();
      builder.branch('unknown', clause.to, next, span);
      builder.start(next);
    }
  }
  lowerClauses(frame, { node, labels, end, clauses }, (clause) => {
    const communication = childInField(clause.node, 'communication');
    if (communication === null) return;
    onlyIfSet(frame, communication);
    lowerStatement(frame, communication, []);
  });
}

/** `done = nil` takes the case `<-done` out: nobody ever gets anything of a channel that is nil. */
function onlyIfSet(frame: Frame, communication: SyntaxNode): void {
  const { builder, output, text } = frame;
  const written = withoutParentheses(channelOf(communication) ?? communication);
  if (written.type !== 'identifier') return;
  const { node } = output.unit;
  const name = frame.textOf(written);
  const isTakenOut = new RegExp(`(?<![\\w.])${name} = nil\\b`).test(text.slice(node.start, node.end));
  const place = isTakenOut ? plainPlace(frame, written) : null;
  if (place === null) return;
  const [never, ready] = [builder.block(), builder.block()];
  const span = spanOf(written);
  builder.branch(isNull(place), never, ready, span);
  builder.start(never);
  builder.halt(span);
  builder.start(ready);
}

/** Of `<-ch`, `value := <-ch` and `ch <- value`. */
function channelOf(communication: SyntaxNode): SyntaxNode | null {
  if (communication.type === 'send_statement') return childInField(communication, 'channel');
  const received = childInField(communication, 'right');
  return received?.type === 'unary_expression' ? childInField(received, 'operand') : null;
}
