/**
 * Statements. Loops and jumps are here; `try` is in `tries.ts`, `switch` in `switches.ts`.
 * `assert` is left out: it does nothing unless asked for, and what it asserts is not relied on.
 */
import type { BlockId } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { lowerTurns } from '../../lowering/turns.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, childOfType, childrenInField, closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { readAnnotation, simpleName, typeText } from '../type-text.ts';
import { emitImplicitCall, lowerDelegation } from './calls.ts';
import { lowerCondition } from './conditions.ts';
import { isExpression, lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { isAnnotationNode, parts } from './nodes.ts';
import { lowerBrokenParts, lowerOpaque } from './opaque.ts';
import { lowerSwitchStatement, lowerYield } from './switches.ts';
import { closeUnlessNull, lowerTry, lowerTryWithResources } from './tries.ts';

/** A block with its own variables. */
export function lowerBlock(frame: Frame, block: SyntaxNode): void {
  frame.scoped(() => {
    lowerStatements(frame, block.children, 0, block);
  });
}

/** From `from` on; `@Cleanup` makes a region of the rest of the block. */
export function lowerStatements(frame: Frame, nodes: readonly SyntaxNode[], from: number, block: SyntaxNode): void {
  for (let index = from; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    lowerStatement(frame, node, []);
    const release = node.type === 'local_variable_declaration' ? cleanupMethod(frame, node) : null;
    if (release === null) continue;
    return lowerWithCleanup(frame, { node, release, block }, () => {
      lowerStatements(frame, nodes, index + 1, block);
    });
  }
}

export function lowerStatement(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  if (frame.depth >= maxDepth) return lowerOpaque(frame, node, 'too deep');
  frame.depth++;
  if (node.type !== 'local_variable_declaration') lowerBrokenParts(frame, node);
  lowerByType(frame, node, labels);
  frame.depth--;
}

function lowerByType(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  switch (node.type) {
    case 'block':
    case 'constructor_body':
      return labels.length === 0 ? lowerBlock(frame, node) : lowerLabelled(frame, node, labels);
    case 'local_variable_declaration':
      return lowerDeclaration(frame, node);
    case 'expression_statement':
      return lowerEffectOf(frame, node, labels);
    case 'if_statement':
      return labels.length === 0 ? lowerIf(frame, node) : lowerLabelled(frame, node, labels);
    case 'while_statement':
      return lowerWhile(frame, node, labels);
    case 'do_statement':
      return lowerDo(frame, node, labels);
    case 'for_statement':
      return frame.scoped(() => {
        lowerFor(frame, node, labels);
      });
    case 'enhanced_for_statement':
      return frame.scoped(() => {
        lowerForEach(frame, node, labels);
      });
    case 'labeled_statement':
      return lowerLabel(frame, node, labels);
    case 'switch_expression':
      return lowerSwitchStatement(frame, node, labels);
    case 'return_statement': {
      const value = parts(node)[0];
      const values = value === undefined ? [] : [lowerExpression(frame, value, null)];
      return frame.builder.returnValues(values, spanOf(node));
    }
    case 'throw_statement':
      return lowerThrow(frame, node);
    case 'break_statement':
    case 'continue_statement':
      return lowerJump(frame, node);
    case 'yield_statement':
      return lowerYield(frame, node);
    case 'synchronized_statement': {
      lowerEffects(frame, parts(node).slice(0, 1));
      const body = childInField(node, 'body');
      return body === null ? undefined : lowerBlock(frame, body);
    }
    case 'try_statement':
    case 'try_with_resources_statement':
      if (labels.length > 0) return lowerLabelled(frame, node, labels);
      return node.type === 'try_statement' ? lowerTry(frame, node) : lowerTryWithResources(frame, node);
    case 'explicit_constructor_invocation':
      return lowerDelegation(frame, node);
    // The members of local types are declarations of their own.
    case 'assert_statement':
    case ';':
    case 'class_declaration':
    case 'record_declaration':
    case 'interface_declaration':
    case 'enum_declaration':
    case 'annotation_type_declaration':
    case 'import_declaration':
    case 'package_declaration':
    case 'module_declaration':
    case 'method_declaration':
      return;
    default:
      return lowerBroken(frame, node);
  }
}

function lowerEffectOf(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const [expression] = parts(node);
  if (expression === undefined) return;
  if (expression.type === 'switch_expression') return lowerSwitchStatement(frame, expression, labels);
  lowerExpression(frame, expression, null);
}

/** What can be recognised in it happens; then anything may happen to what it mentions. */
function lowerBroken(frame: Frame, node: SyntaxNode): void {
  for (const part of parts(node)) {
    if (isExpression(part)) lowerExpression(frame, part, null);
    else if (/_statement$|^block$|_variable_declaration$/.test(part.type)) lowerStatement(frame, part, []);
  }
  lowerOpaque(frame, node, node.type);
}

// Declarations

export function lowerDeclaration(frame: Frame, node: SyntaxNode): void {
  lowerBrokenParts(frame, node);
  const typeNode = childInField(node, 'type');
  for (const declarator of childrenInField(node, 'declarator')) {
    const name = childInField(declarator, 'name');
    if (name === null) continue;
    const written = typeNode === null ? null : typeText(frame.text, typeNode, childInField(declarator, 'dimensions'));
    const text = frame.textOf(name);
    const place = frame.builder.places.local(name.start, text, written === 'var' ? null : written);
    frame.declare(text, place);
    const value = childInField(declarator, 'value');
    if (value !== null) lowerExpression(frame, value, { place, span: spanOf(declarator) });
  }
}

/** `@Cleanup`, `@Cleanup("dispose")`, `@Cleanup(value = "dispose")`, as Lombok has it. */
function cleanupMethod(frame: Frame, node: SyntaxNode): string | null {
  for (const modifier of childOfType(node, 'modifiers')?.children ?? []) {
    if (!isAnnotationNode(modifier)) continue;
    const { name, args } = readAnnotation(frame.text, modifier);
    if (frame.habits.scopeAnnotations.has(simpleName(name))) return /"([^"]+)"/.exec(args ?? '')?.[1] ?? 'close';
  }
  return null;
}

interface CleanupDeclaration {
  readonly node: SyntaxNode;
  readonly release: string;
  readonly block: SyntaxNode;
}

function lowerWithCleanup(frame: Frame, declared: CleanupDeclaration, body: () => void): void {
  const { node, release, block } = declared;
  const name = childrenInField(node, 'declarator').map((declarator) => childInField(declarator, 'name'))[0] ?? null;
  const place = name === null ? null : frame.variable(frame.textOf(name));
  if (place === null) return body();
  const cleanup = frame.bound(() => {
    closeUnlessNull(frame, place, release, spanOf(node));
  });
  frame.builder.withCleanup({ key: node.start, span: closingSpan(block), body, cleanup });
}

// Branches and loops

/** `else if` chains nest to the right, long ones in generated code: no recursion there. */
function lowerIf(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const end = builder.block();
  let rest: SyntaxNode | null = node;
  while (rest?.type === 'if_statement') {
    const condition = childInField(rest, 'condition');
    const consequence = childInField(rest, 'consequence');
    const span = spanOf(rest);
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
  // Without an `else`, the last condition has led to `end` and started it already.
  if (rest !== null) builder.continueIn(end, spanOf(node));
}

interface Loop {
  readonly node: SyntaxNode;
  readonly labels: readonly string[];
  readonly end: BlockId;
  readonly next: BlockId;
}

function lowerLoopBody(frame: Frame, loop: Loop): void {
  const { node, labels, end, next } = loop;
  const targets = { labels, takesPlainBreak: true, breakTo: end, continueTo: next, yieldTo: null };
  frame.builder.withTargets(targets, () => {
    const body = childInField(node, 'body');
    if (body !== null) lowerStatement(frame, body, []);
  });
  frame.builder.jump(next, closingSpan(node));
}

function lowerWhile(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const [head, body, end] = [builder.block(), builder.block(), builder.block()];
  const condition = childInField(node, 'condition');
  builder.continueIn(head, spanOf(node));
  if (condition === null) builder.branch('unknown', body, end, spanOf(node));
  else lowerCondition(frame, condition, body, end);
  builder.start(body);
  lowerLoopBody(frame, { node, labels, end, next: head });
  builder.start(end);
}

function lowerDo(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const [body, next, end] = [builder.block(), builder.block(), builder.block()];
  const condition = childInField(node, 'condition');
  builder.continueIn(body, spanOf(node));
  lowerLoopBody(frame, { node, labels, end, next });
  builder.start(next);
  if (condition === null) builder.branch('unknown', body, end, spanOf(node));
  else lowerCondition(frame, condition, body, end);
  builder.start(end);
}

function lowerFor(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  for (const init of childrenInField(node, 'init')) {
    if (init.type === 'local_variable_declaration') lowerDeclaration(frame, init);
    else lowerExpression(frame, init, null);
  }
  const [head, body, next, end] = [builder.block(), builder.block(), builder.block(), builder.block()];
  const condition = childInField(node, 'condition');
  builder.continueIn(head, spanOf(node));
  if (condition === null) builder.jump(body, spanOf(node));
  else lowerCondition(frame, condition, body, end);
  builder.start(body);
  lowerLoopBody(frame, { node, labels, end, next });
  builder.start(next);
  lowerEffects(frame, childrenInField(node, 'update'));
  builder.jump(head, spanOf(node));
  builder.start(end);
}

/** An array has no iterator; elements are the `[]` of what is iterated over. */
function lowerForEach(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const [typeNode, name, value] = [childInField(node, 'type'), childInField(node, 'name'), childInField(node, 'value')];
  if (name === null || value === null) return lowerBroken(frame, node);
  const span = spanOf(value);
  const source = builder.hold(lowerExpression(frame, value, null), span);
  const sourcePlace = builder.places.get(source);
  const isArray = sourcePlace.kind === 'local' && sourcePlace.typeHint?.endsWith('[]') === true;
  if (!isArray) emitImplicitCall(frame, source, 'iterator', span);
  const element = builder.field(source, elementField, span);
  const [head, body, end] = [builder.block(), builder.block(), builder.block()];
  const turn = (): void => {
    const written = typeNode === null ? null : typeText(frame.text, typeNode, childInField(node, 'dimensions'));
    const text = frame.textOf(name);
    const place = builder.places.local(name.start, text, written === 'var' ? null : written);
    frame.declare(text, place);
    builder.assign(place, placeValue(element), spanOf(name));
    lowerLoopBody(frame, { node, labels, end, next: head });
  };
  const ask = (): void => {
    builder.branch('unknown', body, end, span);
  };
  lowerTurns(builder, { ask, turn, head, body, hasFirst: hasElement(value), span });
  builder.start(end);
}

/** `new int[] { 1, 2 }` */
function hasElement(written: SyntaxNode): boolean {
  const elements = childInField(written, 'value');
  return written.type === 'array_creation_expression' && elements !== null && parts(elements).length > 0;
}

// Jumps

function lowerLabel(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const [name, ...rest] = parts(node);
  const statement = rest.at(-1);
  if (name === undefined || statement === undefined) return;
  lowerStatement(frame, statement, [...labels, frame.textOf(name)]);
}

/** `label: { … break label; … }` */
function lowerLabelled(frame: Frame, node: SyntaxNode, labels: readonly string[]): void {
  const { builder } = frame;
  const end = builder.block();
  const targets = { labels, takesPlainBreak: false, breakTo: end, continueTo: null, yieldTo: null };
  builder.withTargets(targets, () => {
    lowerStatement(frame, node, []);
  });
  builder.continueIn(end, closingSpan(node));
}

function lowerJump(frame: Frame, node: SyntaxNode): void {
  const labelNode = childOfType(node, 'identifier');
  const label = labelNode === null ? null : frame.textOf(labelNode);
  const { builder } = frame;
  const span = spanOf(node);
  const isLeft = node.type === 'break_statement' ? builder.breakTo(label, span) : builder.continueTo(label, span);
  if (!isLeft) lowerOpaque(frame, node, node.type);
}

function lowerThrow(frame: Frame, node: SyntaxNode): void {
  const thrown = parts(node)[0];
  if (thrown === undefined) return lowerOpaque(frame, node, node.type);
  const value = lowerExpression(frame, thrown, null);
  frame.builder.throwValue(value, thrownType(frame, thrown), spanOf(node));
}

/** What is known of the class thrown; a variable of several classes says nothing. */
function thrownType(frame: Frame, thrown: SyntaxNode): string | null {
  if (thrown.type === 'object_creation_expression') {
    const type = childInField(thrown, 'type');
    return type === null ? null : typeText(frame.text, type);
  }
  const place = thrown.type === 'identifier' ? frame.variable(frame.textOf(thrown)) : null;
  const known = place === null ? null : frame.builder.places.get(place);
  const hint = known?.kind === 'local' ? known.typeHint : null;
  return hint?.includes('|') === true ? null : hint;
}
