/**
 * `with` and `async with`: the manager is entered, and left on every way out. It may swallow the exception in
 * flight, but hardly any does; `suppress` is there for nothing else (`Habits.suppressors`) and is taken for the `except` it is.
 */
import type { Operand, PlaceId, Span, ThrowTier } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, childOfType, childrenOfType, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { dottedText, hasKeyword, parts } from '../nodes.ts';
import { assignOperand, localTarget } from './assignments.ts';
import { emitImplicitCall } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { lowerOpaque } from './opaque.ts';
import { lowerBlock } from './statements.ts';

interface Item {
  readonly node: SyntaxNode;
  readonly manager: SyntaxNode;
  readonly target: SyntaxNode | null;
}

interface With {
  readonly node: SyntaxNode;
  readonly items: readonly Item[];
  readonly isAsync: boolean;
  /** Of what stands around the statement. */
  readonly tier: ThrowTier;
}

export function lowerWith(frame: Frame, node: SyntaxNode): void {
  const clause = childOfType(node, 'with_clause');
  const items = clause === null ? [] : childrenOfType(clause, 'with_item').flatMap(readItem);
  lowerItems(frame, { node, items, isAsync: hasKeyword(node, 'async'), tier: frame.tier }, 0);
}

/** `with (a, b):` reads like a tuple, but is two managers. */
function readItem(node: SyntaxNode): Item[] {
  const written = childInField(node, 'value');
  if (written === null) return [];
  const value = withoutParentheses(written);
  const values = value.type === 'tuple' ? parts(value) : [value];
  return values.map((one) => {
    const isNamed = one.type === 'as_pattern';
    const alias = isNamed ? childInField(one, 'alias') : null;
    const target = alias === null ? null : (parts(alias)[0] ?? null);
    return { node: one, manager: isNamed ? (parts(one)[0] ?? one) : one, target };
  });
}

/** Each item guards those after it. */
function lowerItems(frame: Frame, statement: With, index: number): void {
  const item = statement.items[index];
  if (item === undefined) return lowerBody(frame, statement.node);
  if (frame.depth >= maxDepth) return lowerOpaque(frame, statement.node, 'too deep');
  frame.depth++;
  const rest = (): void => {
    frame.withTier('likely', () => {
      lowerItems(frame, statement, index + 1);
    });
  };
  const suppressed = suppressedTypes(frame, item.manager);
  if (isExpectedToFail(frame, item.manager)) lowerExpected(frame, item, rest);
  else if (suppressed === null) lowerManaged(frame, item, statement, rest);
  else lowerSuppressed(frame, item, suppressed, rest);
  frame.depth--;
}

function lowerBody(frame: Frame, node: SyntaxNode): void {
  const body = childInField(node, 'body');
  if (body !== null) lowerBlock(frame, body);
}

/**
 * Entering is taken not to fail: a manager that could not be entered has, by the protocol, nothing to be left
 * for, and what else is held fails as well in the call that made the manager.
 */
function lowerManaged(frame: Frame, item: Item, { isAsync, tier }: With, rest: () => void): void {
  const { builder } = frame;
  const span = spanOf(item.node);
  // Another manager made in the same line says nothing of what may fail.
  const manager = frame.withTier(tier, () => builder.hold(lowerExpression(frame, item.manager, null), span));
  const local = item.target === null ? null : localTarget(frame, item.target);
  const entered = local ?? builder.places.temp();
  emitManagerCall(frame, { manager, name: isAsync ? '__aenter__' : '__enter__', dest: entered, isAsync, span });
  const cleanup = frame.bound(() => {
    const dest = builder.places.temp();
    emitManagerCall(frame, { manager, name: isAsync ? '__aexit__' : '__exit__', dest, isAsync, span });
  });
  const body = (): void => {
    if (item.target !== null && local === null) assignOperand(frame, item.target, placeValue(entered), span);
    rest();
  };
  builder.withCleanup({ key: item.node.start, span, body, cleanup });
}

interface ManagerCall {
  readonly manager: PlaceId;
  readonly name: string;
  readonly dest: PlaceId;
  readonly isAsync: boolean;
  readonly span: Span;
}

function emitManagerCall(frame: Frame, { manager, name, dest, isAsync, span }: ManagerCall): void {
  const { builder } = frame;
  const throws = name.endsWith('enter__') ? 'never' : frame.tier;
  const first = isAsync ? builder.places.temp() : dest;
  emitImplicitCall(frame, { receiver: manager, name, dests: [first], throws, span });
  const source: Operand = placeValue(first);
  if (isAsync) builder.emit({ op: 'await', dest, source, throws: 'never', span });
}

/** `with pytest.raises(ValueError):` */
function isExpectedToFail(frame: Frame, manager: SyntaxNode): boolean {
  const { expectsFailure } = frame.habits;
  const callee = manager.type === 'call' ? childInField(manager, 'function') : null;
  const name = callee === null ? null : dottedText(frame.text, callee);
  return name !== null && expectsFailure?.test(name) === true;
}

/** Where the body comes to its end the test has failed, and with it the process is over, as after an assertion. */
function lowerExpected(frame: Frame, item: Item, rest: () => void): void {
  const span = spanOf(item.node);
  const body = (): void => {
    rest();
    frame.builder.halt(span);
  };
  const lower = (): void => {
    frame.builder.emit({ op: 'caught', dest: null, span });
  };
  frame.builder.catching(body, [{ types: [], isBroad: true, lower }], span);
}

/** `with suppress(A, B):`; null for any other manager. */
function suppressedTypes(frame: Frame, manager: SyntaxNode): string[] | null {
  const callee = manager.type === 'call' ? childInField(manager, 'function') : null;
  const name = callee === null ? null : dottedText(frame.text, callee);
  if (name === null || frame.habits.suppressors?.test(name) !== true) return null;
  const list = childInField(manager, 'arguments');
  return list === null ? [] : parts(list).map((type) => dottedText(frame.text, type) ?? 'Exception');
}

function lowerSuppressed(frame: Frame, item: Item, types: readonly string[], rest: () => void): void {
  const span = spanOf(item.node);
  const isBroad = types.some((type) => /^(?:Base)?Exception$/.test(type));
  const lower = (): void => {
    frame.builder.emit({ op: 'caught', dest: null, span });
  };
  frame.builder.catching(rest, [{ types, isBroad, lower }], span);
}
