/** A lock is acquired, and a way out leaves it held. */
import { verdictOn, type Check } from './check.ts';

export const unreleasedLock: Check = {
  id: 'unreleased-lock',
  judge(situation) {
    return situation.family === 'lock' ? verdictOn('unreleased-lock', situation, situation.exits) : null;
  },
};
