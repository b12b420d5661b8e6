/** Opened and used up in one expression: nothing could have closed it. */
import { isNormal, verdictOn, type Check } from './check.ts';

export const inlineOpen: Check = {
  id: 'inline-open',
  judge(situation) {
    if (situation.family !== 'inline') return null;
    return verdictOn('inline-open', situation, situation.exits.filter(isNormal));
  },
};
