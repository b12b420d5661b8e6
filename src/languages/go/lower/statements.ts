/** Statements, one after the other; `if` and jumps are here, the rest by construct in files of its own. */
import type { BlockId } from '../../../ir/ir.ts';
import { freshValue } from '../../lowering/values.ts';
import { childInField, childOfType, childrenInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { specsOf } from '../declarations.ts';
import { lowerAssertionStatement } from './assertions.ts';
import {
  declareTargets,
  existingTargets,
  localVariable,
  lowerAssignment,
  lowerShortDeclaration,
  lowerUpdate,
  lowerValues,
  lowerVariables,
  newTargets,
} from './assignments.ts';
import { lowerDeferStatement } from './bodies.ts';
import { lowerHandingOver } from './builtins.ts';
import { lowerCondition } from './conditions.ts';
import { lowerGo } from './defers.ts';
import { isExpression, lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { lowerFor } from './loops.ts';
import { listed, parts, statementsOf } from './nodes.ts';
import { lowerBrokenParts, lowerOpaque } from './opaque.ts';
import { lowerReturn } from './returns.ts';
import { lowerSelect, lowerSwitch, lowerTypeSwitch } from './switches.ts';

/** A block with its own variables. */
export function lowerBlock(frame: Frame, block: SyntaxNode): void {
  frame.scoped(() => {
    for (const statement of statementsOf(block)) lowerStatement(frame, statement, []);
  });
}

export function lowerStatement(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  if (frame.depth >= maxDepth) return lowerOpaque(frame, node, 'too deep');
  frame.depth++;
  lowerBrokenParts(frame, node);
  lowerByType(frame, node, labels);
  frame.depth--;
}

function lowerByType(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  switch (node.type) {
    case 'block':
      return lowerBlock(frame, node);
    case 'expression_statement':
      for (const expression of parts(node).slice(0, 1)) {
        if (expression.type !== 'call_expression' || !lowerAssertionStatement(frame, expression))
          lowerExpression(frame, expression, null);
      }
      return;
    case 'assignment_statement':
      return lowerAssignment(frame, node);
    case 'short_var_declaration':
      return lowerShortDeclaration(frame, node);
    case 'inc_statement':
    case 'dec_statement':
      return lowerUpdate(frame, node);
    case 'var_declaration':
      for (const spec of specsOf(node)) lowerVariables(frame, spec, localVariable(frame, spec));
      return;
    case 'const_declaration':
      for (const spec of specsOf(node)) lowerConstants(frame, spec);
      return;
    case 'if_statement':
      return lowerIf(frame, node);
    case 'for_statement':
      return lowerFor(frame, node, labels);
    case 'expression_switch_statement':
      return lowerSwitch(frame, node, labels);
    case 'type_switch_statement':
      return lowerTypeSwitch(frame, node, labels);
    case 'select_statement':
      return lowerSelect(frame, node, labels);
    case 'send_statement':
      return lowerSend(frame, node);
    case 'receive_statement':
      return lowerReceive(frame, node);
    case 'return_statement':
      return lowerReturn(frame, node);
    case 'defer_statement':
      return lowerDeferStatement(frame, node);
    case 'go_statement':
      return lowerGo(frame, node);
    case 'labeled_statement':
      return lowerLabelled(frame, node, labels);
    case 'break_statement':
    case 'continue_statement':
    case 'goto_statement':
    case 'fallthrough_statement':
      return lowerJump(frame, node);
    // Local types are indexed with the others.
    case 'empty_statement':
    case 'type_declaration':
    case 'import_declaration':
    case 'package_clause':
    case 'function_declaration':
    case 'method_declaration':
      return;
    default:
      return lowerBroken(frame, node);
  }
}

/** What can be recognised in it happens; then anything may happen to what it mentions. */
function lowerBroken(frame: Frame, node: SyntaxNode): void {
  for (const part of parts(node)) {
    if (part.type === 'identifier') continue;
    if (isExpression(part)) lowerExpression(frame, part, null);
    else if (/_statement$|^block$|^(?:short_)?var_declaration$/.test(part.type)) lowerStatement(frame, part, []);
    else if (part.type === 'statement_list') for (const one of part.children) lowerStatement(frame, one, []);
  }
  lowerOpaque(frame, node, node.type);
}

/** Constants are variables that nobody assigns. */
function lowerConstants(frame: Frame, spec: SyntaxNode): void {
  const names = childrenInField(spec, 'name');
  const values = listed(childInField(spec, 'value'));
  const targets = newTargets(frame, names, values);
  for (const [index, { place }] of targets.entries()) {
    const value = values[index];
    const target = place === null ? [] : [place];
    if (value !== undefined) lowerValues(frame, target, [value], spanOf(spec));
    else if (place !== null) frame.builder.assign(place, freshValue, spanOf(spec));
  }
  declareTargets(frame, targets);
}

/** `else if` chains nest to the right, long ones in generated code: no recursion there. */
function lowerIf(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const end = builder.block();
  const leaves: (() => void)[] = [];
  let rest: SyntaxNode | null = node;
  while (rest?.type === 'if_statement') {
    const condition = childInField(rest, 'condition');
    const consequence = childInField(rest, 'consequence');
    const initializer = childInField(rest, 'initializer');
    const span = spanOf(rest);
    if (rest !== node) lowerBrokenParts(frame, rest);
    leaves.push(frame.enterScope());
    if (initializer !== null) lowerStatement(frame, initializer, []);
    rest = childInField(rest, 'alternative');
    const [thenTo, elseTo] = [builder.block(), rest === null ? end : builder.block()];
    if (condition === null) builder.branch('unknown', thenTo, elseTo, span);
    else lowerCondition(frame, condition, thenTo, elseTo);
    builder.start(thenTo);
    if (consequence !== null) lowerStatement(frame, consequence, []);
    builder.jump(end, span);
    builder.start(elseTo);
  }
  if (rest !== null) lowerStatement(frame, rest, []);
  for (const leave of leaves.reverse()) leave();
  // Without an `else`, the last condition has led to `end` and started it already.
  if (rest !== null) builder.continueIn(end, spanOf(node));
}

function lowerSend(frame: Frame, node: SyntaxNode): void {
  const [channel, value] = [childInField(node, 'channel'), childInField(node, 'value')];
  if (channel !== null) lowerExpression(frame, channel, null);
  if (value !== null) lowerHandingOver(frame, lowerExpression(frame, value, null), node);
}

/** `case v, ok := <-ch:` */
function lowerReceive(frame: Frame, node: SyntaxNode): void {
  const left = listed(childInField(node, 'left'));
  const right = childInField(node, 'right');
  if (right === null) return;
  const between = frame.text.slice(left.at(-1)?.end ?? right.start, right.start);
  if (!between.includes(':=')) return lowerValues(frame, existingTargets(frame, left), [right], spanOf(node));
  const declared = newTargets(frame, left, [right]);
  lowerValues(
    frame,
    declared.map((target) => target.place),
    [right],
    spanOf(node),
  );
  declareTargets(frame, declared);
}

// Jumps

function lowerLabelled(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const labelNode = childInField(node, 'label');
  const label = labelNode === null ? '' : frame.textOf(labelNode);
  const target = frame.body.gotos.get(label);
  if (target?.state === 'ahead') {
    frame.builder.continueIn(target.block, spanOf(labelNode ?? node));
    target.state = frame.builder.isReachable ? 'placed' : 'lost';
  }
  const statement = parts(node).find((part) => part.field !== 'label');
  if (statement !== undefined) lowerStatement(frame, statement, [...labels, label]);
}

function lowerJump(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const labelNode = childOfType(node, 'label_name');
  const label = labelNode === null ? null : frame.textOf(labelNode);
  if (!leave()) lowerOpaque(frame, node, node.type);

  function leave(): boolean {
    const span = spanOf(node);
    if (node.type === 'break_statement') return builder.breakTo(label, span);
    if (node.type === 'continue_statement') return builder.continueTo(label, span);
    // Regions end with the function only: a `goto` leaves none.
    const target = node.type === 'goto_statement' ? gotoBlock(frame, label ?? '') : (frame.fallthroughs.at(-1) ?? null);
    if (target === null) return false;
    builder.jump(target, span);
    return true;
  }
}

function gotoBlock(frame: Frame, label: string): BlockId | null {
  const target = frame.body.gotos.get(label);
  return target === undefined || target.state === 'lost' ? null : target.block;
}
