/**
 * Comprehensions, as the loops they are. A generator expression is run where it stands: when somebody asks for
 * its elements later, they are made of the same values.
 */
import type { BlockId, Operand, PlaceId } from '../../../ir/ir.ts';
import { emitAggregate } from '../../lowering/calls.ts';
import { placeValue, positional } from '../../lowering/values.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { targetNames } from '../bindings.ts';
import { hasKeyword, parts } from '../nodes.ts';
import { lowerCondition } from './conditions.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { assignElement, lowerIterable } from './iterables.ts';
import { deliver } from './values.ts';
import type { Into } from './values.ts';

const types = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression']);

export function isComprehension(node: SyntaxNode): boolean {
  return types.has(node.type);
}

export function lowerComprehension(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const { builder } = frame;
  // Each turn adds to it: what it held before, it still holds.
  const result = builder.places.synthetic(null, null, true);
  builder.assign(result, { kind: 'fresh', type: null }, spanOf(node));
  frame.scoped(() => {
    declareTargets(frame, node);
    lowerClauses(frame, node, result);
  });
  return deliver(frame, placeValue(result), into);
}

/** They are the comprehension's own, whatever else has their names. */
function declareTargets(frame: Frame, node: SyntaxNode): void {
  for (const clause of node.children) {
    const left = clause.type === 'for_in_clause' ? childInField(clause, 'left') : null;
    for (const name of left === null ? [] : targetNames(left)) {
      const text = frame.textOf(name);
      frame.declarePlace(text, frame.builder.places.local(node.start, text, null), 'reference');
    }
  }
}

/** `for a in b for c in a if c`: loops inside each other, in order; a condition that fails starts the next turn. */
function lowerClauses(frame: Frame, node: SyntaxNode, result: PlaceId): void {
  const { builder } = frame;
  const span = spanOf(node);
  const loops: { readonly next: BlockId; readonly end: BlockId }[] = [];
  for (const clause of node.children) {
    if (clause.type === 'for_in_clause') loops.push(enterLoop(frame, clause));
    const condition = clause.type === 'if_clause' ? parts(clause)[0] : undefined;
    const loop = loops.at(-1);
    if (condition === undefined || loop === undefined) continue;
    const passed = builder.block();
    lowerCondition(frame, condition, passed, loop.next);
    builder.start(passed);
  }
  addElement(frame, node, result);
  for (const { next, end } of loops.reverse()) {
    builder.jump(next, span);
    builder.start(end);
  }
}

function enterLoop(frame: Frame, clause: SyntaxNode): { next: BlockId; end: BlockId } {
  const { builder } = frame;
  const [left, right] = [childInField(clause, 'left'), childInField(clause, 'right')];
  const isAwaited = hasKeyword(clause, 'async');
  const element = right === null ? null : lowerIterable(frame, right, isAwaited);
  const [next, body, end] = [builder.block(), builder.block(), builder.block()];
  builder.continueIn(next, spanOf(clause));
  builder.branch('unknown', body, end, spanOf(clause));
  builder.start(body);
  if (left !== null) assignElement(frame, left, element, isAwaited);
  return { next, end };
}

function addElement(frame: Frame, node: SyntaxNode, result: PlaceId): void {
  const body = childInField(node, 'body');
  if (body === null) return;
  const written = body.type === 'pair' ? parts(body) : [body];
  const values = written.map((part) => lowerExpression(frame, part, null));
  const held = values.filter((value) => value.kind === 'place' || value.kind === 'unknown');
  if (held.length > 0) emitAggregate(frame.builder, result, held.map(positional), spanOf(body));
}
