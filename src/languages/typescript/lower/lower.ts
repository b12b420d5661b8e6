/**
 * One function to IR, with the closures in it. What a name or a call means elsewhere is not asked here: that is
 * for `resolve/`.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId } from '../../../ir/ir.ts';
import { childOf, closingSpan, isSet, nodesOf, spanOf } from '../nodes.ts';
import { assignedKinds } from '../truthiness.ts';
import { signatureKinds } from './conditions.ts';
import { Frame, UnitOutput } from './frame.ts';
import type { LoweringUnit, ThisMode } from './frame.ts';
import { lowerFunctionBody } from './functions.ts';
import { lowerStatements } from './hoisting.ts';
import { lowerInitializer, lowerStaticInitializer } from './initializers.ts';
import { lowerBrokenParts } from './opaque.ts';

export type { LoweringUnit } from './frame.ts';

/** The function first, then its closures, outer first. */
export function lowerUnit(unit: LoweringUnit): readonly IrFunction[] {
  const output = new UnitOutput(unit);
  const header = headerOf(unit);
  const thisType = unit.declaration.owner;
  const frame = new Frame({ header, output, parent: null, thisMode: thisModeOf(unit), thisType, captures: new Set() });
  const { builder } = frame;
  // Methods have a receiver whether they mention it or not.
  if (header.kind === 'method' || header.kind === 'constructor') frame.thisPlace();
  const params = unit.fn === null ? lowerInitialisers(frame, unit) : lowerFunctionBody(frame, unit.fn);
  const body = unit.fn === null ? null : childOf(unit.fn, 'body');
  builder.returnValues([], closingSpan(body ?? unit.node));
  const fn = builder.finish({ receiver: frame.receiver, params, captures: [] });
  return [fn, ...output.closures.filter((closure) => closure !== null)];
}

function headerOf({ declaration, node, fn }: LoweringUnit): FunctionHeader {
  const { id, symbol, owner, kind, name, isStatic, returnType } = declaration;
  return {
    id,
    symbol,
    name: kind === 'initializer' ? '<init>' : name,
    owner,
    language: 'typescript',
    span: spanOf(node),
    kind: kind === 'initializer' ? 'constructor' : kind === 'static-initializer' ? 'module' : kind,
    isStatic: isStatic || kind === 'static-initializer' || kind === 'function',
    isAsync: fn !== null && isSet(fn, 'async'),
    isGenerator: fn !== null && isSet(fn, 'generator'),
    ...(kind === 'initializer' ? { isInitializer: true } : {}),
    returns: returnType,
  };
}

function thisModeOf({ declaration, fn }: LoweringUnit): ThisMode {
  const { kind, isStatic, owner } = declaration;
  if (kind === 'static-initializer') return owner === null ? 'none' : 'class';
  if (isStatic) return 'class';
  return kind === 'function' && fn?.type === 'ArrowFunctionExpression' ? 'none' : 'own';
}

function lowerInitialisers(frame: Frame, { declaration, node }: LoweringUnit): PlaceId[] {
  const { kind, owner } = declaration;
  lowerBrokenParts(frame, node);
  if (kind === 'initializer') lowerInitializer(frame, node);
  else if (owner !== null) lowerStaticInitializer(frame, node, owner);
  else {
    frame.kinds = assignedKinds(nodesOf(node, 'body'), signatureKinds(frame)).kinds;
    lowerStatements(frame, nodesOf(node, 'body'), node);
  }
  return [];
}
