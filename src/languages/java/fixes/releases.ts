/** How statements of Java look that only release one thing. */
import type { ReleaseGrammar, ReleaseStatement } from '../../fixing/release-statements.ts';
import { contains, textOf } from '../../fixing/source-edits.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../lower/nodes.ts';
import { mayCatch } from './exceptions.ts';
import type { Site } from './site.ts';
import { hasCall, isBlock, mentions, statementsIn } from './syntax.ts';

export function releasesOf(site: Site, name: string): ReleaseGrammar {
  const { text, request } = site;
  const { remedy } = request;
  // A lock is the same by all its names: `this.lock.lock(); … lock.unlock();`.
  const isMeant = (node: SyntaxNode): boolean => remedy?.isReceiver === true || mentions(node, name, text);
  const mayFail = remedy?.throws?.length !== 0;
  // `release(connection)`, `IOUtils.closeQuietly(in)`: what becomes of an exception there nobody sees here.
  const isGiven = (node: SyntaxNode): boolean => mayFail && isArgument(node, name, text);
  return {
    remedy,
    isMeant,
    // The release of a wrapper may do more than that: it flushes.
    callIn: (statement) => parts(statement).slice(0, 1).find(isMeant) ?? null,
    isThere: (condition) =>
      isMeant(condition) && /^\((?:null\s*!=\s*\w+|\w+\s*!=\s*null)\)$/.test(textOf(condition, text)),
    swallows: (path) => path.slice(-1).some((one) => swallowsIn(one) || isGiven(one)) || isCaught(path, site),
    isOnlyContent,
    computes: hasCall,
    isBlock,
    statementsIn,
    leaves: ({ type }) => type === 'return_statement' || type === 'throw_statement',
    goesOn: ({ type }) => /^(?:for|enhanced_for|while|do)_statement$/.test(type) || type.includes('switch'),
  };
}

function isArgument(node: SyntaxNode, name: string, text: string): boolean {
  const given = node.type === 'argument_list' && node.children.some((one) => textOf(one, text) === name);
  return given || node.children.some((child) => isArgument(child, name, text));
}

function swallowsIn(node: SyntaxNode): boolean {
  return node.type === 'try_statement' || node.children.some(swallowsIn);
}

/** A clause around the release catches what it throws, and would not where the site's statement is. */
function isCaught(path: readonly SyntaxNode[], { statement, request, text }: Site): boolean {
  const types = request.remedy?.throws ?? ['java.lang.Exception'];
  return path.some((body, at) => {
    const around = path[at - 1];
    if (body.field !== 'body' || around === undefined || contains(body, statement)) return false;
    return types.some((type) => mayCatch(around, type, text));
  });
}

/** The only statement of a clause, or the whole branch of an `if`. */
function isOnlyContent({ parents }: ReleaseStatement): boolean {
  const parent = parents.at(-1);
  if (parent?.type !== 'block') return true;
  const clause = parents.at(-2)?.type;
  return parent.children.length === 1 && (clause === 'finally_clause' || clause === 'try_statement');
}
