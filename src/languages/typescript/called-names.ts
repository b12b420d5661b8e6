/** Which names a piece of code calls, closures included. Names only: what they resolve to is nobody's business here. */
import { construction } from '../../ir/construction.ts';
import { bare, childOf, identifierName, isTypeSyntax, memberName, nodesOf, textIn, valueIn, walk } from './nodes.ts';
import type { Node } from './nodes.ts';

/** `close`, `new Pool`. Nodes in `except` are declarations of their own. */
export function calledNames(roots: readonly Node[], except: ReadonlySet<Node>): Set<string> {
  const calls = new Set<string>();
  for (const root of roots) {
    walk(root, (node) => {
      if ((node !== root && except.has(node)) || isTypeSyntax(node)) return 'skip';
      const name = calledName(node);
      if (name !== null) calls.add(name);
      if (node.type === 'CallExpression') for (const handedOn of methodsHandedOn(node)) calls.add(handedOn);
      return 'inside';
    });
  }
  return calls;
}

function calledName(node: Node): string | null {
  switch (node.type) {
    case 'CallExpression':
      return lastName(childOf(node, 'callee'));
    case 'TaggedTemplateExpression':
      return lastName(childOf(node, 'tag'));
    case 'NewExpression': {
      const name = lastName(childOf(node, 'callee'));
      return name === null ? null : construction(name);
    }
    case 'VariableDeclaration':
      return disposal(textIn(node, 'kind'));
    default:
      return null;
  }
}

/** `closers.push(this.out.end)`, `this.out.end.bind(this.out)`: who is given the method of a field calls it. */
function methodsHandedOn(call: Node): string[] {
  const callee = childOf(call, 'callee');
  const bound = callee?.type === 'MemberExpression' && lastName(callee) === 'bind' ? childOf(callee, 'object') : null;
  const methods = [...nodesOf(call, 'arguments'), ...(bound === null ? [] : [bound])].map(bare);
  return methods.flatMap((one) => (childOf(one, 'object')?.type === 'MemberExpression' ? (lastName(one) ?? []) : []));
}

/** The call is the language's, but a reader of this set wants to know of it. */
function disposal(kind: string): string | null {
  if (kind === 'using') return '[Symbol.dispose]';
  return kind === 'await using' ? '[Symbol.asyncDispose]' : null;
}

function lastName(callee: Node | null): string | null {
  const node = callee === null ? null : bare(callee);
  if (node?.type === 'MemberExpression') {
    return memberName(childOf(node, 'property'), valueIn(node, 'computed') === true);
  }
  return identifierName(node);
}
