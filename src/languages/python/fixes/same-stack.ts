/**
 * What is opened inside a `with ExitStack() as stack:` and released right behind it goes to that stack, too:
 *
 *     with ExitStack() as stack:
 *         source = stack.enter_context(open(path))
 *         target = open(copy, 'w')
 *         target.write(source.read())
 *     target.close()
 */
import type { Fix } from '../../../findings/edit.ts';
import { releaseStatements } from '../../fixing/release-statements.ts';
import { fixOf, removal, textOf } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { statementsBehind } from './exit-stack.ts';
import { derivedNames, finish } from './region.ts';
import { releasesOf } from './releases.ts';
import type { Site } from './site.ts';
import { isFunction, mentions, nodesOf, statementsIn } from './syntax.ts';
import { managerOf, reasonsOf } from './with.ts';

export function sameStack(site: Site): Fix[] {
  const { text, assignment, expression, path, statement, habits } = site;
  const manager = managerOf(site);
  if (manager?.keyword !== 'with' || assignment?.value !== expression) return [];
  const fn = path.findLastIndex(isFunction);
  const at = path.findLastIndex((node, index) => index > fn && stackOf(node, text) !== null);
  const [around, block] = [path[at], path[at - 1]];
  const stack = around === undefined ? null : stackOf(around, text);
  if (around === undefined || block === undefined || stack === null) return [];
  // In a loop inside, those of all rounds would stay open.
  if (path.slice(at).some(({ type }) => /^(?:for|while)_statement$/.test(type))) return [];
  const { name } = assignment;
  const later = statementsBehind(path.slice(fn), statement);
  const names = [name, ...derivedNames(later, name, text, habits)];
  const outside = later.filter((one) => one.start >= around.end && names.some((it) => mentions(one, it, text)));
  const behind = statementsIn(block).slice(statementsIn(block).indexOf(around) + 1);
  const released = behind.slice(0, outside.length);
  const within: SyntaxNode = { ...block, children: released };
  const releases = releaseStatements(within, releasesOf(site, name)) ?? [];
  if (outside.some((one) => !releases.some(({ statement: release }) => release === one))) return [];
  const body = childInField(around, 'body');
  const region = finish(site, name, body === null ? [] : statementsIn(body), releases);
  const edits = [
    ...manager.edits,
    { start: expression.start, end: expression.start, text: `${stack}.enter_context(${manager.before}` },
    { start: expression.end, end: expression.end, text: `${manager.after})` },
    ...region.removed.map((one) => removal(text, one.statement)),
  ];
  const title = `Open \`${name}\` in the \`ExitStack\` around it`;
  return [fixOf({ title, style: 'exit-stack', edits }, reasonsOf(site, region, name))];
}

/** `with ExitStack() as stack:`: `stack`. */
function stackOf(node: SyntaxNode, text: string): string | null {
  if (node.type !== 'with_statement') return null;
  const [pattern, ...others] = nodesOf(node, 'as_pattern').filter(
    ({ end }) => end <= (childInField(node, 'body')?.start ?? 0),
  );
  if (pattern === undefined || others.length > 0) return null;
  return /^(?:contextlib\.)?ExitStack\(\)\s+as\s+(\w+)$/.exec(textOf(pattern, text))?.[1] ?? null;
}
