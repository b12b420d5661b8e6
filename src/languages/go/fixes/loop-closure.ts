/** What a loop acquires and defers to release gets a function of its own per round. */
import type { Edit, Fix } from '../../../findings/edit.ts';
import {
  contains,
  fixOf,
  indentAt,
  indented,
  indentUnit,
  lineBreakOf,
  pathTo,
  textOf,
  written,
} from '../../fixing/source-edits.ts';
import { childInField, childOfType, type SyntaxNode } from '../../tree-sitter.ts';
import { listed, parts, statementsOf } from '../lower/nodes.ts';
import type { Site } from './site.ts';

export function ownFunctionPerRound(site: Site): Fix[] {
  const { loop, text, request, statement, fn, value } = site;
  const [call] = request.remedy?.calls ?? [];
  if (loop === null || value === null || call === undefined || request.remedy?.isTransferred === true) return [];
  const body = childInField(loop, 'body');
  const statements = statementsOf(body);
  const at = statements.findIndex((one) => contains(one, statement));
  const [first, last] = [statements[0], statements.at(-1)];
  if (body === null || first === undefined || last === undefined || at < 0) return [];
  const jumps = jumpsIn(body);
  if (jumps.some(({ type }) => type === 'break_statement' || type === 'goto_statement')) return [];
  if (jumps.some((jump) => jump.type === 'continue_statement' && jump.children.length > 1)) return [];
  const returns = jumps.filter(({ type }) => type === 'return_statement');
  const yieldsError = returnsErrorOnly(fn, text);
  // What ends the loop well would end a round only, and the next would begin.
  if (returns.length > 0 && !(yieldsError && returns.every((one) => isFailure(one, body, site)))) return [];
  const isDeferred = request.check === 'defer-in-loop';
  if (!isDeferred && (request.remedy?.releasedAt.length ?? 0) > 0) return [];
  const unit = indentUnit(text, '\t');
  const inner = indentAt(text, first.start);
  const line = lineBreakOf(text) + inner;
  const fails = returns.length > 0;
  const head = fails ? 'if err := func() error {' : 'func() {';
  const tail = fails ? `${unit}return nil${line}}(); err != nil {${line}${unit}return err${line}}` : '}()';
  const continues = jumps.filter(({ type }) => type === 'continue_statement');
  const deferSpot = isDeferred ? null : deferAt(site);
  if (!isDeferred && deferSpot === null) return [];
  const edits: Edit[] = [
    { start: first.start, end: first.start, text: head + line + unit },
    ...indented(text, { start: first.start, end: last.end }, unit, []).filter(({ start }) => start > first.start),
    ...continues.map(({ start, end }) => ({ start, end, text: fails ? 'return nil' : 'return' })),
    ...(deferSpot === null
      ? []
      : [{ start: deferSpot, end: deferSpot, text: `${line}${unit}defer ${written(call, value)}` }]),
    { start: last.end, end: last.end, text: line + tail },
  ];
  return [
    fixOf(
      {
        title: `Give each round a function of its own, so that \`${value}\` is released at its end`,
        style: 'loop-closure',
        edits,
      },
      ['the releases happen earlier than before, and the body of the loop becomes a function'],
    ),
  ];
}

function deferAt({ statement, siblings, error, text }: Site): number | null {
  const next = siblings[siblings.indexOf(statement) + 1];
  if (error === null) return statement.end;
  const condition = next?.type === 'if_statement' ? childInField(next, 'condition') : null;
  const isTest = condition !== null && textOf(condition, text).replaceAll(' ', '').startsWith(`${error}!=nil`);
  return isTest && next !== undefined ? next.end : null;
}

/** Jumps out of the loop's body, those of loops, switches and functions inside it left out where they stay there. */
function jumpsIn(body: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode, inLoop: boolean, inSwitch: boolean): void => {
    if (node.type === 'func_literal') return;
    const isBound =
      (node.type === 'break_statement' && (inLoop || inSwitch)) || (node.type === 'continue_statement' && inLoop);
    if (/^(?:break|continue|return|goto)_statement$/.test(node.type) && !(isBound && node.children.length <= 1))
      found.push(node);
    const isLoop = node.type === 'for_statement';
    const isSwitch = /_switch_statement$|^select_statement$/.test(node.type);
    for (const child of node.children) visit(child, inLoop || isLoop, inSwitch || isSwitch);
  };
  for (const child of body.children) visit(child, false, false);
  return found;
}

/** `return err` where `err != nil`, `return errors.New(…)`: certainly an error. */
function isFailure(jump: SyntaxNode, body: SyntaxNode, { text, habits }: Site): boolean {
  const [value, ...others] = listed(childOfType(jump, 'expression_list'));
  if (value === undefined || others.length > 0) return false;
  const tests = pathTo(body, jump).flatMap((node) => {
    const consequence = node.type === 'if_statement' ? childInField(node, 'consequence') : null;
    const condition = consequence !== null && contains(consequence, jump) ? childInField(node, 'condition') : null;
    return condition === null ? [] : [textOf(condition, text).replaceAll(' ', '')];
  });
  const isError = (one: SyntaxNode): boolean =>
    tests.includes(`${textOf(one, text)}!=nil`) || habits.errorValues?.test(textOf(one, text)) === true;
  if (value.type !== 'call_expression') return isError(value);
  const callee = textOf(childInField(value, 'function') ?? value, text);
  const [given] = parts(childInField(value, 'arguments') ?? value);
  if (habits.errorMakers?.test(callee) === true) return true;
  return habits.errorWrappers?.test(callee) === true && given !== undefined && isError(given);
}

function returnsErrorOnly(fn: SyntaxNode, text: string): boolean {
  const result = childInField(fn, 'result');
  if (result === null) return false;
  const only = result.type === 'parameter_list' ? childOfType(result, 'parameter_declaration') : result;
  return only !== null && textOf(result, text).replace(/[()\s]/g, '') === 'error';
}
