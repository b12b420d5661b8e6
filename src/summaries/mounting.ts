/**
 * Functions that a framework runs whenever something appears, and that have to undo what they did when it goes:
 * `componentDidMount() { … }`, `useEffect(() => { … })`. What one of them leaves, each further time adds to.
 */
import type { Scope } from '../resolve/scope.ts';
import { calleeLabel } from './call-names.ts';

export function isMounting(scope: Scope): boolean {
  const { startHooks, startEffects } = scope.world.models.conventions;
  if (scope.fn.owner !== null && startHooks?.test(scope.fn.name) === true) return true;
  const call = startEffects === null ? null : scope.handedTo();
  if (call === null || startEffects?.test(calleeLabel(call)) !== true) return false;
  const [effect] = call.args;
  return effect?.value.kind === 'place' && effect.value.place === scope.around?.closure.dest;
}
