/** What only the top level of a module has: exports and namespaces. */
import { childOf, isClass, isFunction, nodesOf, spanOf, textIn } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { dottedText } from '../type-text.ts';
import { lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { lowerStatement } from './statements.ts';

/** `export default pool` and `export = pool` are as good as an assignment to a variable that outlives every call. */
export function lowerDefaultExport(frame: Frame, node: Node, exported: Node | null, name: string): void {
  if (exported === null) return;
  const isDeclaration = isFunction(exported) || isClass(exported) || exported.type.startsWith('TS');
  if (isDeclaration && /Declaration$|^TSDeclare/.test(exported.type)) return lowerStatement(frame, exported, []);
  const value = lowerExpression(frame, exported, null);
  frame.builder.assign(frame.builder.places.global(name), value, spanOf(node));
}

/** The code of a namespace runs where it stands. */
export function lowerNamespace(frame: Frame, node: Node): void {
  const body = childOf(node, 'body');
  if (body === null || isAmbient(node)) return;
  const name = textIn(node, 'kind') === 'global' ? null : dottedText(childOf(node, 'id'));
  const outer = frame.space;
  if (name !== null) frame.space = outer === null ? name : `${outer}.${name}`;
  const statements = body.type === 'TSModuleBlock' ? nodesOf(body, 'body') : [body];
  for (const statement of statements) lowerStatement(frame, statement, []);
  frame.space = outer;
}

function isAmbient(node: Node): boolean {
  return 'declare' in node && node.declare === true;
}
