/** The resource is kept in a field, and no method of the class releases it. */
import { isNormal, verdictOn, type Check } from './check.ts';

export const unreleasedField: Check = {
  id: 'unreleased-field',
  judge(situation) {
    if (situation.unreleasedField === null) return null;
    const held = situation.exits.filter((exit) => exit.kind === 'return' && isNormal(exit) && exit.fields.length > 0);
    return verdictOn('unreleased-field', situation, held);
  },
};
