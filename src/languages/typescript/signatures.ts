/** Reads the head of a function: parameters, result, decorators. */
import type { TypeHint } from '../../ir/ir.ts';
import type { Annotation, Parameter } from '../language.ts';
import type { DocTypes } from './jsdoc.ts';
import { childOf, identifierName, nodesOf } from './nodes.ts';
import type { Node } from './nodes.ts';
import { annotatedType, dottedText } from './type-text.ts';

/** A parameter taken apart: `private readonly pool: Pool = defaultPool`, `...rest`, `{ a, b }`. */
export interface ParameterParts {
  readonly node: Node;
  /** An identifier or a pattern. */
  readonly target: Node;
  readonly type: TypeHint | null;
  readonly initial: Node | null;
  readonly isRest: boolean;
  /** A parameter property: it becomes a field of the object. */
  readonly isProperty: boolean;
}

/** In order; a `this` parameter is only a type. */
export function parametersOf(fn: Node, docs: DocTypes): ParameterParts[] {
  const parts: ParameterParts[] = [];
  for (const node of nodesOf(fn, 'params')) {
    const read = readParameter(node, docs);
    if (identifierName(read.target) !== 'this') parts.push(read);
  }
  return parts;
}

export function signatureParameters(text: string, fn: Node, docs: DocTypes): Parameter[] {
  return parametersOf(fn, docs).map(({ node, target, type, isRest }) => ({
    name: identifierName(target) ?? '',
    type,
    annotations: readDecorators(text, node),
    isVariadic: isRest,
  }));
}

export function resultType(fn: Node, docs: DocTypes): TypeHint | null {
  return annotatedType(fn, 'returnType') ?? docs.returns;
}

/** `@Injectable({ scope: 'request' })`: decorators by name. */
export function readDecorators(text: string, node: Node): Annotation[] {
  const annotations: Annotation[] = [];
  for (const decorator of nodesOf(node, 'decorators')) {
    const expression = childOf(decorator, 'expression');
    if (expression === null) continue;
    const isCall = expression.type === 'CallExpression';
    const callee = isCall ? childOf(expression, 'callee') : expression;
    const name = dottedText(callee);
    if (callee === null || name === null) continue;
    const written = text.slice(callee.range[1], expression.range[1]).trim();
    annotations.push({ name, args: isCall ? written.slice(1, -1).trim() : null });
  }
  return annotations;
}

function readParameter(written: Node, docs: DocTypes): ParameterParts {
  const isProperty = written.type === 'TSParameterProperty';
  const node = isProperty ? (childOf(written, 'parameter') ?? written) : written;
  const isRest = node.type === 'RestElement';
  const initial = node.type === 'AssignmentPattern' ? childOf(node, 'right') : null;
  const target = childOf(node, isRest ? 'argument' : 'left') ?? node;
  const name = identifierName(target);
  const documented = name === null ? null : (docs.params.get(name) ?? null);
  const type = annotatedType(target) ?? annotatedType(node) ?? documented;
  const isWrapped = isRest && type !== null && !type.endsWith('[]');
  return { node: written, target, type: isWrapped ? `${type}[]` : type, initial, isRest, isProperty };
}
