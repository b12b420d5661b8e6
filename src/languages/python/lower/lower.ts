/**
 * One Python function to IR, with the closures in it, or the code of a module. What a name or a call means
 * elsewhere is not asked here: that is for `resolve/`.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId } from '../../../ir/ir.ts';
import { childInField, spanOf } from '../../tree-sitter.ts';
import { bindingsOf } from '../bindings.ts';
import { closingSpan, hasKeyword } from '../nodes.ts';
import { parameterNodes } from '../signatures.ts';
import type { ParameterNode } from '../signatures.ts';
import { Frame, UnitOutput } from './frame.ts';
import type { LoweringUnit } from './frame.ts';
import { lowerBrokenParts } from './opaque.ts';
import { declareParameters } from './parameters.ts';
import { lowerBlock } from './statements.ts';

export type { LoweringUnit } from './frame.ts';

/** The function first, then its closures, outer first. */
export function lowerFunction(unit: LoweringUnit): readonly IrFunction[] {
  const { text, node, module } = unit;
  const output = new UnitOutput(unit);
  const isModule = unit.declaration.kind === 'static-initializer';
  const body = isModule ? node : childInField(node, 'body');
  const bindings = isModule ? module.bindings : bindingsOf(text, body === null ? [] : [body], unit.habits);
  const header = headerOf(unit, bindings.hasYield && !isModule);
  const isDecorated = unit.declaration.annotations.some(
    ({ name }) => !/^(?:static|class)method$|^override$/.test(name),
  );
  const { managerMakers } = unit.habits;
  const isManager = unit.declaration.annotations.some(({ name }) => managerMakers?.test(name) === true);
  const frame = new Frame({ header, output, parent: null, bindings, isDecorated, isManager });
  const params = isModule ? [] : declareAll(frame, unit);
  lowerBrokenParts(frame, node);
  if (body !== null) lowerBlock(frame, body);
  frame.builder.returnValues([], closingSpan(node));
  const fn = frame.builder.finish({ receiver: frame.receiver, params, captures: [] });
  return [fn, ...output.closures.filter((closure) => closure !== null)];
}

function headerOf(unit: LoweringUnit, isGenerator: boolean): FunctionHeader {
  const { declaration, node } = unit;
  const { id, symbol, name, owner, kind } = declaration;
  return {
    id,
    symbol,
    name,
    owner,
    language: 'python',
    span: spanOf(node),
    kind: kind === 'static-initializer' || kind === 'initializer' ? 'module' : kind,
    isStatic: declaration.isStatic || kind === 'static-initializer' || kind === 'function',
    isAsync: hasKeyword(node, 'async'),
    isGenerator,
    returns: declaration.returnType,
  };
}

/** The first parameter of a method is its receiver; that of a class method stands for the class. */
function declareAll(frame: Frame, unit: LoweringUnit): PlaceId[] {
  const nodes = parameterNodes(unit.text, childInField(unit.node, 'parameters'));
  const given = unit.declaration.params.length;
  const [first, ...others] = nodes;
  if (unit.owner === null || first === undefined || nodes.length === given) return declareParameters(frame, nodes);
  declareReceiver(frame, first, unit);
  return declareParameters(frame, others);
}

function declareReceiver(frame: Frame, { name }: ParameterNode, { owner, declaration }: LoweringUnit): void {
  if (name === null || owner === null) return;
  if (declaration.isStatic) return frame.declare(name, { kind: 'scope', text: owner.name, sort: 'class' });
  frame.receiver = frame.builder.places.synthetic(name, owner.name);
  frame.declarePlace(name, frame.receiver, 'reference');
}
