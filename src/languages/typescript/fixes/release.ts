/** How a release is written here: awaited or not, and by which name its function goes. */
import { written } from '../../fixing/source-edits.ts';
import { childOf, partsOf, identifierName, isSet, type Node } from '../nodes.ts';
import { pathTo, textOf, type Site } from './site.ts';

/** A statement, with a semicolon where the acquisition has one; null: nobody knows how to release it. */
export function releaseText(site: Site, value: string): string | null {
  const call = releaseCall(site, value);
  if (call === null) return null;
  const semicolon = /;\s*$/.test(textOf(site.statement, site.text)) ? ';' : '';
  const isAwaited = isReleaseAwaited(site);
  const whole = (written: string): string => `${isAwaited ? 'await ' : ''}${written}${semicolon}`;
  const chosen = chosenAround(site);
  if (chosen === null || site.request.remedy?.takesEmpty === true) return whole(call);
  const isMember = call.startsWith(`${value}.`);
  // A descriptor may be 0.
  const test = /\?\s*null\b|\bnull$/.test(textOf(chosen, site.text)) ? `${value} !== null` : value;
  return isMember ? whole(`${value}?${call.slice(value.length)}`) : `if (${test}) ${whole(call)}`;
}

/** `isWanted ? open() : null` */
function chosenAround({ path, statement }: Site): Node | null {
  const within = path.slice(path.indexOf(statement));
  return (
    within.find((node, at) => node.type === 'ConditionalExpression' && childOf(node, 'test') !== within[at + 1]) ?? null
  );
}

export function releaseCall(
  { request, file, acquisition, text }: Pick<Site, 'request' | 'file' | 'acquisition' | 'text'>,
  value: string,
): string | null {
  const template = request.remedy?.calls[0];
  if (template === undefined) return null;
  const name = /^([A-Za-z_]\w*)\(\$\)$/.exec(template)?.[1];
  if (name === undefined) return written(template, value);
  // `fs.openSync` is released by `fs.closeSync`, an imported `openSync` by `closeSync`, if that is imported, too.
  const callee = childOf(acquisition, 'callee');
  const object = callee?.type === 'MemberExpression' && !isSet(callee, 'computed') ? childOf(callee, 'object') : null;
  if (object?.type === 'Identifier') return written(`${textOf(object, text)}.${template}`, value);
  const opener = identifierName(callee);
  const isImported = opener !== null && importsIn(file.program).has(opener);
  return isImported && !importsIn(file.program).has(name) ? null : written(template, value);
}

function importsIn(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const one of partsOf(program)) {
    if (one.type !== 'ImportDeclaration') continue;
    for (const specifier of partsOf(one)) {
      const name = identifierName(childOf(specifier, 'local'));
      if (name !== null) names.add(name);
    }
  }
  return names;
}

/** As the function does it elsewhere; else as the acquisition was. */
export function isReleaseAwaited({ request, file, isAwaited }: Site): boolean {
  const sites = request.remedy?.releasedAt ?? [];
  if (request.remedy?.isSync === true) return false;
  if (sites.length === 0) return isAwaited && request.remedy?.calls[0] !== '$()';
  return sites.some(({ span }) =>
    pathTo(file.program, span).some((node) => {
      const argument = node.type === 'AwaitExpression' ? childOf(node, 'argument') : null;
      return argument !== null && argument.range[0] === span.start && argument.range[1] === span.end;
    }),
  );
}
