/** The last reference is overwritten, or was never kept, while the resource is open. */
import { isNormal, verdictOn, type Check } from './check.ts';

export const lostReference: Check = {
  id: 'lost-reference',
  judge(situation) {
    const lost = situation.exits.filter(
      (exit) => (exit.kind === 'overwritten' || exit.kind === 'dropped') && isNormal(exit),
    );
    return verdictOn('lost-reference', situation, lost);
  },
};
