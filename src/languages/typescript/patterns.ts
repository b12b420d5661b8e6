/** The names a pattern binds: `{ a, b: [c = 1, ...rest] }` binds a, c and rest. */
import { childOf, identifierName, nodesOf } from './nodes.ts';
import type { Node } from './nodes.ts';

/** The identifiers, in the order of the source. */
export function boundNames(pattern: Node): Node[] {
  const names: Node[] = [];
  const pending: Node[] = [pattern];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (identifierName(node) !== null) names.push(node);
    else for (const part of partsOf(node).toReversed()) pending.push(part);
  }
  return names;
}

function partsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'ObjectPattern':
      return nodesOf(node, 'properties');
    case 'ArrayPattern':
      return nodesOf(node, 'elements');
    case 'Property':
      return present(childOf(node, 'value'));
    case 'AssignmentPattern':
      return present(childOf(node, 'left'));
    case 'RestElement':
      return present(childOf(node, 'argument'));
    case 'TSParameterProperty':
      return present(childOf(node, 'parameter'));
    default:
      return [];
  }
}

function present(node: Node | null): readonly Node[] {
  return node === null ? [] : [node];
}
