/** The patterns of `case`: tests on the way to the matching side, and the variables they bind there. */
import type { BlockId, Literal, Operand, PlaceId, Span } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { equalsTest } from '../../lowering/tests.ts';
import { freshValue, placeValue, unknownValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childrenInField, spanOf } from '../../tree-sitter.ts';
import { capturedName } from '../bindings.ts';
import { dottedText, lastName, parts } from '../nodes.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { literalOf } from './literals.ts';
import { lowerOpaque } from './opaque.ts';
import { branchOn } from './tests.ts';

export interface Ways {
  readonly matched: BlockId;
  readonly next: BlockId;
  /** Of the whole case. */
  readonly span: Span;
}

/** Ends the current block: on to one side or the other. */
export function matchPattern(frame: Frame, written: SyntaxNode, value: Operand, ways: Ways): void {
  const pattern = unwrapped(frame, written);
  if (frame.depth >= maxDepth) {
    lowerOpaque(frame, pattern, 'too deep');
    return frame.builder.branch('unknown', ways.matched, ways.next, ways.span);
  }
  frame.depth++;
  matchByType(frame, pattern, value, ways);
  frame.depth--;
}

function matchByType(frame: Frame, pattern: SyntaxNode, value: Operand, ways: Ways): void {
  const { builder } = frame;
  switch (pattern.type) {
    case 'union_pattern':
      return matchAny(frame, parts(pattern), value, ways);
    case 'as_pattern':
      return matchNamed(frame, pattern, value, ways);
    case 'class_pattern':
      return matchClass(frame, pattern, value, ways);
    case 'list_pattern':
    case 'tuple_pattern':
      return matchElements(frame, parts(pattern), value, ways);
    case 'dict_pattern':
      return matchElements(frame, [...childrenInField(pattern, 'value'), ...splats(pattern)], value, ways);
    case 'splat_pattern': {
      const name = parts(pattern)[0];
      if (name?.type === 'identifier') assignName(frame, frame.textOf(name), freshValue, spanOf(name));
      return builder.jump(ways.matched, ways.span);
    }
    case 'case_pattern':
    case 'dotted_name':
      return matchName(frame, pattern, value, ways);
    default: {
      const literal = signedLiteral(frame, pattern);
      return branchOn(
        frame,
        literal === null ? 'unknown' : equalsTest(value, literal),
        pattern,
        ways.matched,
        ways.next,
      );
    }
  }
}

/** Part by part, as the elements of a tuple; as many as there are subjects, else nothing is known. */
export function matchAll(frame: Frame, patterns: readonly SyntaxNode[], values: readonly Operand[], ways: Ways): void {
  const { builder } = frame;
  const [only] = patterns;
  const inner = patterns.length === 1 && only !== undefined ? unwrapped(frame, only) : null;
  if (inner !== null && /^(?:tuple|list)_pattern$/.test(inner.type)) return matchAll(frame, parts(inner), values, ways);
  const isWildcard = inner?.type === 'case_pattern' || (inner !== null && capturedName(frame.text, inner) !== null);
  if (inner !== null && isWildcard) return matchName(frame, inner, unknownValue, ways);
  if (patterns.length !== values.length) {
    const fitting = builder.block();
    builder.branch('unknown', fitting, ways.next, ways.span);
    builder.start(fitting);
  }
  matchInOrder(frame, patterns, (index) => values[index] ?? unknownValue, ways);
}

/** All of them have to fit. */
function matchInOrder(
  frame: Frame,
  patterns: readonly SyntaxNode[],
  valueOf: (index: number) => Operand,
  ways: Ways,
): void {
  for (const [index, pattern] of patterns.entries()) {
    const matched = frame.builder.block();
    matchPattern(frame, pattern, valueOf(index), { ...ways, matched });
    frame.builder.start(matched);
  }
  frame.builder.jump(ways.matched, ways.span);
}

function matchAny(frame: Frame, patterns: readonly SyntaxNode[], value: Operand, ways: Ways): void {
  const { builder } = frame;
  for (const [index, pattern] of patterns.entries()) {
    const next = index === patterns.length - 1 ? ways.next : builder.block();
    matchPattern(frame, pattern, value, { ...ways, next });
    if (next !== ways.next) builder.start(next);
  }
  if (patterns.length === 0) builder.branch('unknown', ways.matched, ways.next, ways.span);
}

/** `pattern as name` */
function matchNamed(frame: Frame, pattern: SyntaxNode, value: Operand, ways: Ways): void {
  const { builder } = frame;
  const [inner, name] = parts(pattern);
  if (inner === undefined || name === undefined) return builder.branch('unknown', ways.matched, ways.next, ways.span);
  const matched = builder.block();
  matchPattern(frame, inner, value, { ...ways, matched });
  builder.start(matched);
  assignName(frame, frame.textOf(name), value, spanOf(name));
  builder.jump(ways.matched, ways.span);
}

/** Types whose only positional part is the value itself: `case str(text)`. */
const wholeValueTypes = new Set('bool bytearray bytes dict float frozenset int list set str tuple'.split(' '));

/** `Point(x, y=0)`: what positional parts stand for only the class knows. */
function matchClass(frame: Frame, pattern: SyntaxNode, value: Operand, ways: Ways): void {
  const { builder } = frame;
  const [name, ...args] = parts(pattern);
  const type = name === undefined ? null : dottedText(frame.text, name);
  const fitting = builder.block();
  if (type === null || value.kind !== 'place') builder.branch('unknown', fitting, ways.next, ways.span);
  else builder.branch({ test: 'type', place: value.place, type, negated: false }, fitting, ways.next, ways.span);
  builder.start(fitting);
  const isWhole = type !== null && wholeValueTypes.has(type);
  const patterns = args.map((arg) => keywordPattern(frame, arg));
  const valueOf = (index: number): Operand => {
    const field = patterns[index]?.field ?? null;
    if (field === null) return isWhole ? value : unknownValue;
    return value.kind === 'place' ? placeValue(builder.field(value.place, field, ways.span)) : unknownValue;
  };
  matchInOrder(
    frame,
    patterns.map((one) => one.pattern),
    valueOf,
    ways,
  );
}

function keywordPattern(frame: Frame, written: SyntaxNode): { pattern: SyntaxNode; field: string | null } {
  const node = written.type === 'case_pattern' ? (written.children[0] ?? written) : written;
  const [name, inner] = node.type === 'keyword_pattern' ? parts(node) : [];
  if (name === undefined || inner === undefined) return { pattern: written, field: null };
  return { pattern: inner, field: frame.textOf(name) };
}

/** The right number of elements, or the right keys: nobody knows. */
function matchElements(frame: Frame, patterns: readonly SyntaxNode[], value: Operand, ways: Ways): void {
  const { builder } = frame;
  const fitting = builder.block();
  builder.branch('unknown', fitting, ways.next, ways.span);
  builder.start(fitting);
  const element =
    value.kind === 'place' ? placeValue(builder.field(value.place, elementField, ways.span)) : unknownValue;
  matchInOrder(frame, patterns, () => element, ways);
}

/** A name alone binds and always fits, as `_` does; a dotted one is a constant. */
function matchName(frame: Frame, pattern: SyntaxNode, value: Operand, ways: Ways): void {
  const { builder } = frame;
  if (pattern.type === 'dotted_name' && pattern.children.length > 1) {
    const name = dottedText(frame.text, pattern);
    const literal: Literal = { kind: 'string', text: lastName(name ?? '') };
    return branchOn(frame, equalsTest(value, literal), pattern, ways.matched, ways.next);
  }
  const name = capturedName(frame.text, pattern);
  if (name !== null) assignName(frame, name, value, spanOf(pattern));
  builder.jump(ways.matched, ways.span);
}

function assignName(frame: Frame, name: string, value: Operand, span: Span): void {
  const place: PlaceId = frame.assigned(name);
  frame.builder.assign(place, value, span);
}

/** Without `case_pattern` around it, and without parentheses; a `case_pattern` with nothing in it is `_`. */
function unwrapped(frame: Frame, written: SyntaxNode): SyntaxNode {
  let node = written;
  for (;;) {
    const inner = parts(node)[0];
    if (inner === undefined) return node;
    const isGroup = node.type === 'tuple_pattern' && parts(node).length === 1 && !frame.textOf(node).includes(',');
    if (node.type !== 'case_pattern' && !isGroup) return node;
    node = inner;
  }
}

/** The sign is no node: it stands before the number. */
function signedLiteral(frame: Frame, pattern: SyntaxNode): Literal | null {
  const literal = literalOf(frame, pattern);
  if (literal?.kind !== 'number' || !/-\s*$/.test(frame.text.slice(Math.max(0, pattern.start - 8), pattern.start))) {
    return literal;
  }
  return { kind: 'number', text: `-${literal.text}` };
}

function splats(pattern: SyntaxNode): SyntaxNode[] {
  return pattern.children.filter((child) => child.type === 'splat_pattern');
}
