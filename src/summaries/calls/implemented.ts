/** What a call does that means one of several methods, those of the classes that implement it. */
import { GENERIC_RESOURCE } from '../../effects/effect.ts';
import { commonEffects } from '../../effects/common-effects.ts';
import { receiverInput } from '../../effects/inputs.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import type { BodyKnowledge } from './body-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';
import type { FunctionSummary } from '../functions/infer.ts';

export interface Implemented {
  readonly summaries: readonly FunctionSummary[];
  /** What the names say, where the implementations do not. */
  readonly assumed: BodyKnowledge;
  /** One of them may do something to what it is called on or given: else following each of its parameters is in vain. */
  readonly mayMatter: boolean;
}

export function implementedKnowledge(
  call: CallInstruction,
  { summaries, assumed, mayMatter }: Implemented,
): BodyKnowledge {
  return {
    effectsOn(inputs) {
      const told = assumed.effectsOn(inputs);
      if (!mayMatter) return told;
      // `reader.getSample()` that gives another reader may give a part of the same.
      const fluent = told.filter((effect) => effect.kind === 'alias' && effect.from.at === 'receiver');
      return [...commonEffects(summaries.map((one) => one.effectsOn(inputs))), ...fluent];
    },
    get acquisitions() {
      if (call.dests.length === 0) return [];
      const [first] = summaries;
      if (first !== undefined && summaries.every(({ acquisitions }) => acquisitions.length > 0))
        return first.acquisitions.map((one) => asDeclared(one, assumed.acquisitions[0]));
      return giveNothingNew(summaries) ? [] : assumed.acquisitions;
    },
    get mayReturnFresh() {
      return assumed.mayReturnFresh && !giveNothingNew(summaries);
    },
  };
}

/** Of no kind that rules know, it goes by the type the method is declared to give, not by that of one of its classes. */
function asDeclared(acquisition: Acquisition, told: Acquisition | undefined): Acquisition {
  if (told === undefined || acquisition.resource !== GENERIC_RESOURCE) return acquisition;
  return { ...acquisition, type: told.type };
}

/** What they keep, or `driver.initialize(settings)`, which gives the driver; one or the other may give null. */
function giveNothingNew(summaries: readonly FunctionSummary[]): boolean {
  const isKnown = (one: FunctionSummary): boolean => one.returnsKept || returnsItself(one);
  return (
    summaries.every((one) => one.acquisitions.length === 0 && (isKnown(one) || !one.mayReturnFresh)) &&
    summaries.some(isKnown)
  );
}

function returnsItself(summary: FunctionSummary): boolean {
  return summary
    .effectsOn(receiverInput)
    .some(
      (effect) =>
        effect.kind === 'alias' &&
        effect.certainty === 'must' &&
        effect.from.at === 'receiver' &&
        effect.from.fields === undefined &&
        effect.into.at === 'result',
    );
}
