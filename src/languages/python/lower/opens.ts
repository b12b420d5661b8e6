/**
 * Ways to open a file that only their look tells apart: `open(p).read()`, whose file nobody can close, and
 * `p.open("rb")` on something of unknown type. They get callees and types of their own, for the rules to speak of.
 */
import type { Argument, PlaceId } from '../../../ir/ir.ts';
import { placeValue } from '../../lowering/values.ts';
import { childInField, spanOf, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { fieldType } from '../fields.ts';
import { isTypeName, parts } from '../nodes.ts';
import type { Base, Call } from './calls.ts';
import type { Frame } from './frame.ts';

/** As the scope of a call of `open` whose file is used in its own expression and never stored. */
const inlineScope = 'inline_file';

/** As the type of what has an `open` that takes a mode. */
const openerType = 'file_opener';

/** `json.load(open(p))`: the arguments of a reader are used here and nowhere else. */
export function markInlineArguments(frame: Frame, call: SyntaxNode, name: string): void {
  const list = frame.habits.readers?.test(name) === true ? childInField(call, 'arguments') : null;
  for (const argument of list === null ? [] : parts(list)) markInline(frame, argument);
}

/** What is gone through here and nowhere else, `open(p)`, and what that reads in turn: `csv.reader(open(p))`. */
export function markInline(frame: Frame, written: SyntaxNode): void {
  const node = withoutParentheses(written);
  frame.inline.add(node);
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  const list = callee === null ? null : childInField(node, 'arguments');
  if (callee === null || list?.type !== 'argument_list') return;
  const named = callee.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  if (named === null || frame.habits.lazyResults?.test(frame.textOf(named)) !== true) return;
  for (const argument of parts(list)) markInline(frame, argument);
}

interface WrittenArguments {
  readonly list: SyntaxNode | null;
  readonly written: readonly Argument[];
}

/**
 * `ZipFile(fileobj)`, `Image.open(rev.data)`: by its name the first argument is a file, for the rules to speak of. So is a
 * parameter that is asked for what only files have: `given.seek(0)`.
 */
export function typedFiles(frame: Frame, callee: string, { list, written }: WrittenArguments): readonly Argument[] {
  const { fileNames } = frame.habits;
  const [node] = list?.type === 'argument_list' ? parts(list) : [];
  const [first, ...others] = written;
  if (fileNames === null || node === undefined || first?.value.kind !== 'place' || first.name !== null) return written;
  if (!fileNames.takers.test(callee) && !isTypeName(callee)) return written;
  const named = node.type === 'attribute' ? childInField(node, 'attribute') : node;
  if (named?.type !== 'identifier') return written;
  const name = frame.textOf(named);
  const asked = named === node ? frame.bindings.asked.get(name) : undefined;
  if (!fileNames.names.test(name) && !fileNames.methods.some((method) => asked?.has(method) === true)) return written;
  const place = frame.builder.places.get(first.value.place);
  if (place.kind === 'local' && (place.name === null || place.typeHint !== null)) return written;
  const file = frame.builder.places.synthetic(null, fileNames.type);
  frame.builder.assign(file, first.value, spanOf(node));
  return [{ ...first, value: placeValue(file) }, ...others];
}

/** The base under which the call of `open` is known, where it is one of these. */
export function openedBase(frame: Frame, link: SyntaxNode, base: Base, call: Call & { isChained: boolean }): Base {
  const { openers, toldHow } = frame.habits;
  const callee = childInField(link, 'function');
  const member = callee?.type === 'attribute' ? childInField(callee, 'attribute') : null;
  const isInline = call.isChained || frame.inline.has(link);
  if (base.kind === 'name') {
    const { named } = base;
    const isBuiltin = member === null && named.kind === 'free';
    const name = member === null ? named.text : `${named.text}.${frame.textOf(member)}`;
    if (!isInline || (member === null && !isBuiltin) || openers?.test(name) !== true) return base;
    const scope = { kind: 'scope', text: inlineScope, sort: 'module' } as const;
    return { kind: 'name', named: isBuiltin ? { ...scope, text: `${inlineScope}.${name}` } : scope };
  }
  const isOpen = member !== null && frame.textOf(member) === toldHow?.method;
  if (base.kind !== 'value' || base.value.kind !== 'place' || !isOpen || frame.dropped.has(link)) return base;
  if (!isUntyped(frame, base.value.place) || !(hasMode(frame, call.args) || (isInline && call.args.length === 0)))
    return base;
  const opener = frame.builder.places.synthetic(null, isInline ? inlineScope : openerType);
  frame.builder.assign(opener, base.value, spanOf(link));
  return { kind: 'value', value: placeValue(opener) };
}

/** A variable, or a field of this object, of which nothing tells the type. */
function isUntyped(frame: Frame, id: PlaceId): boolean {
  const place = frame.builder.places.get(id);
  if (place.kind === 'local') return place.name !== null && place.typeHint === null;
  if (place.kind !== 'path' || place.root !== frame.thisPlace() || place.fields.length > 1) return false;
  const field = frame.output.unit.owner?.fields.get(place.fields[0] ?? '');
  return field === undefined || fieldType(field) === null;
}

/** `"rb"`, `mode="w"` */
function hasMode({ habits: { toldHow } }: Frame, args: readonly Argument[]): boolean {
  if (toldHow === null) return false;
  // What it is called on stands for the path, the argument before the mode.
  const { modes, modeName, modeAt } = toldHow;
  const mode = args.find(({ name }, index) => name === modeName || (index === modeAt - 1 && name === null))?.value;
  return mode?.kind === 'literal' && mode.literal.kind === 'string' && modes.test(mode.literal.text);
}
