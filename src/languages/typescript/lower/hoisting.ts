/**
 * Blocks of statements. What a block declares is known in all of it, before the declaration is reached: functions
 * inside it may mention each other, and variables that come later. Function declarations are made first of all.
 *
 *     using conn = await pool.connect();        the rest of the block is a cleanup region
 */
import type { PlaceId, TypeHint } from '../../../ir/ir.ts';
import { nullValue } from '../../lowering/values.ts';
import { docTypesBefore } from '../jsdoc.ts';
import { childOf, closingSpan, identifierName, nodesOf, spanOf, textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { boundNames } from '../patterns.ts';
import { kindOfType } from '../truthiness.ts';
import type { ValueKind } from '../truthiness.ts';
import { annotatedType } from '../type-text.ts';
import { lowerFunction } from './closures.ts';
import { lowerExpression } from './expressions.ts';
import { maxDepth } from './frame.ts';
import type { Frame } from './frame.ts';
import { constantNumber, lookUp, placeOf } from './names.ts';
import { lowerOpaque } from './opaque.ts';
import { assignPattern } from './patterns.ts';
import { lowerStatement } from './statements.ts';
import { disposalOf, lowerDisposed } from './using.ts';

/** The statements of a block or a body, in the scope that is open. */
export function lowerStatements(frame: Frame, nodes: readonly Node[], block: Node): void {
  declareAll(frame, nodes);
  lowerFrom(frame, nodes, 0, block);
}

/** Declared, not lowered: what the statements of one block, or several that share a scope, bring into being. */
export function declareAll(frame: Frame, nodes: readonly Node[]): void {
  if (frame.isModuleLevel) return;
  for (const node of nodes) declareNames(frame, node);
  for (const node of nodes) {
    const id = node.type === 'FunctionDeclaration' ? childOf(node, 'id') : null;
    const place = id === null ? null : frame.variable(textIn(id, 'name'));
    if (place !== null) lowerFunction(frame, node, { place, span: spanOf(node) });
  }
}

export function lowerFrom(frame: Frame, nodes: readonly Node[], from: number, block: Node): void {
  for (let index = from; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    lowerStatement(frame, node, []);
    const release = node.type === 'VariableDeclaration' ? disposalOf(node) : null;
    if (release === null) continue;
    if (frame.depth >= maxDepth) lowerOpaque(frame, node, 'too deep');
    else {
      const places = declaredPlaces(frame, node);
      return lowerDisposed(frame, { node, places, release, span: closingSpan(block) }, () => {
        lowerFrom(frame, nodes, index + 1, block);
      });
    }
  }
}

/** `var` belongs to the function, whatever block it stands in. */
export function declareVars(frame: Frame, declarations: readonly Node[]): void {
  for (const declaration of declarations) declareVariables(frame, declaration);
}

export function declareLocal(frame: Frame, id: Node, type: TypeHint | null, kind: ValueKind | null): PlaceId {
  const name = textIn(id, 'name');
  const place = frame.builder.places.local(id.range[0], name, type);
  frame.declare(name, place);
  if (kind !== null) frame.declaredKinds.set(place, kind);
  return place;
}

export function declareVariables(frame: Frame, declaration: Node): void {
  const { declarators } = frame.unit.facts.imports;
  for (const declarator of nodesOf(declaration, 'declarations')) {
    const id = childOf(declarator, 'id');
    if (id === null || declarators.has(declarator)) continue;
    const documented = docTypesBefore(frame.text, declaration.range[0]).type;
    for (const bound of boundNames(id)) {
      // `var x` again, or a parameter's name.
      if (textIn(declaration, 'kind') === 'var' && isDeclared(frame, bound)) continue;
      const type = bound === id ? (annotatedType(id) ?? documented) : null;
      declareLocal(frame, bound, type, kindOfType(type));
    }
  }
}

/** A declaration whose names have been declared. */
export function lowerDeclaration(frame: Frame, node: Node): void {
  const { declarators } = frame.unit.facts.imports;
  for (const declarator of nodesOf(node, 'declarations')) {
    const id = childOf(declarator, 'id');
    if (id !== null && !declarators.has(declarator)) lowerDeclarator(frame, node, declarator, id);
  }
}

function lowerDeclarator(frame: Frame, node: Node, declarator: Node, id: Node): void {
  const init = childOf(declarator, 'init');
  const name = identifierName(id);
  const span = spanOf(declarator);
  if (name === null) {
    if (init !== null) assignPattern(frame, id, lowerExpression(frame, init, null));
    return;
  }
  const place = placeOf(frame, lookUp(frame, name));
  if (place === null) return;
  const number = init !== null && textIn(node, 'kind') === 'const' ? constantNumber(frame, init) : null;
  if (number !== null) frame.numbers.set(place, number);
  if (init === null) {
    // A new variable each time round a loop; `var` is the same one.
    if (textIn(node, 'kind') === 'let') frame.builder.assign(place, nullValue, span);
  } else if (frame.builder.places.get(place).kind === 'local') lowerExpression(frame, init, { place, span });
  else frame.builder.assign(place, lowerExpression(frame, init, null), span);
}

function declareNames(frame: Frame, node: Node): void {
  if (node.type === 'VariableDeclaration' && textIn(node, 'kind') !== 'var') declareVariables(frame, node);
  if (!/^(?:Function|Class|TSEnum)Declaration$/.test(node.type)) return;
  const id = childOf(node, 'id');
  if (id !== null && identifierName(id) !== null) declareLocal(frame, id, null, null);
}

function isDeclared(frame: Frame, id: Node): boolean {
  return frame.declaredHere(textIn(id, 'name')) !== null;
}

function declaredPlaces(frame: Frame, node: Node): PlaceId[] {
  return nodesOf(node, 'declarations').flatMap((declarator) => {
    const name = identifierName(childOf(declarator, 'id'));
    return name === null ? [] : (placeOf(frame, lookUp(frame, name)) ?? []);
  });
}
