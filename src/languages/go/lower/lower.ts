/**
 * One Go function to IR, with the closures in it. What a name or a call means elsewhere is not asked here:
 * that is for `resolve/`.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId } from '../../../ir/ir.ts';
import { childInField, closingSpan, spanOf } from '../../tree-sitter.ts';
import { specsOf, topLevel } from '../declarations.ts';
import { readVariables } from '../signatures.ts';
import { lowerVariables } from './assignments.ts';
import { lowerFunctionBody } from './bodies.ts';
import { Frame, UnitOutput } from './frame.ts';
import type { LoweringUnit } from './frame.ts';
import { globalPlace } from './names.ts';
import { lowerBrokenParts } from './opaque.ts';
import { declareParameters, declareResults } from './signature.ts';

export type { LoweringUnit } from './frame.ts';

/** The function first, then its closures, outer first. */
export function lowerFunction(unit: LoweringUnit): readonly IrFunction[] {
  const output = new UnitOutput(unit);
  const frame = new Frame({ header: headerOf(unit), output, parent: null, captures: [] });
  const isModule = unit.declaration.kind === 'static-initializer';
  const params = isModule ? lowerPackageVariables(frame, unit) : lowerDeclared(frame, unit);
  const fn = frame.builder.finish({ receiver: frame.receiver, params, captures: [] });
  return [fn, ...output.closures.filter((closure) => closure !== null)];
}

function headerOf({ declaration, node }: LoweringUnit): FunctionHeader {
  const isModule = declaration.kind === 'static-initializer';
  return {
    id: declaration.id,
    symbol: declaration.symbol,
    name: isModule ? 'package variables' : declaration.name,
    owner: declaration.owner,
    language: 'go',
    span: spanOf(node),
    kind: isModule ? 'module' : declaration.owner === null ? 'function' : 'method',
    isStatic: declaration.isStatic,
    isAsync: false,
    isGenerator: false,
    returns: declaration.returnType,
  };
}

function lowerDeclared(frame: Frame, { node, text }: LoweringUnit): PlaceId[] {
  const { builder } = frame;
  const [receiver] = readVariables(text, childInField(node, 'receiver'));
  if (receiver !== undefined) {
    const name = receiver.name === null ? '_' : frame.textOf(receiver.name);
    // Type parameters of the receiver are only names.
    frame.receiver = builder.places.synthetic(name, receiver.type);
    frame.declare(name, frame.receiver);
  }
  lowerBrokenParts(frame, node);
  const params = declareParameters(frame, childInField(node, 'parameters'));
  const results = declareResults(frame, childInField(node, 'result'));
  const body = childInField(node, 'body');
  if (body === null) builder.returnValues([], closingSpan(node));
  else lowerFunctionBody(frame, body, results);
  return params;
}

/** In source order, which is not always the order of initialisation. */
function lowerPackageVariables(frame: Frame, { node }: LoweringUnit): PlaceId[] {
  for (const declaration of topLevel(node)) {
    if (declaration.type !== 'var_declaration') continue;
    for (const spec of specsOf(declaration)) {
      if (childInField(spec, 'value') === null) continue;
      lowerVariables(frame, spec, (name) => {
        const text = frame.textOf(name);
        return { name: '_', place: text === '_' ? null : globalPlace(frame, text) };
      });
    }
  }
  frame.builder.returnValues([], closingSpan(node));
  return [];
}
