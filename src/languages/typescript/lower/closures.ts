/**
 * Functions inside functions: each is a function of its own, told by a `closure` instruction which places of the
 * function around they mention.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, Operand, PlaceId, TypeHint } from '../../../ir/ir.ts';
import { closureIdentity } from '../../lowering/frame.ts';
import type { LoweredClosure } from '../../lowering/frame.ts';
import { placeValue } from '../../lowering/values.ts';
import { childOf, closingSpan, identifierName, isSet, spanOf } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { annotatedType } from '../type-text.ts';
import { Frame } from './frame.ts';
import type { ThisMode } from './frame.ts';
import { lowerFunctionBody } from './functions.ts';
import { deliver, freshFunction, resultPlace } from './values.ts';
import type { Into } from './values.ts';

/** A method of an object literal or a local class. */
export interface ClosureMember {
  readonly name: string;
  /** All of it, with its name. */
  readonly node: Node;
  readonly fn: Node;
}

export function lowerFunction(frame: Frame, node: Node, into: Into): Operand {
  // A declaration of the module: lowered on its own.
  if (frame.unit.facts.scope.declared.has(node)) return deliver(frame, freshFunction, into);
  const lowered = frame.closureOnce(node.range[0], () => {
    const captures = new Set<PlaceId>();
    const name = identifierName(childOf(node, 'id')) ?? targetName(frame, into) ?? 'anonymous function';
    const member = openMember(frame, { node, fn: node, name, captures, thisType: null });
    const params = lowerFunctionBody(member.frame, node);
    closeMember(member, params);
    return { members: [{ name: null, fn: member.header.id }], captures: [...captures] };
  });
  const dest = resultPlace(frame, into);
  frame.builder.emit({ op: 'closure', dest, base: null, ...lowered, span: spanOf(node) });
  return placeValue(dest);
}

/** All functions of an object or a class, which share what they capture. */
export function lowerMembers(
  frame: Frame,
  holder: Node,
  functions: readonly ClosureMember[],
  thisType: TypeHint | null = null,
  more: (captures: Set<PlaceId>) => readonly OpenMember[] = () => [],
): LoweredClosure {
  return frame.closureOnce(holder.range[0], () => {
    const captures = new Set<PlaceId>();
    const open = functions.map(({ name, node, fn }) => {
      const member = openMember(frame, { node, fn, name, captures, thisType });
      return { member, params: lowerFunctionBody(member.frame, fn), name };
    });
    const others = more(captures).map((member) => ({ member, params: [] as PlaceId[], name: member.header.name }));
    const all = [...open, ...others];
    // Only now is it known what all of them capture.
    for (const { member, params } of all) closeMember(member, params);
    return { members: all.map(({ member, name }) => ({ name, fn: member.header.id })), captures: [...captures] };
  });
}

/** `const retry = () => …` is called `retry`. */
function targetName(frame: Frame, into: Into): string | null {
  const place = into === null ? null : frame.builder.places.get(into.place);
  return place?.kind === 'local' ? place.name : null;
}

export interface OpenMember {
  readonly frame: Frame;
  readonly header: FunctionHeader;
  readonly number: number;
}

interface MemberOptions {
  readonly node: Node;
  /** The part with parameters and body; null for initialisers. */
  readonly fn: Node | null;
  readonly name: string;
  readonly captures: Set<PlaceId>;
  readonly thisType: TypeHint | null;
}

export function openMember(parent: Frame, { node, fn, name, captures, thisType }: MemberOptions): OpenMember {
  const { output } = parent;
  const number = output.closures.push(null);
  const thisMode: ThisMode = fn?.type === 'ArrowFunctionExpression' ? 'outer' : 'own';
  const header: FunctionHeader = {
    ...closureIdentity(output.unit.declaration, `closure${number}`),
    name,
    language: 'typescript',
    span: spanOf(node),
    isStatic: false,
    isAsync: fn !== null && isSet(fn, 'async'),
    isGenerator: fn !== null && isSet(fn, 'generator'),
    ...(fn === null ? { isInitializer: true } : {}),
    returns: fn === null ? null : annotatedType(fn, 'returnType'),
  };
  const frame = new Frame({ header, output, parent, thisMode, thisType, captures });
  return { frame, header, number };
}

function closeMember({ frame, header, number }: OpenMember, params: readonly PlaceId[]): void {
  frame.builder.returnValues([], closingSpan({ type: '', range: [header.span.start, header.span.end] }));
  const captures = frame.capturedPlaces();
  const fn: IrFunction = frame.builder.finish({ receiver: frame.receiver, params, captures });
  frame.output.closures[number - 1] = fn;
}
