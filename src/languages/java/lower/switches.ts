/**
 * `switch`, old and new, as statement and as expression. Plain constants make a `switch` terminator;
 * patterns and guards make a chain of branches, tried in order.
 */
import type { BlockId, Literal, Operand, Span, SwitchCase } from '../../../ir/ir.ts';
import { branchOn, equalsTest } from '../../lowering/tests.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, childOfType, childrenOfType, closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import { lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { constantOf } from './literals.ts';
import { parts } from './nodes.ts';
import { lowerOpaque } from './opaque.ts';
import { bindPattern } from './patterns.ts';
import { lowerStatement, lowerStatements } from './statements.ts';
import type { Into } from './values.ts';

interface Label {
  readonly node: SyntaxNode;
  /** null where some value is not a constant. */
  readonly literals: readonly Literal[] | null;
  readonly pattern: SyntaxNode | null;
  readonly guard: SyntaxNode | null;
  readonly isDefault: boolean;
}

/** `case … -> …`, or a group of statements after its labels. */
interface Group {
  readonly node: SyntaxNode;
  readonly labels: readonly Label[];
  readonly to: BlockId;
}

export function lowerSwitchStatement(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const end = builder.block();
  const groups = lowerSelection(frame, node, end);
  const targets = { labels, takesPlainBreak: true, breakTo: end, continueTo: null, yieldTo: null };
  builder.withTargets(targets, () => {
    lowerGroups(frame, groups, { end, span: closingSpan(node), result: null });
  });
  builder.continueIn(end, closingSpan(node));
}

export function lowerSwitchExpression(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const { builder } = frame;
  const end = builder.block();
  const result = into ?? { place: builder.places.temp(), span: spanOf(node) };
  const groups = lowerSelection(frame, node, null);
  const targets = { labels: [], takesPlainBreak: false, breakTo: null, continueTo: null, yieldTo: end };
  frame.yields.push(result);
  builder.withTargets(targets, () => {
    lowerGroups(frame, groups, { end, span: closingSpan(node), result });
  });
  frame.yields.pop();
  builder.continueIn(end, closingSpan(node));
  return placeValue(result.place);
}

export function lowerYield(frame: Frame, node: SyntaxNode): void {
  const value = parts(node)[0];
  const result = frame.yields.at(-1);
  if (value === undefined || result === undefined) return lowerOpaque(frame, node, node.type);
  lowerExpression(frame, value, result);
  if (!frame.builder.yieldTo(spanOf(node))) lowerOpaque(frame, node, node.type);
}

/** Ends the current block; `unmatched` null: one of the cases always fits. */
function lowerSelection(frame: Frame, node: SyntaxNode, unmatched: BlockId | null): Group[] {
  const { builder } = frame;
  const condition = childInField(node, 'condition');
  // Without its parentheses.
  const span = spanOf(condition === null ? node : (parts(condition)[0] ?? condition));
  const value = condition === null ? null : lowerExpression(frame, condition, null);
  const on = builder.hold(value ?? { kind: 'unknown' }, span);
  const body = childInField(node, 'body');
  const groups = body === null ? [] : readGroups(frame, body);
  const last = groups.at(-1);
  const allLabels = groups.flatMap((group) => group.labels);
  const isPlain = allLabels.every((label) => label.literals !== null && label.guard === null);
  const hasPatterns = allLabels.some((label) => label.pattern !== null);
  const fallback = groups.find((group) => group.labels.some((label) => label.isDefault))?.to;
  // A switch over patterns, or one with a value, covers everything: then the last case needs no test.
  const otherwise = fallback ?? (hasPatterns || unmatched === null ? last?.to : unmatched) ?? unmatched;
  if (otherwise === null) builder.halt(span);
  else if (isPlain) builder.switchOn(on, plainCases(groups, otherwise), otherwise, span);
  else lowerTests(frame, groups, { value: placeValue(on), otherwise, span });
  return groups;
}

function readGroups(frame: Frame, body: SyntaxNode): Group[] {
  const groups: Group[] = [];
  let pending: Label[] = [];
  for (const node of body.children) {
    if (node.type !== 'switch_rule' && node.type !== 'switch_block_statement_group') continue;
    const labels = [...pending, ...childrenOfType(node, 'switch_label').map((label) => readLabel(frame, label))];
    // `case A:` alone: the parser may make a group of it.
    const isEmpty = node.type === 'switch_block_statement_group' && bodyOf(node).length === 0;
    pending = isEmpty ? labels : [];
    if (!isEmpty) groups.push({ node, labels, to: frame.builder.block() });
  }
  const last = body.children.at(-1);
  if (pending.length > 0 && last !== undefined) groups.push({ node: last, labels: pending, to: frame.builder.block() });
  return groups;
}

function readLabel(frame: Frame, node: SyntaxNode): Label {
  const guard = childOfType(node, 'guard');
  const pattern = childOfType(node, 'pattern');
  const isDefault = node.children.some((child) => child.type === 'default');
  const values = parts(node).filter((part) => part.type !== 'guard' && part.type !== 'pattern');
  const literals: Literal[] = [];
  for (const value of values) {
    const literal = constantOf(frame, value) ?? enumConstant(frame, value);
    if (literal !== null) literals.push(literal);
  }
  const isConstant = pattern === null && literals.length === values.length;
  return { node, literals: isConstant ? literals : null, pattern, guard, isDefault };
}

/** A bare name in a label is an enum constant or a constant variable, however it is spelled. */
function enumConstant(frame: Frame, value: SyntaxNode): Literal | null {
  return value.type === 'identifier' ? { kind: 'string', text: frame.textOf(value) } : null;
}

function plainCases(groups: readonly Group[], otherwise: BlockId): SwitchCase[] {
  const cases: SwitchCase[] = [];
  for (const group of groups) {
    const literals = group.labels.flatMap((label) => label.literals ?? []);
    if (literals.length > 0 && group.to !== otherwise) cases.push({ literals, to: group.to });
  }
  return cases;
}

interface Selection {
  readonly value: Operand;
  readonly otherwise: BlockId;
  readonly span: Span;
}

function lowerTests(frame: Frame, groups: readonly Group[], selection: Selection): void {
  const { value, otherwise, span } = selection;
  for (const group of groups) {
    // Tried by the `default` in it, or last and certain to fit.
    const rest = group.to === otherwise ? lastPattern(group) : null;
    if (group.to === otherwise && rest === null) continue;
    for (const label of group.labels) if (label !== rest) lowerLabel(frame, label, value, group.to);
    if (rest !== null && rest.pattern !== null) bindPattern(frame, rest.pattern, value);
  }
  frame.builder.jump(otherwise, span);
}

/** The label that needs no test in a group that takes what is left over. */
function lastPattern(group: Group): Label | null {
  const last = group.labels.at(-1);
  return last !== undefined && last.pattern !== null ? last : null;
}

/** On to the group if the label fits, else on to a new block for the next label. */
function lowerLabel(frame: Frame, label: Label, value: Operand, to: BlockId): void {
  const { builder } = frame;
  if (label.isDefault && label.pattern === null && label.literals?.length === 0) return;
  const next = builder.block();
  const span = spanOf(label.node);
  for (const literal of label.literals ?? []) {
    const further = builder.block();
    branchOn(frame.builder, equalsTest(value, literal), spanOf(label.node), to, further);
    builder.start(further);
  }
  if (label.literals !== null) return builder.continueIn(next, span);
  const matched = builder.block();
  const type = label.pattern === null ? null : patternType(label.pattern);
  if (type === null || value.kind !== 'place') builder.branch('unknown', matched, next, span);
  else {
    const test = { test: 'type', place: value.place, type: typeText(frame.text, type), negated: false } as const;
    builder.branch(test, matched, next, span);
  }
  builder.start(matched);
  if (label.pattern !== null) bindPattern(frame, label.pattern, value);
  const guard = label.guard === null ? undefined : parts(label.guard)[0];
  if (guard === undefined) builder.jump(to, span);
  else lowerCondition(frame, guard, to, next);
  builder.start(next);
}

function patternType(pattern: SyntaxNode): SyntaxNode | null {
  const inner = parts(pattern)[0];
  return inner === undefined ? null : (parts(inner)[0] ?? null);
}

interface SwitchEnd {
  readonly end: BlockId;
  readonly span: Span;
  /** Set for a switch expression. */
  readonly result: Into;
}

function lowerGroups(frame: Frame, groups: readonly Group[], { end, span: endSpan, result }: SwitchEnd): void {
  const { builder } = frame;
  // Variables of one group are visible in the next.
  frame.scoped(() => {
    for (const group of groups) {
      const span = spanOf(group.node);
      const isRule = group.node.type === 'switch_rule';
      // Falling through from the group before.
      if (builder.isReachable) builder.jump(group.to, span);
      builder.start(group.to);
      if (isRule) lowerRule(frame, group.node, result);
      else lowerStatements(frame, bodyOf(group.node), 0, group.node);
      if (isRule) builder.jump(end, span);
    }
    builder.jump(end, endSpan);
  });
}

function lowerRule(frame: Frame, rule: SyntaxNode, result: Into): void {
  const statement = bodyOf(rule)[0];
  if (statement === undefined) return;
  const expression = statement.type === 'expression_statement' ? parts(statement)[0] : undefined;
  if (expression !== undefined && result !== null) lowerExpression(frame, expression, result);
  else lowerStatement(frame, statement, []);
}

function bodyOf(group: SyntaxNode): SyntaxNode[] {
  return parts(group).filter((part) => part.type !== 'switch_label');
}
