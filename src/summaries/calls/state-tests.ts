/** `connection.isClosed()`, `file.closed`: what is followed is open, so its state is no question. */
import type { Effect } from '../../effects/effect.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { Conventions } from '../../models/conventions.ts';
import { calleeLabel } from '../call-names.ts';

export function stateTest(conventions: Conventions, call: CallInstruction): readonly Effect[] {
  if (call.callee.kind !== 'method' || call.args.length > 0) return [];
  const whileOpen = valueWhileOpen(conventions, calleeLabel(call));
  if (whileOpen === null) return [];
  return [
    { kind: 'test', slot: { at: 'receiver' }, is: whileOpen ? 'open' : 'released', on: 'return', certainty: 'must' },
  ];
}

/** What a method or field of this name says of an object that is open; null: nothing. */
export function valueWhileOpen({ openTests, releasedTests }: Conventions, name: string): boolean | null {
  if (openTests?.test(name) === true) return true;
  return releasedTests?.test(name) === true ? false : null;
}

/** `audio.state === 'closed'` */
export function isReleasedState({ releasedStates }: Conventions, field: string, word: string): boolean {
  return releasedStates !== null && releasedStates.fields.test(field) && releasedStates.words.test(word);
}
