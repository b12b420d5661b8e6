/**
 * A summary computed part by part, each when first asked: most callers want to know only what a function
 * returns, and following every parameter costs more. A part asked for while it is being computed, through
 * recursion, answers as for a function nobody knows.
 */
import type { Effect } from '../effects/effect.ts';
import type { Acquisition } from './call-knowledge.ts';
import type { FunctionSummary } from './infer.ts';

export interface SummaryParts {
  effects(): readonly Effect[];
  acquisitions(): readonly Acquisition[];
  mayReturnFresh(): boolean;
  returnsField(): boolean;
}

export class LazySummary implements FunctionSummary {
  readonly #parts: SummaryParts;
  readonly #unknown: readonly Effect[];
  #effects: readonly Effect[] | 'running' | null = null;
  #acquisitions: readonly Acquisition[] | 'running' | null = null;
  #mayReturnFresh: boolean | 'running' | null = null;
  #returnsField: boolean | null = null;

  constructor(parts: SummaryParts, unknown: readonly Effect[]) {
    this.#parts = parts;
    this.#unknown = unknown;
  }

  get effects(): readonly Effect[] {
    if (this.#effects === 'running') return this.#unknown;
    if (this.#effects === null) {
      this.#effects = 'running';
      this.#effects = this.#parts.effects();
    }
    return this.#effects;
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

  get returnsField(): boolean {
    return (this.#returnsField ??= this.#parts.returnsField());
  }
}
