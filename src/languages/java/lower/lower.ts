/**
 * One Java function to IR, with the closures in it. What a name or a call means elsewhere is not
 * asked here: that is for `resolve/`.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId } from '../../../ir/ir.ts';
import type { Declaration } from '../../language.ts';
import { childInField, closingSpan, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { Frame, UnitOutput } from './frame.ts';
import type { LoweringUnit } from './frame.ts';
import { lowerTypeBody } from './initializers.ts';
import { lowerBrokenParts } from './opaque.ts';
import { declareParameters, tierOf } from './signature.ts';
import { lowerBlock } from './statements.ts';
import { assumeUnset } from './unset-fields.ts';

export type { LoweringUnit } from './frame.ts';

/** The function first, then its closures, outer first. */
export function lowerFunction(unit: LoweringUnit): readonly IrFunction[] {
  const { declaration } = unit;
  const output = new UnitOutput(unit);
  const header = headerOf(unit);
  const tier = tierOf(unit.habits, declaration.throws);
  const frame = new Frame({ header, output, parent: null, tier, body: null, captures: [] });
  const { builder } = frame;
  if (!header.isStatic) frame.receiver = builder.places.synthetic('this', unit.owner);
  lowerBrokenParts(frame, unit.node);
  const params = lowerBody(frame, unit);
  builder.returnValues([], closingSpan(bodyOf(unit.node)));
  const fn = builder.finish({ receiver: frame.receiver, params, captures: [] });
  return [fn, ...output.closures.filter((closure) => closure !== null)];
}

function headerOf(unit: LoweringUnit): FunctionHeader {
  const { declaration, node } = unit;
  const { id, symbol, owner, kind } = declaration;
  const isStatic = declaration.isStatic || kind === 'static-initializer' || kind === 'function';
  return {
    id,
    symbol,
    name: nameOf(declaration),
    owner,
    language: 'java',
    span: spanOf(node),
    kind: kind === 'initializer' ? 'constructor' : kind === 'static-initializer' ? 'module' : kind,
    isStatic,
    isAsync: false,
    isGenerator: false,
    ...(kind === 'initializer' ? { isInitializer: true } : {}),
    returns: declaration.returnType,
  };
}

function nameOf(declaration: Declaration): string {
  if (declaration.kind === 'initializer') return '<init>';
  return declaration.kind === 'static-initializer' ? '<clinit>' : declaration.name;
}

function lowerBody(frame: Frame, unit: LoweringUnit): PlaceId[] {
  const { node, declaration, owner } = unit;
  if (declaration.kind === 'initializer' || declaration.kind === 'static-initializer') {
    lowerTypeBody(frame, node, { isStatic: declaration.kind === 'static-initializer', owner });
    return [];
  }
  const body = childInField(node, 'body');
  if (node.type === 'compact_constructor_declaration') return lowerCompactConstructor(frame, unit, body);
  const params = declareParameters(frame, childInField(node, 'parameters'));
  if (body !== null && declaration.kind === 'constructor') assumeUnset(frame, body, unit.unsetFields);
  if (body !== null) lowerBlock(frame, body);
  return params;
}

/** The components become the fields once the body is done. */
function lowerCompactConstructor(frame: Frame, unit: LoweringUnit, body: SyntaxNode | null): PlaceId[] {
  const { builder } = frame;
  const params = unit.declaration.params.map((param, index) => {
    const hint = param.type !== null && param.isVariadic && !param.type.endsWith('[]') ? `${param.type}[]` : param.type;
    // They are declared in the record's header, which is outside the node: any distinct key will do.
    const place = builder.places.local(-1 - index, param.name, hint);
    frame.declare(param.name, place);
    return { name: param.name, place };
  });
  if (body !== null) lowerBlock(frame, body);
  const span = closingSpan(unit.node);
  for (const { name, place } of params) {
    const field = frame.receiver === null ? null : builder.places.path(frame.receiver, name);
    if (field !== null) builder.assign(field, { kind: 'place', place }, span);
  }
  return params.map((param) => param.place);
}

function bodyOf(node: SyntaxNode): SyntaxNode {
  return childInField(node, 'body') ?? node;
}
