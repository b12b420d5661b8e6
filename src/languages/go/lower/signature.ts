/** Parameters and results as variables. */
import type { Operand, PlaceId } from '../../../ir/ir.ts';
import { booleanValue, literalValue, nullValue, unknownValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf } from '../../tree-sitter.ts';
import { readVariables } from '../signatures.ts';
import type { Variable } from '../signatures.ts';
import type { Frame } from './frame.ts';
import { builtinTypes } from './names.ts';

/** What a function gives back. */
export interface Results {
  /** The variables, if the results have names. */
  readonly places: readonly PlaceId[];
  readonly count: number;
}

export function declareParameters(frame: Frame, list: SyntaxNode | null): PlaceId[] {
  return readVariables(frame.text, list).map((variable) => declareVariable(frame, variable));
}

/** Named results start out as zero values, which are assigned at the head of the function. */
export function declareResults(frame: Frame, result: SyntaxNode | null): Results {
  const variables = readVariables(frame.text, result);
  const count = variables.length;
  if (!variables.some((variable) => variable.name !== null)) return { places: [], count };
  const places = variables.map((variable) => declareVariable(frame, variable));
  for (const [index, place] of places.entries()) {
    const variable = variables[index];
    if (variable === undefined) continue;
    const value = zeroValue(frame, place, variable.typeNode);
    frame.builder.assign(place, value, spanOf(variable.node));
  }
  return { places, count };
}

/** Of a type with a name it is not known: it may be a struct as well as an interface. */
export function zeroValue(frame: Frame, place: PlaceId, type: SyntaxNode | null): Operand {
  if (type === null || frame.isShared(place)) return unknownValue;
  if (nilTypes.has(type.type)) return nullValue;
  const name = type.type === 'type_identifier' ? frame.textOf(type) : '';
  if (!builtinTypes.has(name) || frame.names.types.has(name)) return unknownValue;
  if (name === 'any' || name === 'error') return nullValue;
  if (name === 'bool') return booleanValue(false);
  return literalValue(name === 'string' ? { kind: 'string', text: '' } : { kind: 'number', text: '0' });
}

const nilTypes = new Set(['channel_type', 'function_type', 'interface_type', 'map_type', 'pointer_type', 'slice_type']);

function declareVariable(frame: Frame, { name, node, type }: Variable): PlaceId {
  const text = name === null ? '_' : frame.textOf(name);
  const place = frame.builder.places.local(node.start, text, type);
  frame.declare(text, place);
  return place;
}
