/** Parameters as lowering sees them. */
import type { PlaceId } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf } from '../../tree-sitter.ts';
import { targetNames } from '../bindings.ts';
import type { ParameterNode } from '../signatures.ts';
import { eitherTruth, truthOf, truthOfType } from '../truth.ts';
import type { Truth } from '../truth.ts';
import { assignOperand } from './assignments.ts';
import type { Frame } from './frame.ts';

/** Declares them; the parts of `(a, b)` as Python 2 has it are taken out at the start. */
export function declareParameters(frame: Frame, nodes: readonly ParameterNode[]): PlaceId[] {
  const { places } = frame.builder;
  const params = nodes.map((node) => {
    if (node.name === null) return declareTuple(frame, node.target);
    const place = places.local(node.target.start, node.name, node.type);
    frame.declarePlace(node.name, place, parameterTruth(frame, node, node.name));
    return place;
  });
  for (const [index, { name, target }] of nodes.entries()) {
    const place = params[index];
    if (name === null && place !== undefined) assignOperand(frame, target, placeValue(place), spanOf(target));
  }
  return params;
}

function declareTuple(frame: Frame, target: SyntaxNode): PlaceId {
  const { places } = frame.builder;
  for (const name of targetNames(target)) {
    const text = frame.textOf(name);
    frame.declarePlace(text, places.local(name.start, text, null), 'reference');
  }
  return places.synthetic(null, null);
}

/** By annotation, or else by default value; what the body assigns counts as well. */
function parameterTruth(frame: Frame, { type, value }: ParameterNode, name: string): Truth {
  const given = type !== null || value === null ? truthOfType(type) : truthOf(frame.text, value, frame.habits);
  const assigned = frame.bindings.names.get(name)?.truth ?? null;
  return eitherTruth(assigned, given);
}
