/**
 * Names and the chains that hang on them: `a.b().c[0].d()`. A chain nests to the left, in generated builders
 * 10,000s deep, so it is walked from the innermost link outward.
 */
import type { Operand, PlaceId } from '../../../ir/ir.ts';
import { elementField } from '../../../ir/places.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, childrenInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { emitMemberCall, emitPlainCall, lowerArguments } from './calls.ts';
import type { Base } from './calls.ts';
import { lowerMethodValue } from './closures.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { memberOf, namedValue } from './names.ts';
import { markInlineArguments, openedBase, typedFiles } from './opens.ts';
import { deliver, target } from './values.ts';
import type { Into } from './values.ts';

export function lowerPrimary(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const base = lowerChain(frame, node, into);
  const value = baseValue(frame, base);
  // The outermost call has put its result where it is wanted already.
  return node.type === 'call' && base.kind === 'value' ? value : deliver(frame, value, into);
}

/** A callee that is not called where it stands: a decorator. */
export function lowerCallee(frame: Frame, node: SyntaxNode): Base {
  return lowerChain(frame, withoutParentheses(node), null);
}

/** `a.b` or `a[i]` as something to write to; its object and index are evaluated. */
export function lowerMember(frame: Frame, node: SyntaxNode): PlaceId | null {
  if (node.type === 'attribute') {
    const value = lowerPrimary(frame, node, null);
    return value.kind === 'place' ? value.place : null;
  }
  const object = childInField(node, 'value');
  if (object === null) return null;
  const value = lowerExpression(frame, object, null);
  lowerEffects(frame, childrenInField(node, 'subscript'));
  return value.kind === 'place' ? frame.builder.field(value.place, elementField, spanOf(node)) : null;
}

/** `speeds[connection] = 0`: a dictionary has its keys as well as its values. */
export function lowerKeyed(frame: Frame, node: SyntaxNode): PlaceId | null {
  const object = childInField(node, 'value');
  if (object === null) return null;
  const value = lowerExpression(frame, object, null);
  const keys = childrenInField(node, 'subscript').map((key) => lowerExpression(frame, key, null));
  if (value.kind !== 'place') return null;
  const span = spanOf(node);
  // A place of their own: what is found under a key is not the key.
  for (const key of keys)
    if (key.kind === 'place') frame.builder.assign(frame.builder.field(value.place, '[key]', span), key, span);
  return frame.builder.field(value.place, elementField, span);
}

function lowerChain(frame: Frame, node: SyntaxNode, into: Into): Base {
  const links: SyntaxNode[] = [];
  const innermost = collectLinks(node, links);
  let base: Base | null = null;
  for (let index = links.length - 1; index >= 0; index--) {
    const link = links[index];
    if (link === undefined) continue;
    base ??= lowerInnermost(frame, innermost);
    const picked = link.type === 'call' ? furtherResult(frame, links[index - 1]) : null;
    if (picked !== null) {
      base = lowerPicked(frame, link, base, picked);
      index--;
      continue;
    }
    const isChained = link.type === 'call' && isUsedUp(frame, links[index - 1]);
    base = lowerLink(frame, link, base, { into: index === 0 ? into : null, isChained });
  }
  return base ?? lowerInnermost(frame, innermost);
}

/** Of a call with more results than this nobody takes one by its number. */
const maxResults = 4;

/** `mkstemp()[1]`: the number of the one result that is wanted. Of the first alone it may be a list as well. */
function furtherResult(frame: Frame, next: SyntaxNode | undefined): number | null {
  const [index, further] = next?.type === 'subscript' ? childrenInField(next, 'subscript') : [];
  if (index?.type !== 'integer' || further !== undefined) return null;
  const number = Number(frame.textOf(index));
  return number >= 1 && number < maxResults ? number : null;
}

/** As `_, name = mkstemp()`. */
function lowerPicked(frame: Frame, link: SyntaxNode, base: Base, picked: number): Base {
  const [place, ...others] = Array.from({ length: picked + 1 }, () => frame.builder.places.temp());
  const wanted = others[picked - 1];
  if (place === undefined || wanted === undefined) return base;
  lowerLink(frame, link, base, { into: { ...target(place, spanOf(link)), others }, isChained: false });
  return { kind: 'value', value: placeValue(wanted) };
}

/** `file['readings'][:]`, `file['count'][()]`: what a part is sliced for is copied out of it, and is no part. */
function isCopiedOut(frame: Frame, link: SyntaxNode): boolean {
  if (innerOf(link)?.type !== 'subscript') return false;
  return childrenInField(link, 'subscript').some(
    (key) => key.type === 'slice' || key.type === 'ellipsis' || frame.textOf(key) === '()',
  );
}

/** `open(p).read()`: reading or writing is all that happens to the result. */
function isUsedUp(frame: Frame, next: SyntaxNode | undefined): boolean {
  const callee = next?.type === 'call' ? childInField(next, 'function') : null;
  const name = callee?.type === 'attribute' ? childInField(callee, 'attribute') : null;
  return name !== null && frame.habits.readMethods?.test(frame.textOf(name)) === true;
}

/** What the chain starts with: a name, or an expression that is no link. */
function collectLinks(node: SyntaxNode, links: SyntaxNode[]): SyntaxNode {
  let at = node;
  for (;;) {
    const inner = innerOf(at);
    if (inner === null) return at;
    links.push(at);
    at = withoutParentheses(inner);
  }
}

function innerOf(link: SyntaxNode): SyntaxNode | null {
  switch (link.type) {
    case 'attribute':
      return childInField(link, 'object');
    case 'subscript':
      return childInField(link, 'value');
    case 'call': {
      const callee = childInField(link, 'function');
      // `a.b()` is one link.
      return callee?.type === 'attribute' ? (childInField(callee, 'object') ?? callee) : callee;
    }
    default:
      return null;
  }
}

function lowerInnermost(frame: Frame, node: SyntaxNode): Base {
  if (node.type !== 'identifier') return { kind: 'value', value: lowerExpression(frame, node, null) };
  const named = frame.lookUp(frame.textOf(node));
  return named.kind === 'place' ? { kind: 'value', value: placeValue(named.place) } : { kind: 'name', named };
}

interface Position {
  readonly into: Into;
  readonly isChained: boolean;
}

function lowerLink(frame: Frame, link: SyntaxNode, base: Base, position: Position): Base {
  if (link.type === 'call') return lowerCall(frame, link, base, position);
  if (link.type === 'attribute') return lowerAttribute(frame, link, base, position);
  lowerEffects(frame, childrenInField(link, 'subscript'));
  const value = baseValue(frame, base);
  if (value.kind !== 'place' || isCopiedOut(frame, link)) return { kind: 'value', value: unknownValue };
  const temp = frame.builder.places.temp();
  const element = frame.builder.field(value.place, elementField, spanOf(link));
  frame.builder.assign(temp, placeValue(element), spanOf(link));
  return { kind: 'value', value: placeValue(temp) };
}

function lowerAttribute(frame: Frame, link: SyntaxNode, base: Base, { into }: Position): Base {
  const nameNode = childInField(link, 'attribute');
  const name = nameNode === null ? '' : frame.textOf(nameNode);
  const member = base.kind === 'name' ? memberOf(base.named, name) : null;
  if (member !== null && member.kind !== 'place') return { kind: 'name', named: member };
  const value = baseValue(frame, base);
  if (value.kind !== 'place' || name === '') return { kind: 'value', value: unknownValue };
  const object = childInField(link, 'object');
  // Only where a variable gets it: what others are given, the engine reads off the argument.
  if (into !== null && object?.type === 'identifier' && frame.habits.releaseMethods.has(name))
    return { kind: 'value', value: lowerMethodValue(frame, link, object, name) };
  return { kind: 'value', value: placeValue(frame.builder.field(value.place, name, spanOf(link))) };
}

function lowerCall(frame: Frame, link: SyntaxNode, on: Base, { into, isChained }: Position): Base {
  if (isSuperCall(on)) return { kind: 'super' };
  const callee = childInField(link, 'function');
  const nameNode = callee?.type === 'attribute' ? childInField(callee, 'attribute') : null;
  const name = nameNode ?? callee;
  if (name?.type === 'identifier') markInlineArguments(frame, link, frame.textOf(name));
  const list = childInField(link, 'arguments');
  const written = lowerArguments(frame, list);
  const args = name?.type === 'identifier' ? typedFiles(frame, frame.textOf(name), { list, written }) : written;
  const call = { span: spanOf(link), args, into };
  const base = openedBase(frame, link, ownClass(frame, callee) ?? on, { ...call, isChained });
  if (nameNode === null) return { kind: 'value', value: emitPlainCall(frame, base, call) };
  return { kind: 'value', value: emitMemberCall(frame, base, frame.textOf(nameNode), call) };
}

/** `cls(…)` in a class method makes one of this class. */
function ownClass(frame: Frame, callee: SyntaxNode | null): Base | null {
  const { owner } = frame.output.unit;
  if (owner === null || callee?.type !== 'identifier' || frame.textOf(callee) !== 'cls') return null;
  if (frame.bindings.names.has('cls')) return null;
  return { kind: 'name', named: { kind: 'scope', text: owner.name, sort: 'class' } };
}

/** `super()` or `super(Pool, self)`, whatever is asked of it next. */
function isSuperCall(base: Base): boolean {
  return base.kind === 'name' && base.named.kind === 'free' && base.named.text === 'super';
}

/** What of it can be followed. */
export function baseValue(frame: Frame, base: Base): Operand {
  switch (base.kind) {
    case 'value':
      return base.value;
    case 'name':
      return namedValue(frame, base.named);
    case 'super': {
      const self = frame.thisPlace();
      return self === null ? unknownValue : placeValue(self);
    }
  }
}
