/** `try` in all its forms. */
import type { Callee, PlaceId, Span, TypeHint } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import {
  childInField,
  childOfType,
  childrenInField,
  childrenOfType,
  spanOf,
  walk,
  withoutParentheses,
} from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { oldStyleAlias } from '../bindings.ts';
import { closingSpan, dottedText, lastName, parts } from '../nodes.ts';
import { assignOperand, localTarget } from './assignments.ts';
import type { Frame } from './frame.ts';
import { lowerBlock } from './statements.ts';

export function lowerTry(frame: Frame, node: SyntaxNode): void {
  const last = childOfType(node, 'finally_clause');
  const block = last === null ? null : childOfType(last, 'block');
  if (block === null) return lowerClauses(frame, node);
  const cleanup = frame.bound(() => {
    lowerBlock(frame, block);
  });
  const body = (): void => {
    frame.withTier('likely', () => {
      lowerClauses(frame, node);
    });
  };
  frame.builder.withCleanup({ key: block.start, span: closingSpan(block), body, cleanup });
}

/** The `else` is not guarded by the clauses. */
function lowerClauses(frame: Frame, node: SyntaxNode): void {
  const { builder } = frame;
  const clauses = childrenOfType(node, 'except_clause').map((clause) => readClause(frame, clause));
  const alternative = childOfType(node, 'else_clause');
  if (clauses.length === 0) {
    lowerBodyOf(frame, node);
    if (alternative !== null) lowerBodyOf(frame, alternative);
    return;
  }
  const span = spanOf(node);
  const [elseTo, end] = [builder.block(), builder.block()];
  const body = (): void => {
    if (!hasCall(node)) emitAttempt(frame, span);
    frame.withTier('likely', () => {
      lowerBodyOf(frame, node);
    });
    builder.jump(elseTo, span);
  };
  builder.catching(body, clauses, span);
  builder.jump(end, span);
  builder.start(elseTo);
  if (alternative !== null) lowerBodyOf(frame, alternative);
  builder.continueIn(end, span);
}

/** `try: return cache[key]`, `try: import json`: what fails there is no call, and is never the interesting part. */
function emitAttempt(frame: Frame, span: Span): void {
  const callee: Callee = { kind: 'function', name: '__try__', scope: null };
  const dests = [frame.builder.places.temp()];
  const throws = 'possible';
  frame.builder.emit({ op: 'call', dests, callee, receiver: null, args: [], throws, span, isImplicit: true });
}

function hasCall(node: SyntaxNode): boolean {
  const body = childInField(node, 'body') ?? childOfType(node, 'block');
  let isFound = false;
  walk(body ?? node, (child) => {
    isFound ||= /^(?:call|await|yield|(?:raise|for|with|print|exec|assert)_statement)$/.test(child.type);
    return isFound || /^(?:function_definition|lambda)$/.test(child.type) ? 'skip' : 'inside';
  });
  return isFound;
}

function lowerBodyOf(frame: Frame, node: SyntaxNode): void {
  const body = childInField(node, 'body') ?? childOfType(node, 'block');
  if (body !== null) lowerBlock(frame, body);
}

interface Caught {
  readonly types: readonly TypeHint[];
  readonly alias: SyntaxNode | null;
}

function readClause(frame: Frame, clause: SyntaxNode) {
  const { types, alias } = readCaught(frame, clause);
  const isBroad = types.length === 0 || types.some((type) => /^(?:Base)?Exception$/.test(lastName(type)));
  const lower = frame.bound(() => {
    lowerCaught(frame, alias, types, clause);
  });
  return { types, isBroad, lower };
}

/** `except (A, B) as e`, `except A, e`, `except A, B`. */
function readCaught(frame: Frame, clause: SyntaxNode): Caught {
  const values = childrenInField(clause, 'value');
  const oldAlias = oldStyleAlias(frame.text, clause);
  const [value] = values;
  if (oldAlias !== null && value !== undefined) return { types: exceptionTypes(frame, value), alias: oldAlias };
  const types: TypeHint[] = [];
  let alias = childInField(clause, 'alias');
  for (const one of values) {
    const named = one.type === 'as_pattern' ? childInField(one, 'alias') : null;
    alias ??= named === null ? null : (parts(named)[0] ?? null);
    types.push(...exceptionTypes(frame, one.type === 'as_pattern' ? (parts(one)[0] ?? one) : one));
  }
  return { types, alias };
}

/** A variable that holds the classes stands for itself: nobody knows them. */
function exceptionTypes(frame: Frame, written: SyntaxNode): TypeHint[] {
  const node = withoutParentheses(written);
  const nodes = node.type === 'tuple' ? parts(node).map(withoutParentheses) : [node];
  return nodes.map((one) => dottedText(frame.text, one) ?? frame.textOf(one).replace(/\s+/g, ''));
}

function lowerCaught(frame: Frame, alias: SyntaxNode | null, types: readonly TypeHint[], clause: SyntaxNode): void {
  const { builder } = frame;
  const span = { start: clause.start, end: Math.max(clause.start, (alias ?? clause.children[0] ?? clause).end) };
  const local = alias === null ? null : localTarget(frame, alias);
  const dest: PlaceId | null = local ?? (alias === null ? null : builder.places.temp());
  builder.emit({ op: 'caught', dest, span });
  if (alias !== null && local === null && dest !== null) assignOperand(frame, alias, placeValue(dest), span);
  const name = alias?.type === 'identifier' ? frame.textOf(alias) : '';
  const outer = frame.caught.get(name);
  frame.caught.set(name, types);
  lowerBodyOf(frame, clause);
  if (outer === undefined) frame.caught.delete(name);
  else frame.caught.set(name, outer);
}
