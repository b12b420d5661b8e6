/**
 * Which components a file renders for as long as the page lives: from its own code, or from functions that this calls.
 *
 *     createRoot(document.body).render(<Provider><App /></Provider>);
 */
import type { Habits, RootHabits } from '../habits.ts';
import { calledNames } from './called-names.ts';
import type { ModuleScope } from './module-scope.ts';
import { childOf, identifierName, memberName, nodesOf, valueIn, walk } from './nodes.ts';
import type { Node } from './nodes.ts';

const none: ReadonlySet<string> = new Set();
const nothing: ReadonlySet<Node> = new Set();

export function rootsOf(text: string, program: Node, scope: ModuleScope, { roots }: Habits): ReadonlySet<string> {
  if (!roots?.modules.test(text)) return none;
  const starting = startingCode(program, scope);
  // What is unmounted somewhere may be rendered anew.
  if ([...calledNames([program], nothing)].some((name) => roots.enders.test(name))) return none;
  const found = new Set(roots.listedIn === null ? none : namesListed(program, roots.listedIn));
  for (const code of starting) {
    walk(code, (node) => {
      if (node !== code && scope.declared.has(node)) return 'skip';
      if (isRendering(node, roots)) for (const name of componentsIn(node)) found.add(name);
      return 'inside';
    });
  }
  return found;
}

/** Names of components in a text that may render one for good; nothing is parsed for it. */
export function rootsNamed(text: string, { roots }: Habits): ReadonlySet<string> {
  if (!roots?.modules.test(text)) return none;
  return new Set(text.match(/(?<=[<(,\s])[A-Z]\w*/gu));
}

/** The module's own code, and functions by the names it calls them. */
function startingCode(program: Node, { functions, declared }: ModuleScope): readonly Node[] {
  const code: Node[] = nodesOf(program, 'body').filter(
    ({ type }) => !type.endsWith('Declaration') || type === 'VariableDeclaration',
  );
  const called = calledNames(code, declared);
  for (const name of called) {
    for (const { fn, owner } of functions.filter((one) => one.name === name)) {
      if (owner !== null || code.includes(fn)) continue;
      code.push(fn);
      for (const next of calledNames([fn], declared)) called.add(next);
    }
  }
  return code;
}

function isRendering(node: Node, { renderers }: RootHabits): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = childOf(node, 'callee');
  if (callee === null) return false;
  const isMember = callee.type === 'MemberExpression';
  const name = isMember
    ? memberName(childOf(callee, 'property'), valueIn(callee, 'computed') === true)
    : identifierName(callee);
  return name !== null && renderers.test(name);
}

/** `@NgModule({ declarations: [Shop, Prices], bootstrap: [Shop] })` */
function namesListed(program: Node, property: string): readonly string[] {
  const names: string[] = [];
  walk(program, (node) => {
    const value = node.type === 'Property' ? childOf(node, 'value') : null;
    if (value?.type === 'ArrayExpression' && memberName(childOf(node, 'key'), false) === property) {
      for (const element of nodesOf(value, 'elements')) {
        const name = identifierName(element);
        if (name !== null) names.push(name);
      }
    }
    return 'inside';
  });
  return names;
}

/** Elements and classes among what is handed over, wherever in it. */
function componentsIn(call: Node): readonly string[] {
  const names: string[] = [];
  for (const argument of nodesOf(call, 'arguments')) {
    walk(argument, (node) => {
      const name = identifierName(node.type === 'JSXOpeningElement' ? childOf(node, 'name') : node);
      if (name !== null && /^[A-Z]/.test(name)) names.push(name);
      return 'inside';
    });
  }
  return names;
}
