/** Some path through the function that throws nothing ends with the resource open. */
import { isNormal, verdictOn, type Check } from './check.ts';

export const leak: Check = {
  id: 'leak',
  judge(situation) {
    const returns = situation.exits.filter((exit) => exit.kind === 'return' && isNormal(exit));
    return verdictOn('leak', situation, returns);
  },
};
