/** Only paths that an exception takes end with the resource open. */
import { verdictOn, type Check } from './check.ts';

export const leakOnException: Check = {
  id: 'leak-on-exception',
  judge(situation) {
    return verdictOn('leak-on-exception', situation, situation.exits);
  },
};
