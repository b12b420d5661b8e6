/** Classes where they are defined: the statements of their bodies belong to the code of the module. */
import { childInField } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { bindingsOf } from '../bindings.ts';
import { parts } from '../nodes.ts';
import { lowerEffects } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerOpaque } from './opaque.ts';
import { lowerBlock } from './statements.ts';

/** Methods of a class inside a function are lowered without it: what they mention of it is given up. */
export function lowerClass(frame: Frame, node: SyntaxNode): void {
  if (frame.header.kind !== 'module') return lowerOpaque(frame, node, 'local class');
  const [nameNode, body, bases] = [
    childInField(node, 'name'),
    childInField(node, 'body'),
    childInField(node, 'superclasses'),
  ];
  if (nameNode === null || body === null) return;
  if (bases !== null) {
    lowerEffects(
      frame,
      parts(bases).map((base) => childInField(base, 'value') ?? base),
    );
  }
  const outer = frame.classBody;
  const name = outer === null ? frame.textOf(nameNode) : `${outer}.${frame.textOf(nameNode)}`;
  frame.classBody = name;
  frame.scoped(() => {
    declareNames(frame, body, name);
    lowerBlock(frame, body);
  });
  frame.classBody = outer;
}

/** `limit = 3` in the body of `Pool` is the variable `Pool.limit`. */
function declareNames(frame: Frame, body: SyntaxNode, owner: string): void {
  for (const [name, { kinds, truth }] of bindingsOf(frame.text, [body], frame.habits).names) {
    if (kinds.has('import')) continue;
    const text = `${owner}.${name}`;
    if (kinds.has('class')) frame.declare(name, { kind: 'scope', text, sort: 'class' });
    else if (kinds.has('function') && !kinds.has('value')) frame.declare(name, { kind: 'function', text });
    else frame.declarePlace(name, frame.builder.places.global(text), truth ?? 'reference');
  }
}
