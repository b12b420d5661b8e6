/**
 * Lambdas, method references and anonymous classes: functions of their own, told by a `closure`
 * instruction which places of the function around they mention.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, Operand, PlaceId, ThrowTier } from '../../../ir/ir.ts';
import type { LoweredClosure } from '../../lowering/frame.ts';
import { closureIdentity } from '../../lowering/frame.ts';
import { freshValue, placeValue, positional } from '../../lowering/values.ts';
import { childInField, childrenInField, childrenOfType, closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { typeText, withoutArguments } from '../type-text.ts';
import { lowerExpression } from './expressions.ts';
import { Frame } from './frame.ts';
import type { AnonymousBody } from './frame.ts';
import { lowerTypeBody } from './initializers.ts';
import { extendFor, lookUpDotted } from './names.ts';
import type { Named } from './names.ts';
import { parts } from './nodes.ts';
import { declareParameters, declareParameter, tierOfThrows } from './signature.ts';
import { lowerBlock } from './statements.ts';
import { deliver, resultPlace } from './values.ts';
import type { Into } from './values.ts';

export function lowerLambda(frame: Frame, node: SyntaxNode, into: Into): Operand {
  return closureOnce(frame, node, into, () => {
    const captures: PlaceId[] = [];
    const member = openMember(frame, { node, name: 'lambda', captures, body: null, tier: 'possible' });
    const { builder } = member.frame;
    const params = lambdaParameters(member.frame, node);
    const body = childInField(node, 'body');
    if (body?.type === 'block') lowerBlock(member.frame, body);
    else if (body !== null) builder.returnValues([lowerExpression(member.frame, body, null)], spanOf(body));
    builder.returnValues([], closingSpan(node));
    closeMember(member, params);
    return { members: [{ name: null, fn: member.header.id }], captures };
  });
}

/** `x::m` captures `x`; `Type::m` and `Type::new` capture nothing. How much `m` takes is known of methods of `this` alone. */
export function lowerMethodReference(frame: Frame, node: SyntaxNode, into: Into): Operand {
  const base = node.children.find((child) => child.type !== 'type_arguments') ?? node;
  const isNew = node.children.some((child) => child.type === 'new');
  const last = node.children.at(-1);
  const name = last?.type === 'identifier' && last !== base ? frame.textOf(last) : '';
  if (isNew && base.type === 'array_type') return deliver(frame, freshValue, into);
  const named = isNew ? { kind: 'type' as const, text: typeText(frame.text, base) } : referenceBase(frame, base);
  return closureOnce(frame, node, into, () => {
    const captures: PlaceId[] = [];
    const member = openMember(frame, { node, name: 'lambda', captures, body: null, tier: 'possible' });
    const { builder } = member.frame;
    const span = spanOf(node);
    const param = builder.places.synthetic('p', null);
    const dest = builder.places.temp();
    const receiver = named.kind === 'place' ? member.frame.capture(named.place) : null;
    const isSuper = base.type === 'super';
    const type = named.kind === 'type' ? named.text : '';
    const callee = isNew
      ? ({ kind: 'construct', type } as const)
      : receiver !== null
        ? ({ kind: 'method', name, isSuper } as const)
        : ({ kind: 'function', name, scope: withoutArguments(type) } as const);
    const isBare = base.type === 'this' && !isInAnonymous(frame) && frame.output.unit.takesNothing(name);
    const args = isBare ? [] : [positional(placeValue(param))];
    builder.emit({ op: 'call', dests: [dest], callee, receiver, args, throws: 'possible', span, isImplicit: false });
    builder.returnValues([placeValue(dest)], span);
    closeMember(member, [param]);
    return { members: [{ name: null, fn: member.header.id }], captures };
  });
}

/** There `this` is the object without a name. */
function isInAnonymous({ body, parent }: Frame): boolean {
  return body !== null || (parent !== null && isInAnonymous(parent));
}

function referenceBase(frame: Frame, base: SyntaxNode): Named {
  if (base.type === 'type_identifier' || base.type === 'generic_type' || base.type === 'array_type') {
    return { kind: 'type', text: typeText(frame.text, base) };
  }
  const named = lookUpDotted(frame, base, extendFor(frame, spanOf(base)));
  if (named !== null && named.kind !== 'unknown') return named;
  if (named === null && /_type(_identifier)?$/.test(base.type))
    return { kind: 'type', text: typeText(frame.text, base) };
  if (named === null)
    return { kind: 'place', place: frame.builder.hold(lowerExpression(frame, base, null), spanOf(base)) };
  return { kind: 'type', text: frame.textOf(base) };
}

/** Everything a `closure` instruction says of an anonymous class, but for the object. */
export function lowerAnonymousBody(frame: Frame, body: SyntaxNode, type: string): LoweredClosure {
  return frame.closureOnce(body.start, () => lowerAnonymous(frame, body, type));
}

function lowerAnonymous(frame: Frame, body: SyntaxNode, type: string): LoweredClosure {
  const shape = anonymousShape(frame, body);
  const captures: PlaceId[] = [];
  const open: { member: OpenMember; params: PlaceId[]; name: string }[] = [];
  if (hasInitializers(body)) {
    const name = '<init>';
    const shaped = { ...shape, isInitializer: true };
    const member = openMember(frame, { node: body, name, captures, body: shaped, tier: 'possible' }, type);
    lowerTypeBody(member.frame, body, { isStatic: false, owner: '' });
    member.frame.builder.returnValues([], closingSpan(body));
    open.push({ member, params: [], name });
  }
  for (const node of childrenOfType(body, 'method_declaration')) {
    const block = childInField(node, 'body');
    const nameNode = childInField(node, 'name');
    if (block === null || nameNode === null) continue;
    const name = frame.textOf(nameNode);
    const member = openMember(frame, { node, name, captures, body: shape, tier: tierOfThrows(frame, node) }, type);
    const params = declareParameters(member.frame, childInField(node, 'parameters'));
    lowerBlock(member.frame, block);
    member.frame.builder.returnValues([], closingSpan(block));
    open.push({ member, params, name });
  }
  // Only now is it known what all of them capture.
  for (const { member, params } of open) closeMember(member, params);
  return { members: open.map(({ member, name }) => ({ name, fn: member.header.id })), captures };
}

function anonymousShape(frame: Frame, body: SyntaxNode): AnonymousBody {
  const fields = new Set<string>();
  const methods = new Set<string>();
  for (const field of childrenOfType(body, 'field_declaration')) {
    for (const declarator of childrenInField(field, 'declarator')) {
      const name = childInField(declarator, 'name');
      if (name !== null) fields.add(frame.textOf(name));
    }
  }
  for (const method of childrenOfType(body, 'method_declaration')) {
    const name = childInField(method, 'name');
    if (name !== null) methods.add(frame.textOf(name));
  }
  return { fields, methods, isInitializer: false };
}

function hasInitializers(body: SyntaxNode): boolean {
  return body.children.some(
    (child) =>
      child.type === 'block' ||
      (child.type === 'field_declaration' &&
        childrenInField(child, 'declarator').some((declarator) => childInField(declarator, 'value') !== null)),
  );
}

interface OpenMember {
  readonly frame: Frame;
  readonly header: FunctionHeader;
  readonly number: number;
}

interface MemberOptions {
  readonly node: SyntaxNode;
  readonly name: string;
  readonly captures: PlaceId[];
  readonly body: AnonymousBody | null;
  readonly tier: ThrowTier;
}

function openMember(parent: Frame, options: MemberOptions, type: string | null = null): OpenMember {
  const { node, name, captures, body, tier } = options;
  const { output } = parent;
  const number = output.closures.push(null);
  const header: FunctionHeader = {
    ...closureIdentity(output.unit.declaration, `lambda${number}`),
    name: body === null ? name : `${name} in anonymous class`,
    language: 'java',
    span: spanOf(node),
    isStatic: body === null && parent.header.isStatic,
    isAsync: false,
    isGenerator: false,
    ...(body?.isInitializer === true ? { isInitializer: true } : {}),
    returns: null,
  };
  const frame = new Frame({ header, output, parent, tier, body, captures });
  if (body !== null) frame.receiver = frame.builder.places.synthetic('this', type);
  return { frame, header, number };
}

function closeMember(member: OpenMember, params: readonly PlaceId[]): void {
  const { frame, number } = member;
  const captures = frame.capturedPlaces();
  const fn: IrFunction = frame.builder.finish({ receiver: frame.receiver, params, captures });
  frame.output.closures[number - 1] = fn;
}

function closureOnce(frame: Frame, node: SyntaxNode, into: Into, lower: () => LoweredClosure): Operand {
  const lowered = frame.closureOnce(node.start, lower);
  const dest = resultPlace(frame, into);
  frame.builder.emit({ op: 'closure', dest, base: null, ...lowered, span: spanOf(node) });
  return placeValue(dest);
}

function lambdaParameters(frame: Frame, node: SyntaxNode): PlaceId[] {
  const list = childInField(node, 'parameters');
  if (list === null) return [];
  if (list.type === 'formal_parameters') return declareParameters(frame, list);
  const names = list.type === 'identifier' ? [list] : parts(list);
  return names.map((name) => declareParameter(frame, name, null));
}
