/** `safe_open(path, "rb")`: a function nobody knows, called as if it opened and told how, gives what can be opened so. */
import type { CallInstruction } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Acquisition } from './call-knowledge.ts';

export function openedAsTold({ world }: Scope, call: CallInstruction, name: string): Acquisition | null {
  const opener = world.models.conventions.toldHow;
  if (opener === null || call.callee.kind === 'construct' || !opener.names.test(name)) return null;
  const mode = (call.args.find((arg) => arg.name === opener.modeName) ?? call.args[opener.modeAt])?.value;
  if (mode?.kind !== 'literal' || mode.literal.kind !== 'string' || !opener.modes.test(mode.literal.text)) return null;
  const { resource, type } = opener;
  return { slot: { at: 'result', index: 0 }, resource, type, heldBy: [], isPresumed: false, given: null };
}
