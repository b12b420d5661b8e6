/** `T x = open(); use(x);` becomes `try (T x = open()) { use(x); }`. */
import { append } from '../../../append.ts';
import type { Edit, Fix } from '../../../findings/edit.ts';
import { releaseStatements, type ReleaseStatement } from '../../fixing/release-statements.ts';
import { contains, fixOf, indentAt, indentUnit, lineBreakOf, removal } from '../../fixing/source-edits.ts';
import { childInField, type SyntaxNode } from '../../tree-sitter.ts';
import { isHandled } from './exceptions.ts';
import { endsResult, usesToCome } from './pending.ts';
import { guardEdits, hoistedText, regionOf, type Region } from './region.ts';
import { releasesOf } from './releases.ts';
import type { Site } from './site.ts';
import { isAssignedIn, laterCases, mentions, mentionsOf, statementsIn, type Declaration } from './syntax.ts';
import { typeOf } from './temporaries.ts';
import { earlierDeclaration, variableFor } from './variables.ts';

const style = 'try-with-resources';

export function tryWithResources(site: Site): Fix[] {
  const { form, request } = site;
  const { remedy } = request;
  if (remedy === null || !remedy.calls.includes('$.close()') || remedy.isTransferred) return [];
  // The rules know that it is none everywhere: its type became one in a later version of the platform.
  if (remedy.style === 'try-finally') return [];
  if (remedy.isScoped === false || (remedy.isScoped === null && remedy.style !== style)) return [];
  if (!isHandled(site.path, remedy.throws, site.text)) return [];
  if (form.kind === 'declared') return declared(site, form.declaration);
  return form.kind === 'assigned' ? assigned(site, form.name, form.value) : [];
}

function declared(site: Site, declaration: Declaration): Fix[] {
  const { text, statement } = site;
  const { name, value } = declaration;
  const region = regionOf(site, name);
  if (region === null || value === null) return [];
  // A variable of one `case` that another one uses.
  if (endsResult(site, region, name) || laterCases(site.path, site.block).some((one) => mentions(one, name, text)))
    return [];
  if (region.guarded.some((one) => isAssignedIn(one, name, text))) return [];
  const heads = resourceTexts(site, text.slice(statement.start, value.start), value);
  return heads.map(({ text: head, edits }) => closing(site, name, region, [...edits, ...header(site, region, head)]));
}

/** Stands for a line break and the column under the first resource, which depends on where the `try` goes. */
const nextResource = '\0';

function aligned(resources: string, text: string, at: SyntaxNode): string {
  const column = ' '.repeat('try ('.length);
  return resources.replaceAll(nextResource, lineBreakOf(text) + indentAt(text, at.start) + column);
}

/** The variable alone, or what it wraps as a resource of its own, for wrappers whose construction may fail. */
function resourceTexts(site: Site, target: string, value: SyntaxNode): { text: string; edits: readonly Edit[] }[] {
  const { text, acquisition } = site;
  const whole = { text: target + text.slice(value.start, value.end), edits: [] };
  if (acquisition === value) return [whole];
  const type = typeOf(site);
  if (type === null) return [whole];
  const name = variableFor(type.text, site.path, text);
  const inner = `${type.text} ${name} = ${text.slice(acquisition.start, acquisition.end)}`;
  const outer = target + text.slice(value.start, acquisition.start) + name + text.slice(acquisition.end, value.end);
  return [whole, { text: `${inner};${nextResource}${outer}`, edits: type.edits }];
}

/** Where the block is the body of a `try` that starts here and ends with the region, the resource joins it. */
function header(site: Site, region: Region, resource: string): readonly Edit[] {
  const joined = joinedEdits(site, region, resource);
  if (joined !== null) return joined;
  const { text, statement } = site;
  const before = hoistedText(region, site);
  return [
    { start: statement.start, end: statement.end, text: `${before}try (${aligned(resource, text, statement)}) {` },
    ...guardEdits(site, region, indentUnit(text, '    '), '}'),
  ];
}

function joinedEdits(site: Site, region: Region, resource: string): readonly Edit[] | null {
  const { text, statement, block, path, index } = site;
  const around = path.at(-3);
  if (around === undefined || block.field !== 'body' || index !== 0 || !region.isToEnd || region.hoisted.length > 0)
    return null;
  const removals = region.removed.map((one) => removal(text, one.statement));
  if (around.type === 'try_with_resources_statement') {
    const list = childInField(around, 'resources');
    const last = list?.children.at(-1);
    if (last === undefined || list === null) return null;
    // On a line of its own, under the one before.
    const column = last.start - (text.lastIndexOf('\n', last.start - 1) + 1);
    const lead = text.slice(last.start - column, last.start).replace(/[^\t]/g, ' ');
    return [
      { start: last.end, end: last.end, text: `;${lineBreakOf(text)}${lead}${aligned(resource, text, around)}` },
      removal(text, statement),
      ...removals,
    ];
  }
  if (around.type !== 'try_statement') return null;
  return [
    { start: block.start, end: block.start, text: `(${aligned(resource, text, around)}) ` },
    removal(text, statement),
    ...removals,
  ];
}

/** `T x = null; try { x = open(); … } finally { if (x != null) x.close(); }`: the variable moves into the `try`. */
function assigned(site: Site, name: string, value: SyntaxNode): Fix[] {
  const { text, path, statement, index, statements } = site;
  const declaration = earlierDeclaration(path, statement, name, text);
  if (declaration === null) return [];
  if (declaration.value !== null && declaration.value.type !== 'null_literal') return [];
  const region = regionOf(site, name);
  const holder = path.findIndex((node) => node.children.includes(declaration.node));
  const scope = path[path[holder]?.type === 'switch_block_statement_group' ? holder - 1 : holder];
  if (region === null || scope === undefined || endsResult(site, region, name)) return [];
  if (region.guarded.some((one) => isAssignedIn(one, name, text))) return [];
  const releases = releaseStatements(scope, releasesOf(site, name));
  if (releases === null) return [];
  const outside = releases.filter(({ statement: one }) => !within(site, region, one));
  // Everybody else who mentions it has to go with its release.
  const others = mentionsOf(scope, name, text).filter(
    (one) =>
      !contains(declaration.node, one) &&
      !contains(statement, one) &&
      !within(site, region, one) &&
      !outside.some((release) => contains(release.statement, one)),
  );
  if (others.length > 0 || index < 0 || statements.length === 0) return [];
  const cleared = clearedEdits(outside, text);
  if (cleared === null) return [];
  const type = text.slice(declaration.type.start, declaration.type.end);
  const heads = resourceTexts(site, `${type} ${name} = `, value);
  const gone: Region = { ...region, removed: [], swallows: outside.some((one) => one.swallows) || region.swallows };
  return heads.map(({ text: head, edits }) =>
    closing(site, name, gone, [...edits, ...header(site, region, head), removal(text, declaration.node), ...cleared]),
  );
}

function within({ statement }: Site, { guarded, removed }: Region, node: SyntaxNode): boolean {
  return (
    (statement.start <= node.start && node.end <= (guarded.at(-1)?.end ?? statement.end)) ||
    removed.some((one) => contains(one.statement, node))
  );
}

/** Releases outside the region go, with the `finally` that has nothing else to do; null: a `try` would be left bare. */
function clearedEdits(releases: readonly ReleaseStatement[], text: string): Edit[] | null {
  const edits: Edit[] = [];
  const byBlock = new Map<SyntaxNode, ReleaseStatement[]>();
  for (const release of releases) {
    const parent = release.parents.at(-1);
    if (parent?.type !== 'block') return null;
    append(byBlock, parent, release);
  }
  for (const [block, inBlock] of byBlock) {
    const parents = inBlock[0]?.parents ?? [];
    const clause = parents.at(-2);
    const isEmptied = statementsIn(block).length === inBlock.length;
    if (clause?.type === 'finally_clause' && isEmptied) {
      const owner = parents.at(-3);
      // Without a catch the `try` has to get the resource, or it guards nothing.
      if (owner === undefined) return null;
      const start = text.slice(0, clause.start).trimEnd().length;
      edits.push({ start, end: clause.end, text: '' });
    } else if (isEmptied && clause?.type !== 'catch_clause' && clause?.type !== 'finally_clause') {
      return null;
    } else {
      edits.push(...inBlock.map(({ statement }) => removal(text, statement)));
    }
  }
  return edits;
}

function closing(site: Site, name: string, region: Region, edits: readonly Edit[]): Fix {
  const reasons = [
    ...usesToCome(site, region, name),
    ...(region.swallows ? [`an exception that closing \`${name}\` throws is no longer swallowed`] : []),
    ...(region.delays ? [`\`${name}\` is closed after what is returned is computed`] : []),
    ...(region.keepsRelease ? [`\`${name}\` is also closed explicitly, which then happens twice`] : []),
    ...(site.request.remedy?.isScoped === null ? ['the type of the resource is not known to be AutoCloseable'] : []),
  ];
  return fixOf({ title: `Close \`${name}\` with try-with-resources`, style, edits }, reasons);
}
