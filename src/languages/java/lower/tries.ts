/** `try` in all its forms. Resources close in reverse, before any clause or `finally` of the same `try`. */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { childInField, childOfType, childrenOfType, closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { simpleName, typeText } from '../type-text.ts';
import { emitImplicitCall } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { parts } from './nodes.ts';
import { isChecked } from './signature.ts';
import { lowerBlock } from './statements.ts';

export function lowerTry(frame: Frame, node: SyntaxNode): void {
  lowerGuarded(frame, node, () => {
    lowerBodyOf(frame, node);
  });
}

export function lowerTryWithResources(frame: Frame, node: SyntaxNode): void {
  const specification = childInField(node, 'resources');
  const resources = specification === null ? [] : childrenOfType(specification, 'resource');
  lowerGuarded(frame, node, () => {
    frame.scoped(() => {
      lowerResources(frame, node, resources);
    });
  });
}

/** `if (place != null) place.release()`, as the compiler writes it. */
export function closeUnlessNull(frame: Frame, place: PlaceId, release: string, span: Span): void {
  const { builder } = frame;
  const [present, after] = [builder.block(), builder.block()];
  // Nobody wrote this test, so no path tells of it.
  builder.branch({ test: 'null', place, negated: false }, after, present, { ...span, end: span.start });
  builder.start(present);
  emitImplicitCall(frame, place, release, span);
  builder.continueIn(after, span);
}

function lowerBodyOf(frame: Frame, node: SyntaxNode): void {
  const body = childInField(node, 'body');
  if (body !== null) lowerBlock(frame, body);
}

/** The clauses and the `finally` of the statement around what they guard. */
function lowerGuarded(frame: Frame, node: SyntaxNode, guarded: () => void): void {
  const last = childOfType(node, 'finally_clause');
  const block = last === null ? null : childOfType(last, 'block');
  const withClauses = (): void => {
    lowerClauses(frame, node, guarded);
  };
  if (block === null) return withClauses();
  const cleanup = frame.bound(() => {
    lowerBlock(frame, block);
  });
  frame.builder.withCleanup({ key: block.start, span: closingSpan(block), body: withClauses, cleanup });
}

function lowerClauses(frame: Frame, node: SyntaxNode, guarded: () => void): void {
  const clauses = childrenOfType(node, 'catch_clause').map((clause) => readClause(frame, clause));
  if (clauses.length === 0) return guarded();
  const types = clauses.flatMap((clause) => clause.types);
  const tier = types.some((type) => isChecked(frame.habits, type)) ? 'likely' : frame.tier;
  const body = (): void => {
    frame.guarded(() => {
      frame.withTier(tier, guarded);
    });
  };
  const last = coversAll(frame, types) ? clauses.at(-1) : undefined;
  frame.builder.catching(
    body,
    clauses.map((clause) => ({ ...clause, isBroad: clause.isBroad || clause === last })),
    spanOf(node),
  );
}

/**
 * An exception is unchecked, or announced by the method or waited for by a clause around: where a `try` that no other is around waits
 * for all of these, none gets past it. Errors do, which leave nothing to save.
 */
function coversAll(frame: Frame, caught: readonly string[]): boolean {
  if (frame.parent !== null || frame.isGuarded) return false;
  const names = new Set(caught.map(simpleName));
  const announced = frame.output.unit.declaration.throws.filter((type) => isChecked(frame.habits, type));
  return names.has('RuntimeException') && announced.every((type) => names.has(simpleName(type)));
}

function readClause(frame: Frame, clause: SyntaxNode) {
  const parameter = childOfType(clause, 'catch_formal_parameter');
  const list = parameter === null ? null : childOfType(parameter, 'catch_type');
  const types = list === null ? [] : parts(list).map((type) => typeText(frame.text, type));
  const isBroad = types.some((type) => ['Throwable', 'Exception'].includes(simpleName(type)));
  const name = parameter === null ? null : childInField(parameter, 'name');
  const lower = frame.bound(() => {
    frame.scoped(() => {
      const dest = name === null ? null : declareCaught(frame, name, types);
      frame.builder.emit({ op: 'caught', dest, span: spanOf(parameter ?? clause) });
      lowerBodyOf(frame, clause);
    });
  });
  return { types, isBroad, lower };
}

function declareCaught(frame: Frame, name: SyntaxNode, types: readonly string[]): PlaceId {
  const text = frame.textOf(name);
  const place = frame.builder.places.local(name.start, text, types.length === 0 ? null : types.join('|'));
  frame.declare(text, place);
  return place;
}

function lowerResources(frame: Frame, node: SyntaxNode, resources: readonly SyntaxNode[]): void {
  const [resource, ...others] = resources;
  if (resource === undefined) return lowerBodyOf(frame, node);
  const place = lowerResource(frame, resource);
  const span = spanOf(resource);
  const cleanup = frame.bound(() => {
    closeUnlessNull(frame, place, 'close', span);
  });
  const body = (): void => {
    lowerResources(frame, node, others);
  };
  frame.builder.withCleanup({ key: resource.start, span, body, cleanup });
}

/** A new variable, or one that exists already. */
function lowerResource(frame: Frame, resource: SyntaxNode): PlaceId {
  const { builder } = frame;
  const span = spanOf(resource);
  const [name, value] = [childInField(resource, 'name'), childInField(resource, 'value')];
  if (name === null || value === null) {
    const existing = parts(resource).at(-1);
    return builder.hold(existing === undefined ? { kind: 'unknown' } : lowerExpression(frame, existing, null), span);
  }
  const typeNode = childInField(resource, 'type');
  const written = typeNode === null ? null : typeText(frame.text, typeNode, childInField(resource, 'dimensions'));
  const text = frame.textOf(name);
  const place = builder.places.local(name.start, text, written === 'var' ? null : written);
  frame.declare(text, place);
  lowerExpression(frame, value, { place, span });
  return place;
}
