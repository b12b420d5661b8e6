/**
 * Fields that only lend what is put in them: a command uses its files while it runs, and never closes them.
 *
 *     cmd := exec.Command("tool"); cmd.Stdout = log; cmd.ExtraFiles = append(cmd.ExtraFiles, socket)
 */
import type { PlaceId, TypeHint } from '../../../ir/ir.ts';
import { childInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerEffects } from './expressions.ts';
import type { Frame } from './frame.ts';
import { parts } from './nodes.ts';

const lending: ReadonlyMap<TypeHint, ReadonlySet<string>> = new Map([
  ['exec.Cmd', new Set(['Stdin', 'Stdout', 'Stderr', 'ExtraFiles'])],
]);

const makers: ReadonlyMap<string, TypeHint> = new Map([
  ['exec.Command', 'exec.Cmd'],
  ['exec.CommandContext', 'exec.Cmd'],
]);

export function isLent(frame: Frame, target: PlaceId): boolean {
  const { places } = frame.builder;
  const place = places.get(target);
  if (place.kind !== 'path') return false;
  const root = places.get(place.root);
  const hint = root.kind === 'local' ? root.typeHint : null;
  return hint !== null && lending.get(hint)?.has(place.fields.at(-1) ?? '') === true;
}

/** What is lent is evaluated, and goes nowhere; one more of a list is one more lent. */
export function lowerLent(frame: Frame, written: SyntaxNode): void {
  const node = withoutParentheses(written);
  const called = node.type === 'call_expression' ? childInField(node, 'function') : null;
  const list = childInField(node, 'arguments');
  if (called === null || list === null || frame.textOf(called) !== 'append') return lowerEffects(frame, [node]);
  lowerEffects(frame, parts(list));
}

/** The type of what a function makes, for the types above. */
export function lenderType(frame: Frame, call: SyntaxNode): TypeHint | null {
  const called = childInField(call, 'function');
  return called === null ? null : (makers.get(frame.textOf(called)) ?? null);
}
