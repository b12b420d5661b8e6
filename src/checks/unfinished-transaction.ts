/** A transaction is begun, and a way out neither commits it nor rolls it back. */
import { verdictOn, type Check } from './check.ts';

export const unfinishedTransaction: Check = {
  id: 'unfinished-transaction',
  judge(situation) {
    return situation.family === 'transaction' ? verdictOn('unfinished-transaction', situation, situation.exits) : null;
  },
};
