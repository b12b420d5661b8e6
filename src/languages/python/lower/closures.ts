/**
 * Lambdas and functions inside functions: functions of their own, told by a `closure` instruction which places
 * of the function around they mention.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { Operand } from '../../../ir/ir.ts';
import { closureIdentity } from '../../lowering/frame.ts';
import type { LoweredClosure } from '../../lowering/frame.ts';
import { placeValue, positional } from '../../lowering/values.ts';
import { childInField, childrenOfType, spanOf } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { bindingsOf } from '../bindings.ts';
import { closingSpan, definitionOf, hasKeyword, parts } from '../nodes.ts';
import { parameterNodes, readResultType } from '../signatures.ts';
import { emitMemberCall, emitPlainCall } from './calls.ts';
import type { Base } from './calls.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import { Frame } from './frame.ts';
import { declareParameters } from './parameters.ts';
import { lowerCallee } from './primaries.ts';
import { lowerBlock } from './statements.ts';
import { resultPlaces, target } from './values.ts';
import type { Into } from './values.ts';

export function lowerLambda(frame: Frame, node: SyntaxNode, into: Into): Operand {
  lowerDefaults(frame, node);
  return closureOnce(frame, node, into, () => {
    const body = childInField(node, 'body');
    return lowerInner(frame, node, { name: 'lambda', isDecorated: false }, (inner) => {
      if (body !== null) inner.builder.returnValues([lowerExpression(inner, body, null)], spanOf(body));
    });
  });
}

/** `end = stream.close`: what `lambda: stream.close()` is. */
export function lowerMethodValue(frame: Frame, node: SyntaxNode, object: SyntaxNode, name: string): Operand {
  return closureOnce(frame, node, null, () =>
    lowerInner(frame, node, { name, isDecorated: false }, (inner) => {
      const span = spanOf(node);
      const result = emitMemberCall(inner, lowerCallee(inner, object), name, { span, args: [], into: null });
      inner.builder.returnValues([result], span);
    }),
  );
}

/** `def` inside a function; the name is that of a variable. */
export function lowerNestedFunction(frame: Frame, written: SyntaxNode): void {
  const node = definitionOf(written);
  const nameNode = childInField(node, 'name');
  if (nameNode === null) return;
  const name = frame.textOf(nameNode);
  const decorators = lowerDecorators(frame, written);
  lowerDefaults(frame, node);
  const into = target(frame.assigned(name), spanOf(nameNode));
  const lower = (): LoweredClosure => {
    const body = childInField(node, 'body');
    return lowerInner(frame, node, { name, isDecorated: decorators.length > 0 }, (inner) => {
      if (body !== null) lowerBlock(inner, body);
    });
  };
  let value = closureOnce(frame, node, decorators.length === 0 ? into : null, lower);
  for (const [index, decorator] of decorators.entries()) {
    const isLast = index === decorators.length - 1;
    value = emitPlainCall(frame, decorator.base, {
      span: decorator.span,
      args: [positional(value)],
      into: isLast ? into : null,
    });
  }
}

/** Innermost first: in the order in which they are applied. */
function lowerDecorators(frame: Frame, written: SyntaxNode): { base: Base; span: { start: number; end: number } }[] {
  const decorators = childrenOfType(written, 'decorator').flatMap((decorator) => {
    const expression = parts(decorator)[0];
    return expression === undefined ? [] : [{ base: lowerCallee(frame, expression), span: spanOf(expression) }];
  });
  return decorators.reverse();
}

/** Default values are evaluated where the function is defined. */
export function lowerDefaults(frame: Frame, node: SyntaxNode): void {
  const list = childInField(node, 'parameters');
  for (const { value } of parameterNodes(frame.text, list)) if (value !== null) lowerEffects(frame, [value]);
}

function lowerInner(
  parent: Frame,
  node: SyntaxNode,
  { name, isDecorated }: { name: string; isDecorated: boolean },
  lower: (frame: Frame) => void,
): LoweredClosure {
  const { output } = parent;
  const number = output.closures.push(null);
  const body = childInField(node, 'body');
  const bindings = bindingsOf(parent.text, body === null ? [] : [body], parent.habits);
  const header = headerOf(parent, node, { name, number, hasYield: bindings.hasYield });
  const frame = new Frame({ header, output, parent, bindings, isDecorated, isManager: false });
  const params = declareParameters(frame, parameterNodes(parent.text, childInField(node, 'parameters')));
  lower(frame);
  frame.builder.returnValues([], closingSpan(node));
  const captures = frame.capturedPlaces();
  output.closures[number - 1] = frame.builder.finish({ receiver: frame.receiver, params, captures });
  return { members: [{ name: null, fn: header.id }], captures: frame.captures };
}

function headerOf(
  parent: Frame,
  node: SyntaxNode,
  { name, number, hasYield }: { name: string; number: number; hasYield: boolean },
): FunctionHeader {
  return {
    ...closureIdentity(parent.output.unit.declaration, `${name}${number}`),
    name,
    language: 'python',
    span: spanOf(node),
    isStatic: parent.header.isStatic,
    isAsync: hasKeyword(node, 'async'),
    isGenerator: hasYield,
    returns: readResultType(parent.text, node),
  };
}

function closureOnce(frame: Frame, node: SyntaxNode, into: Into, lower: () => LoweredClosure): Operand {
  const lowered = frame.closureOnce(node.start, lower);
  const [dest] = resultPlaces(frame, into);
  frame.builder.emit({ op: 'closure', dest, base: null, ...lowered, span: spanOf(node) });
  return placeValue(dest);
}
