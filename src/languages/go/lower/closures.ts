/**
 * Function literals and method values: functions of their own, told by a `closure` instruction which places
 * of the function around they mention. Literals that are deferred on the spot are not closures: see `defers.ts`.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { Operand, PlaceId, TypeHint } from '../../../ir/ir.ts';
import { closureIdentity } from '../../lowering/frame.ts';
import type { LoweredClosure } from '../../lowering/frame.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { resultType } from '../signatures.ts';
import { lowerFunctionBody } from './bodies.ts';
import { emitCall } from './calls.ts';
import { Frame } from './frame.ts';
import { declareParameters, declareResults } from './signature.ts';
import { resultPlaces } from './values.ts';
import type { Into } from './values.ts';

export function lowerFunctionLiteral(frame: Frame, node: SyntaxNode, into: Into): Operand {
  return closureOnce(frame, node, into, () => {
    const result = childInField(node, 'result');
    const literal = openLiteral(frame, node, resultType(frame.text, result));
    const params = declareParameters(literal.frame, childInField(node, 'parameters'));
    const results = declareResults(literal.frame, result);
    lowerFunctionBody(literal.frame, childInField(node, 'body') ?? node, results);
    return closeLiteral(literal, params);
  });
}

/** `f.Close`, not called: a function that calls it. */
export function lowerMethodValue(frame: Frame, node: SyntaxNode, on: PlaceId, name: string): Operand {
  return closureOnce(frame, node, null, () => {
    const literal = openLiteral(frame, node, null);
    const { builder } = literal.frame;
    const span = spanOf(node);
    const receiver = literal.frame.capture(on);
    const callee = { kind: 'method', name, isSuper: false } as const;
    const result = emitCall(literal.frame, { callee, receiver, args: [], span }, null);
    builder.returnValues([result], span);
    return closeLiteral(literal, []);
  });
}

interface OpenLiteral {
  readonly frame: Frame;
  readonly header: FunctionHeader;
  readonly number: number;
  readonly captures: PlaceId[];
}

function openLiteral(parent: Frame, node: SyntaxNode, returns: TypeHint | null): OpenLiteral {
  const { output } = parent;
  const number = output.closures.push(null);
  const header: FunctionHeader = {
    ...closureIdentity(output.unit.declaration, `func${number}`),
    name: 'func literal',
    language: 'go',
    span: spanOf(node),
    isStatic: parent.header.isStatic,
    isAsync: false,
    isGenerator: false,
    returns,
  };
  const captures: PlaceId[] = [];
  return { frame: new Frame({ header, output, parent, captures }), header, number, captures };
}

function closeLiteral({ frame, header, number, captures }: OpenLiteral, params: readonly PlaceId[]): LoweredClosure {
  const captured = frame.capturedPlaces();
  const fn = frame.builder.finish({ receiver: frame.receiver, params, captures: captured });
  frame.output.closures[number - 1] = fn;
  return { members: [{ name: null, fn: header.id }], captures };
}

/** Told by where it ends: literals and method values may start at the same place. */
function closureOnce(frame: Frame, node: SyntaxNode, into: Into, lower: () => LoweredClosure): Operand {
  const lowered = frame.closureOnce(node.end, lower);
  const [dest] = resultPlaces(frame, into);
  if (dest === undefined) return { kind: 'unknown' };
  frame.builder.emit({ op: 'closure', dest, base: null, ...lowered, span: spanOf(node) });
  for (const error of frame.sharedFrom(node.start)) frame.builder.assign(error, unknownValue, spanOf(node));
  return placeValue(dest);
}
