/**
 * Loops. `for (const x of xs)` asks for an iterator, which may fail; elements are the `[]` of what is iterated over.
 * `for await` waits for each of them.
 */
import { elementField } from '../../../ir/places.ts';
import type { BlockId, Operand, PlaceId } from '../../../ir/ir.ts';
import { lowerTurns } from '../../lowering/turns.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import { childOf, closingSpan, identifierName, isSet, nodesOf, spanOf, textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { emitImplicitCall } from './calls.ts';
import { lowerCondition } from './conditions.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { declareVariables, lowerDeclaration } from './hoisting.ts';
import { assignPattern } from './patterns.ts';
import { lowerStatement } from './statements.ts';
import { disposalOf, lowerDisposed } from './using.ts';
import { freshText } from './values.ts';

interface Loop {
  readonly node: Node;
  readonly labels: readonly string[];
  readonly end: BlockId;
  readonly next: BlockId;
}

export function lowerWhile(frame: Frame, node: Node, labels: readonly string[]): void {
  const { builder } = frame;
  const [head, body, end] = [builder.block(), builder.block(), builder.block()];
  builder.continueIn(head, spanOf(node));
  lowerTestOf(frame, node, body, end);
  builder.start(body);
  lowerLoopBody(frame, { node, labels, end, next: head });
  builder.start(end);
}

export function lowerDo(frame: Frame, node: Node, labels: readonly string[]): void {
  const { builder } = frame;
  const [body, next, end] = [builder.block(), builder.block(), builder.block()];
  builder.continueIn(body, spanOf(node));
  lowerLoopBody(frame, { node, labels, end, next });
  builder.start(next);
  lowerTestOf(frame, node, body, end);
  builder.start(end);
}

export function lowerFor(frame: Frame, node: Node, labels: readonly string[]): void {
  const init = childOf(node, 'init');
  if (init?.type !== 'VariableDeclaration') lowerEffects(frame, init === null ? [] : [init]);
  else {
    declareHead(frame, init);
    lowerDeclaration(frame, init);
  }
  const release = init?.type === 'VariableDeclaration' ? disposalOf(init) : null;
  if (init === null || release === null) return lowerForRest(frame, node, labels);
  lowerDisposed(frame, { node: init, places: headPlaces(frame, init), release, span: closingSpan(node) }, () => {
    lowerForRest(frame, node, labels);
  });
}

/** Keys are text. */
export function lowerForIn(frame: Frame, node: Node, labels: readonly string[]): void {
  const right = childOf(node, 'right');
  if (right !== null) lowerExpression(frame, right, null);
  lowerEach(frame, { node, labels, hasFirst: false, element: () => freshText });
}

export function lowerForOf(frame: Frame, node: Node, labels: readonly string[]): void {
  const { builder } = frame;
  const right = childOf(node, 'right') ?? node;
  const span = spanOf(right);
  const source = builder.hold(lowerExpression(frame, right, null), span);
  const isAsync = isSet(node, 'await');
  const place = builder.places.get(source);
  const isArray = place.kind === 'local' && place.typeHint?.endsWith('[]') === true;
  if (!isArray) emitImplicitCall(frame, source, isAsync ? '[Symbol.asyncIterator]' : '[Symbol.iterator]', span);
  const element = placeValue(builder.field(source, elementField, span));
  if (!isAsync) return lowerEach(frame, { node, labels, hasFirst: hasElement(right), element: () => element });
  const awaited = (): Operand => {
    const dest = builder.places.temp();
    builder.emit({ op: 'await', dest, source: element, throws: 'likely', span });
    return placeValue(dest);
  };
  lowerEach(frame, { node, labels, hasFirst: false, element: awaited });
}

/** `[first, second]`; what is spread may be empty. */
function hasElement(iterated: Node): boolean {
  return (
    iterated.type === 'ArrayExpression' && nodesOf(iterated, 'elements').some((one) => one.type !== 'SpreadElement')
  );
}

/** `for (;;)` and `while (true)` have no way out but a jump. */
function lowerTestOf(frame: Frame, node: Node, body: BlockId, end: BlockId): void {
  const test = childOf(node, 'test');
  if (test !== null) lowerCondition(frame, test, body, end);
  else if (node.type === 'ForStatement') frame.builder.jump(body, spanOf(node));
  else frame.builder.branch('unknown', body, end, spanOf(node));
}

function lowerForRest(frame: Frame, node: Node, labels: readonly string[]): void {
  const { builder } = frame;
  const [head, body, next, end] = [builder.block(), builder.block(), builder.block(), builder.block()];
  builder.continueIn(head, spanOf(node));
  lowerTestOf(frame, node, body, end);
  builder.start(body);
  lowerLoopBody(frame, { node, labels, end, next });
  builder.start(next);
  const update = childOf(node, 'update');
  if (update !== null) lowerEffects(frame, [update]);
  builder.jump(head, spanOf(node));
  builder.start(end);
}

interface Each {
  readonly node: Node;
  readonly labels: readonly string[];
  /** There surely is a first element, and nothing has to be waited for to have it. */
  readonly hasFirst: boolean;
  readonly element: () => Operand;
}

function lowerEach(frame: Frame, { node, labels, hasFirst, element }: Each): void {
  const { builder } = frame;
  const left = childOf(node, 'left');
  const span = spanOf(childOf(node, 'right') ?? node);
  const [head, body, end] = [builder.block(), builder.block(), builder.block()];
  const loop = { node, labels, end, next: head };
  let value = hasFirst ? element() : unknownValue;
  const ask = (): void => {
    // Waiting may fail before it is known whether there is another element.
    if (!hasFirst) value = element();
    builder.branch('unknown', body, end, span);
  };
  const turn = (): void => {
    if (left?.type === 'VariableDeclaration') return lowerDeclaredEach(frame, loop, left, value);
    if (left !== null) assignPattern(frame, left, value);
    lowerLoopBody(frame, loop);
  };
  lowerTurns(builder, { ask, turn, head, body, hasFirst, span });
  builder.start(end);
}

function lowerDeclaredEach(frame: Frame, loop: Loop, declaration: Node, value: Operand): void {
  declareHead(frame, declaration);
  const pattern = headPattern(declaration);
  if (pattern !== null) assignPattern(frame, pattern, value);
  const release = disposalOf(declaration);
  if (release === null) return lowerLoopBody(frame, loop);
  const places = headPlaces(frame, declaration);
  // Jumps out of the body leave the region.
  withLoopTargets(frame, loop, () => {
    lowerDisposed(frame, { node: declaration, places, release, span: closingSpan(loop.node) }, () => {
      const body = childOf(loop.node, 'body');
      if (body !== null) lowerStatement(frame, body, []);
    });
  });
  frame.builder.jump(loop.next, closingSpan(loop.node));
}

/** `var` is declared with the function; at the top level of a module, a head has a scope of its own. */
function declareHead(frame: Frame, declaration: Node): void {
  if (textIn(declaration, 'kind') !== 'var') declareVariables(frame, declaration);
}

function headPattern(declaration: Node): Node | null {
  const [declarator] = nodesOf(declaration, 'declarations');
  return declarator === undefined ? null : childOf(declarator, 'id');
}

function headPlaces(frame: Frame, declaration: Node): PlaceId[] {
  return nodesOf(declaration, 'declarations').flatMap((declarator) => {
    const name = identifierName(childOf(declarator, 'id'));
    return name === null ? [] : (frame.variable(name) ?? []);
  });
}

function lowerLoopBody(frame: Frame, loop: Loop): void {
  const body = childOf(loop.node, 'body');
  withLoopTargets(frame, loop, () => {
    if (body !== null) lowerStatement(frame, body, []);
  });
  frame.builder.jump(loop.next, closingSpan(loop.node));
}

function withLoopTargets(frame: Frame, { labels, end, next }: Loop, body: () => void): void {
  frame.builder.withTargets({ labels, takesPlainBreak: true, breakTo: end, continueTo: next, yieldTo: null }, body);
}
