/** A function is left with an object that outlives it, and a way out does not take it back. */
import { verdictOn, type Check } from './check.ts';

export const unremovedListener: Check = {
  id: 'unremoved-listener',
  judge(situation) {
    return situation.family === 'listener' ? verdictOn('unremoved-listener', situation, situation.exits) : null;
  },
};
