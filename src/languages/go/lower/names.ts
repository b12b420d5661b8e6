/** What a name stands for: a variable, a package, a type, a function. */
import type { PlaceId } from '../../../ir/ir.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { childInField, operatorOf, withoutParentheses } from '../../tree-sitter.ts';
import { importedPackage } from '../file-names.ts';
import type { Frame } from './frame.ts';

export type Named =
  | { readonly kind: 'place'; readonly place: PlaceId }
  /** An imported package, by the name it goes by here. */
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  /** Declared in another file of the package, or by a dot import. */
  | { readonly kind: 'elsewhere'; readonly name: string };

export const builtinTypes: ReadonlySet<string> = new Set(
  (
    'any bool byte comparable complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune string ' +
    'uint uint16 uint32 uint64 uint8 uintptr'
  ).split(' '),
);

export function lookUp(frame: Frame, name: string): Named {
  const variable = frame.variable(name);
  if (variable !== null) return { kind: 'place', place: variable };
  const { names } = frame;
  const imported = importedPackage(names, name);
  if (imported !== null) return { kind: 'package', name: imported };
  if (names.variables.has(name)) return { kind: 'place', place: globalPlace(frame, name) };
  if (names.functions.has(name)) return { kind: 'function', name };
  if (names.types.has(name) || builtinTypes.has(name)) return { kind: 'type', name };
  return { kind: 'elsewhere', name };
}

/** `errors.Wrap`, of a call; null: it is none of an imported package's functions. */
export function functionOfPackage(frame: Frame, call: SyntaxNode): string | null {
  const called = childInField(call, 'function');
  if (called?.type !== 'selector_expression') return null;
  const [operand, field] = [childInField(called, 'operand'), childInField(called, 'field')];
  if (operand?.type !== 'identifier' || field === null) return null;
  const scope = lookUp(frame, frame.textOf(operand));
  return scope.kind === 'package' ? `${scope.name}.${frame.textOf(field)}` : null;
}

export function globalPlace(frame: Frame, name: string): PlaceId {
  return frame.builder.places.global(name, frame.names.variables.get(name) ?? null);
}

/** The place of `a.b.c`, `*a` or `&a`, if it takes no instruction to get at it. */
export function plainPlace(frame: Frame, written: SyntaxNode): PlaceId | null {
  const fields: string[] = [];
  let at = pointedTo(written);
  while (at.type === 'selector_expression') {
    const [operand, field] = [childInField(at, 'operand'), childInField(at, 'field')];
    if (operand === null || field === null) return null;
    fields.push(frame.textOf(field));
    at = pointedTo(operand);
  }
  if (at.type !== 'identifier') return null;
  const base = lookUp(frame, frame.textOf(at));
  const { places } = frame.builder;
  let place: PlaceId | null = null;
  if (base.kind === 'place') place = base.place;
  else if (base.kind === 'elsewhere') place = globalPlace(frame, base.name);
  else if (base.kind === 'package') {
    const member = fields.pop();
    place = member === undefined ? null : places.global(`${base.name}.${member}`);
  }
  for (const field of fields.reverse()) place = place === null ? null : places.path(place, field);
  return place;
}

/** A pointer and what it points to are one place. */
export function pointedTo(written: SyntaxNode): SyntaxNode {
  let node = withoutParentheses(written);
  while (node.type === 'unary_expression' && /^[*&]$/.test(operatorOf(node))) {
    const operand = childInField(node, 'operand');
    if (operand === null) break;
    node = withoutParentheses(operand);
  }
  return node;
}
