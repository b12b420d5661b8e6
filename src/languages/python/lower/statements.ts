/** Statements. Compound ones have files of their own: `loops.ts`, `tries.ts`, `withs.ts`, `matches.ts`. */
import type { Argument } from '../../../ir/ir.ts';
import { positional } from '../../lowering/values.ts';
import {
  childInField,
  childOfType,
  childrenInField,
  operatorOf,
  spanOf,
  withoutParentheses,
} from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { definitionOf, parts } from '../nodes.ts';
import { lowerAssignment, lowerAugmented, lowerDelete } from './assignments.ts';
import { emitStatementCall } from './calls.ts';
import { lowerClass } from './classes.ts';
import { lowerDefaults, lowerNestedFunction } from './closures.ts';
import { lowerCondition } from './conditions.ts';
import { isExpression, lowerEffects, lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { lowerBreak, lowerRaise, lowerReturn } from './jumps.ts';
import { lowerFor, lowerWhile } from './loops.ts';
import { lowerMatch } from './matches.ts';
import { lowerBrokenParts, lowerOpaque } from './opaque.ts';
import { lowerTry } from './tries.ts';
import { lowerWith } from './withs.ts';

export function lowerBlock(frame: Frame, block: SyntaxNode): void {
  for (const node of block.children) lowerStatement(frame, node);
}

export function lowerStatement(frame: Frame, node: SyntaxNode): void {
  if (frame.depth >= maxDepth) return lowerOpaque(frame, node, 'too deep');
  frame.depth++;
  lowerBrokenParts(frame, node);
  lowerByType(frame, node);
  frame.depth--;
}

function lowerByType(frame: Frame, node: SyntaxNode): void {
  switch (node.type) {
    case 'expression_statement':
      return lowerExpressionStatement(frame, node);
    case 'if_statement':
      return lowerIf(frame, node);
    case 'while_statement':
      return lowerWhile(frame, node);
    case 'for_statement':
      return lowerFor(frame, node);
    case 'try_statement':
      return lowerTry(frame, node);
    case 'with_statement':
      return lowerWith(frame, node);
    case 'match_statement':
      return lowerMatch(frame, node);
    case 'return_statement':
      return lowerReturn(frame, node);
    case 'raise_statement':
      return lowerRaise(frame, node);
    case 'break_statement':
    case 'continue_statement':
      return lowerBreak(frame, node);
    case 'assert_statement':
      return lowerAssert(frame, node);
    case 'delete_statement':
      return lowerDelete(frame, node);
    case 'print_statement':
      return lowerPrint(frame, node);
    case 'exec_statement':
      return emitStatementCall(frame, 'exec', lowerAll(frame, parts(node)), spanOf(node));
    case 'function_definition':
    case 'class_definition':
    case 'decorated_definition':
      return lowerDefinition(frame, node);
    case 'block':
      return lowerBlock(frame, node);
    case 'pass_statement':
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
    case 'global_statement':
    case 'nonlocal_statement':
    case 'type_alias_statement':
      return;
    default:
      return lowerBroken(frame, node);
  }
}

function lowerExpressionStatement(frame: Frame, node: SyntaxNode): void {
  for (const part of parts(node)) {
    if (part.type === 'assignment') lowerAssignment(frame, part);
    else if (part.type === 'augmented_assignment') lowerAugmented(frame, part);
    else {
      frame.dropped.add(withoutParentheses(part));
      lowerEffects(frame, [part]);
    }
  }
}

/** Functions of modules and classes are lowered for themselves; what defining them evaluates is done here. */
function lowerDefinition(frame: Frame, node: SyntaxNode): void {
  const definition = definitionOf(node);
  if (definition.type === 'function_definition' && frame.header.kind !== 'module')
    return lowerNestedFunction(frame, node);
  for (const decorator of node.children) if (decorator.type === 'decorator') lowerEffects(frame, parts(decorator));
  if (definition.type === 'class_definition') return lowerClass(frame, definition);
  if (definition.type === 'function_definition') lowerDefaults(frame, definition);
}

/** What can be recognised in it happens; then anything may happen to what it mentions. */
function lowerBroken(frame: Frame, node: SyntaxNode): void {
  for (const part of parts(node)) {
    if (isExpression(part) && part.type !== 'identifier') lowerExpression(frame, part, null);
    else if (/_statement$|^block$|_definition$/.test(part.type)) lowerStatement(frame, part);
  }
  lowerOpaque(frame, node, node.type);
}

/** `elif` clauses stand in a row, long ones in generated code. */
function lowerIf(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const end = builder.block();
  const alternatives = childrenInField(node, 'alternative');
  let hasElse = false;
  for (const clause of [node, ...alternatives]) {
    const span = spanOf(clause);
    const body = childInField(clause, clause.type === 'else_clause' ? 'body' : 'consequence');
    if (clause.type === 'else_clause') {
      hasElse = true;
      if (body !== null) lowerBlock(frame, body);
      continue;
    }
    const condition = childInField(clause, 'condition');
    const [thenTo, elseTo] = [builder.block(), builder.block()];
    if (condition === null) builder.branch('unknown', thenTo, elseTo, span);
    else lowerCondition(frame, condition, thenTo, elseTo);
    builder.start(thenTo);
    if (body !== null) lowerBlock(frame, body);
    builder.jump(end, span);
    builder.start(elseTo);
  }
  builder.continueIn(end, spanOf(hasElse ? (alternatives.at(-1) ?? node) : node));
}

/** The message is evaluated only where the assertion fails. */
function lowerAssert(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const [condition, message] = parts(node);
  if (condition === undefined) return lowerOpaque(frame, node, node.type);
  const [passed, failed] = [builder.block(), builder.block()];
  lowerCondition(frame, condition, passed, failed);
  builder.start(failed);
  if (message !== undefined) lowerEffects(frame, [message]);
  // Outside any `try` it is the end of a program that is wrong, not a failure to provide for.
  if (frame.tier === 'possible' || saysType(frame, condition)) builder.halt(spanOf(node));
  else builder.throwValue({ kind: 'fresh', type: 'AssertionError' }, 'AssertionError', spanOf(node));
  builder.start(passed);
}

/** `assert process.stdout is not None and isinstance(line, str)` tells a type checker what is known anyway. */
function saysType(frame: Frame, written: SyntaxNode): boolean {
  const node = withoutParentheses(written);
  if (node.type === 'boolean_operator')
    return operatorOf(node) === 'and' && parts(node).every((one) => saysType(frame, one));
  return /^[\w.]+ is not None$|^isinstance\(/.test(frame.textOf(node));
}

/** `print >>file, a, b` is `print(a, b, file=file)`. */
function lowerPrint(frame: Frame, node: SyntaxNode): void {
  const chevron = childOfType(node, 'chevron');
  const file = chevron === null ? undefined : parts(chevron)[0];
  const named: Argument[] =
    file === undefined ? [] : [{ value: lowerExpression(frame, file, null), name: 'file', isSpread: false }];
  const values = lowerAll(frame, childrenInField(node, 'argument'));
  emitStatementCall(frame, 'print', [...values, ...named], spanOf(node));
}

function lowerAll(frame: Frame, nodes: readonly SyntaxNode[]): Argument[] {
  return nodes.map((node) => positional(lowerExpression(frame, node, null)));
}
