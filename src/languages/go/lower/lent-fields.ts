/**
 * Fields that only lend what is put in them, as the conventions say: a command uses its files while it runs.
 *
 *     cmd := exec.Command("tool"); cmd.Stdout = log; cmd.ExtraFiles = append(cmd.ExtraFiles, socket)
 */
import type { PlaceId, TypeHint } from '../../../ir/ir.ts';
import { childInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { lowerEffects } from './expressions.ts';
import type { Frame } from './frame.ts';
import { parts } from './nodes.ts';

export function isLent(frame: Frame, target: PlaceId): boolean {
  const { places } = frame.builder;
  const place = places.get(target);
  if (place.kind !== 'path') return false;
  const root = places.get(place.root);
  const hint = root.kind === 'local' ? root.typeHint : null;
  const lent = frame.habits.lentFields.find(({ type }) => type === hint);
  return lent?.fields.has(place.fields.at(-1) ?? '') === true;
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
  const name = called === null ? '' : frame.textOf(called);
  return frame.habits.lentFields.find(({ madeBy }) => madeBy.test(name))?.type ?? null;
}
