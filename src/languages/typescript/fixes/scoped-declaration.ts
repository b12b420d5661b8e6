/** `const file = await open(path);` becomes `await using file = await open(path);`: the end of the block releases it. */
import { satisfies } from 'semver';
import type { Fix } from '../../../findings/edit.ts';
import type { Target } from '../../language.ts';
import { fixOf, removal } from '../../fixing/source-edits.ts';
import { isSet, partsOf, textIn, type Node } from '../nodes.ts';
import { hasCall } from './guard.ts';
import { awaitedReturns } from './pending.ts';
import { regionOf } from './region.ts';
import type { Site } from './site.ts';
import { isAssignedIn } from './taken-back.ts';

export function scopedDeclaration(site: Site, target: Target): Fix[] {
  const { request, value, statement, statements, index, block, fn, text } = site;
  const keyword = keywordFor(site, target);
  // A file that is no module has none at its top, and no `case` has them.
  if (keyword === null || value === null || value !== request.variable || block.type !== 'BlockStatement') return [];
  if (keyword === 'await using' && !isSet(fn, 'async')) return [];
  if (statement.type !== 'VariableDeclaration' || !/^(?:const|let)$/.test(textIn(statement, 'kind'))) return [];
  const region = regionOf(site);
  const rest = statements.slice(index + 1);
  if (region === null || region.guarded.length === 0 || region.keepsRelease || region.delays) return [];
  // Nothing is to wait behind its last use, and nothing is to be released twice.
  const behind = rest.filter(
    (one) =>
      !region.guarded.includes(one) &&
      !region.removed.some(({ start, end }) => start === one.range[0] && end === one.range[1]),
  );
  if (behind.some(hasCall) || rest.some((one) => isAssignedIn(one, value))) return [];
  const awaited = awaitedReturns(site, region.guarded, value);
  const start = statement.range[0];
  const edits = [
    { start, end: start + textIn(statement, 'kind').length, text: keyword },
    ...awaited.edits,
    ...region.removed.map((one) => removal(text, one)),
  ];
  return [
    fixOf(
      { title: `Declare \`${value}\` with \`${keyword}\``, style: keyword.replace(' ', '-'), edits },
      awaited.reasons,
    ),
  ];
}

function keywordFor({ request: { remedy }, file, text }: Site, target: Target): 'using' | 'await using' | null {
  if (remedy === null || remedy.isReceiver) return null;
  if (!target.constructs.has('using') && !(/\busing\s/.test(text) && isWrittenIn(file.program))) return null;
  const { style, styleSince, declared, releasedAt } = remedy;
  if (style === 'using' || style === 'await using') {
    const isThere = styleSince === null || (target.platform !== null && satisfies(target.platform, `>=${styleSince}`));
    return isThere ? style : null;
  }
  // Nobody knows whether a class disposes of itself by what this function calls elsewhere.
  if (releasedAt.length > 0) return null;
  if (declared.includes('[Symbol.dispose]')) return 'using';
  return declared.includes('[Symbol.asyncDispose]') ? 'await using' : null;
}

/** The file does so already. */
function isWrittenIn(node: Node): boolean {
  const isUsing = node.type === 'VariableDeclaration' && textIn(node, 'kind').endsWith('using');
  return isUsing || partsOf(node).some(isWrittenIn);
}
