/** `use(open());` becomes `try (T t = open()) { use(t); }`: what has no name gets one. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  fixOf,
  indented,
  indentAt,
  indentUnit,
  lineBreakOf,
  nextLine,
  pathTo,
  textOf,
} from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { parts } from '../lower/nodes.ts';
import { isHandled } from './exceptions.ts';
import { writtenType, type WrittenType } from './imports.ts';
import { endsResult, usesOfDeclared } from './pending.ts';
import { guardEdits, regionOf } from './region.ts';
import { wraps } from './kept.ts';
import type { Site } from './site.ts';
import { declarationOf, hasCall, isFunction, textBlocksIn } from './syntax.ts';
import { releaseOf } from './try-finally.ts';
import { variableFor } from './variables.ts';

const wrappable = /^(?:expression|return|throw|if|enhanced_for|assert|yield)_statement$|^switch_expression$/;

export function namedTemporary(site: Site): Fix[] {
  const { text, request, statement, acquisition, path } = site;
  const { remedy } = request;
  if (site.form.kind !== 'temporary' || remedy?.calls[0] === undefined || remedy.isTransferred) return [];
  const parent = path.at(-2);
  if (statement.type === 'if_statement' && parent?.type === 'if_statement') return [];
  // A name alone is no statement.
  if (
    statement.type === 'expression_statement' &&
    acquisition.end === statement.end - 1 &&
    acquisition.start === statement.start
  )
    return [];
  const type = typeOf(site);
  if (type === null || isKept(site) || isConditional(site)) return [];
  const declaration = declarationOf(statement, text);
  if (declaration === null && !wrappable.test(statement.type)) return [];
  const name = variableFor(type.text, path, text);
  const value = text.slice(acquisition.start, acquisition.end);
  const unit = indentUnit(text, '    ');
  const indent = indentAt(text, statement.start);
  // What stood before it in the statement now comes after it.
  const isFirst = !isPrecededByCall(statement, acquisition);
  const renamed: Edit = { start: acquisition.start, end: acquisition.end, text: name };
  const isScoped =
    remedy.calls.includes('$.close()') &&
    remedy.style !== 'try-finally' &&
    (remedy.isScoped === true || (remedy.isScoped === null && remedy.style === 'try-with-resources')) &&
    isHandled(path, remedy.throws, text);
  const release = releaseOf(site, name);
  const head = isScoped
    ? `try (${type.text} ${name} = ${value}) {`
    : `${type.text} ${name} = ${value};${lineBreakOf(text)}${indent}try {`;
  const tail = isScoped
    ? '}'
    : ['} finally {', ...release.lines.map((line) => unit + line), '}'].join(lineBreakOf(text) + indent);
  const region =
    declaration === null ? null : regionOf({ ...site, index: site.index - 1 }, declaration.name, site.index);
  if (declaration !== null && (region === null || region.hoisted.length > 0)) return [];
  const guarded = region?.guarded.filter((one) => one !== statement) ?? [];
  if (remedy.givesResource && statement.type === 'return_statement' && outlives(site)) return [];
  if (declaration !== null && endsResult(site, { guarded, removed: [] }, declaration.name)) return [];
  const edits: Edit[] = [
    ...type.edits,
    ...(isScoped ? [] : release.edits),
    { start: statement.start, end: statement.start, text: head + lineBreakOf(text) + indent + unit },
    renamed,
    ...indented(
      text,
      { start: nextLine(text, statement.start), end: statement.end },
      unit,
      textBlocksIn(statement, text),
    ).filter(({ start }) => start > statement.start && !(start > acquisition.start && start < acquisition.end)),
    ...guardEdits(
      site,
      {
        guarded,
        hoisted: [],
        removed: region?.removed ?? [],
        keepsRelease: false,
        delays: false,
        swallows: false,
        isToEnd: false,
      },
      unit,
      tail,
    ),
  ];
  const reasons = [
    ...(isScoped ? [] : release.reasons),
    ...(outlives(site) ? [`what it gives may need \`${name}\` later`] : []),
    ...(declaration === null ? [] : usesOfDeclared(site, declaration, guarded, name)),
    ...(isFirst ? [] : ['it is now acquired before what stood before it in the statement']),
  ];
  const title = `Name the ${request.resourceType} \`${name}\` and ${isScoped ? 'close it with try-with-resources' : 'release it in a `finally`'}`;
  return [fixOf({ title, style: isScoped ? 'named-try-with-resources' : 'named-try-finally', edits }, reasons)];
}

/** `if (wanted) use(open());`, `wanted ? open() : null`: before the statement it would be opened on the other paths as well. */
function isConditional({ statement, acquisition, text }: Site): boolean {
  const path = pathTo(statement, acquisition);
  return path.some((node, at) => {
    const field = path[at + 1]?.field;
    switch (node.type) {
      case 'ternary_expression':
      case 'if_statement':
      case 'switch_expression':
        return path[at + 1] !== undefined && field !== 'condition';
      case 'enhanced_for_statement':
        return field !== 'value';
      case 'binary_expression': {
        const operator = childInField(node, 'operator');
        return field === 'right' && operator !== null && /^(?:&&|\|\|)$/.test(textOf(operator, text));
      }
      default:
        return false;
    }
  });
}

/** A field that it is assigned to, or what is made of it and returned, has it when the statement is over. */
function isKept(site: Site): boolean {
  const { statement, acquisition } = site;
  const value = valueOf(statement);
  if (value === null) return false;
  const isWhole = value.start === acquisition.start && value.end === acquisition.end;
  return (
    isWhole ||
    isGivenToMaker(site, value) ||
    wraps(value, ({ start, end }) => start === acquisition.start && end === acquisition.end)
  );
}

/** `this.server = spy(new Server())`: what a call made of it outlives the statement, unless it is a plain value. */
function isGivenToMaker({ statement, acquisition, text, habits }: Site, value: SyntaxNode): boolean {
  if (statement.type !== 'expression_statement' || value.type !== 'method_invocation') return false;
  const name = childInField(value, 'name');
  const given = childInField(value, 'arguments')?.children ?? [];
  const isGiven = given.some(({ start, end }) => start === acquisition.start && end === acquisition.end);
  return isGiven && name !== null && habits.plainResults?.test(textOf(name, text)) !== true;
}

/** `return open().getSystem()`: of a method of it, unless the result is a plain value. */
function outlives({ statement, acquisition, path, text }: Site): boolean {
  const value = valueOf(statement);
  if (value?.type !== 'method_invocation') return false;
  let object: SyntaxNode | null = value;
  while (object !== null && object.start === acquisition.start && object.end > acquisition.end)
    object = childInField(object, 'object');
  if (object?.end !== acquisition.end) return false;
  const around = path.findLast(isFunction);
  const result = statement.type !== 'return_statement' || around === undefined ? null : childInField(around, 'type');
  return result === null || !/^(?:[a-z]+(?:\[\])?|String|Integer|Long|Boolean|Double)$/.test(textOf(result, text));
}

/** What a statement returns or assigns to something that is there longer. */
function valueOf(statement: SyntaxNode): SyntaxNode | null {
  if (statement.type === 'return_statement') return parts(statement)[0] ?? null;
  const assignment = childOfType(statement, 'assignment_expression');
  return assignment === null ? null : childInField(assignment, 'right');
}

/** `client.send(request);`: the answer nobody looks at is released on the spot. */
export function releasedOnTheSpot(site: Site): Fix[] {
  const { statement, acquisition, request, text } = site;
  const call = request.remedy?.calls[0];
  if (site.form.kind !== 'temporary' || call?.startsWith('$.') !== true || statement.type !== 'expression_statement')
    return [];
  if (acquisition.end !== statement.end - 1 || acquisition.start !== statement.start) return [];
  if (!isHandled(site.path, request.remedy?.throws ?? null, text)) return [];
  const edits = [{ start: acquisition.end, end: acquisition.end, text: call.slice(1) }];
  const title = `Release the ${request.resourceType} nobody uses`;
  const isNew = acquisition.type === 'object_creation_expression';
  const reasons = isNew ? [] : ['where the call gives null, the release fails'];
  return [fixOf({ title, style: 'release-at-once', edits }, reasons)];
}

/** As the source says where it is constructed, else as far as it is known. */
export function typeOf({ acquisition, request, file, text }: Site): WrittenType | null {
  if (acquisition.type === 'object_creation_expression') {
    const type = childInField(acquisition, 'type');
    if (type === null || acquisition.children.some((child) => child.type === 'class_body')) return null;
    return { text: text.slice(type.start, type.end).replace(/<\s*>/, '<?>'), edits: [] };
  }
  const type = request.remedy?.type;
  return type === null || type === undefined ? null : writtenType(type, file);
}

function isPrecededByCall(statement: SyntaxNode, acquisition: SyntaxNode): boolean {
  return statement.children.some((child) => {
    if (child.start >= acquisition.start) return false;
    if (child.end <= acquisition.start) return hasCall(child);
    return isPrecededByCall(child, acquisition);
  });
}
