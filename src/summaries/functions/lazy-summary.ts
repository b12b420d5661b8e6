/**
 * A summary computed part by part, each when first asked: most callers want to know only what a function
 * returns, and following every parameter costs more. A part asked for while it is being computed, through
 * recursion, answers as for a function nobody knows.
 */
import type { Effect } from '../../effects/effect.ts';
import {
  allInputs,
  argumentInput,
  argumentInputsFrom,
  noInputs,
  receiverInput,
  type Input,
  type Inputs,
} from '../../effects/inputs.ts';
import type { Parameter } from '../../languages/language.ts';
import type { Acquisition } from '../calls/call-knowledge.ts';
import type { FunctionSummary } from './infer.ts';

export interface SummaryParts {
  /** What it does to one of its inputs, whatever it does to others. */
  effectsOn(input: Input): readonly Effect[];
  acquisitions(): readonly Acquisition[];
  mayReturnFresh(): boolean;
  returnsKept(): boolean;
}

export class LazySummary implements FunctionSummary {
  readonly #parts: SummaryParts;
  readonly #inputs: readonly (readonly [Inputs, Input])[];
  readonly #effects = new Map<Input, readonly Effect[] | 'running'>();
  #acquisitions: readonly Acquisition[] | 'running' | null = null;
  #mayReturnFresh: boolean | 'running' | null = null;
  #returnsKept: boolean | null = null;

  constructor(parts: SummaryParts, params: readonly Parameter[]) {
    this.#parts = parts;
    const given = params.map(({ isVariadic }, index) => {
      const isLast = index === params.length - 1;
      return [isLast && isVariadic ? argumentInputsFrom(index) : argumentInput(index), index] as const;
    });
    this.#inputs = [...given, [receiverInput, 'receiver']];
  }

  get effects(): readonly Effect[] {
    return this.effectsOn(allInputs);
  }

  effectsOn(asked: Inputs): readonly Effect[] {
    return this.#inputs.flatMap(([inputs, input]) => ((inputs & asked) === noInputs ? [] : this.#effectsOn(input)));
  }

  #effectsOn(input: Input): readonly Effect[] {
    const known = this.#effects.get(input);
    if (known === 'running') return effectsOnUnknown(input);
    if (known !== undefined) return known;
    this.#effects.set(input, 'running');
    const effects = this.#parts.effectsOn(input);
    this.#effects.set(input, effects);
    return effects;
  }

  get acquisitions(): readonly Acquisition[] {
    if (this.#acquisitions === 'running') return [];
    if (this.#acquisitions === null) {
      this.#acquisitions = 'running';
      this.#acquisitions = this.#parts.acquisitions();
    }
    return this.#acquisitions;
  }

  get mayReturnFresh(): boolean {
    if (this.#mayReturnFresh === 'running') return false;
    if (this.#mayReturnFresh === null) {
      this.#mayReturnFresh = 'running';
      this.#mayReturnFresh = this.#parts.mayReturnFresh();
    }
    return this.#mayReturnFresh;
  }

  get returnsKept(): boolean {
    return (this.#returnsKept ??= this.#parts.returnsKept());
  }
}

/** As for a function nobody knows: it may keep what it is given. */
export function effectsOnUnknown(input: Input): readonly Effect[] {
  if (input === 'receiver') return [];
  return [{ kind: 'escape', slot: { at: 'param', index: input }, on: 'both', certainty: 'may' }];
}
