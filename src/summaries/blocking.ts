/**
 * Which calls of a function that runs on an event loop hold the loop up: calls a rule says wait, and calls of
 * functions of the scan that make one, however deep.
 */
import type { CallInstruction, Span } from '../ir/ir.ts';
import type { Declaration } from '../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../project/project.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Resolution } from '../effects/effect.ts';
import { calleeLabel } from './call-knowledge.ts';
import type { Demand } from './demand.ts';

export interface BlockingCall {
  readonly call: CallInstruction;
  readonly resolution: Resolution;
  /** From the call to the one that waits. */
  readonly chain: readonly BlockingStep[];
}

export interface BlockingStep {
  readonly path: string;
  readonly span: Span;
  readonly label: string;
}

/** Deeper helpers are not followed. */
const MAX_CHAIN = 8;

export class Blocking {
  readonly #demand: Demand;
  readonly #chains = new Map<Declaration, readonly BlockingStep[] | null>();

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** By syntax or by an annotation the rules know. */
  isCoroutine(declaration: Declaration): boolean {
    if (declaration.isAsync) return true;
    const { models } = this.#demand.world;
    return declaration.annotations.some(
      ({ name }) => models.annotation(name.slice(name.lastIndexOf('.') + 1)) === 'coroutine',
    );
  }

  /** Calls of the function itself; its closures may run anywhere. */
  callsIn(file: IndexedFile, declaration: Declaration): readonly BlockingCall[] {
    const [scope] = this.#demand.body(file, declaration);
    return scope === undefined ? [] : this.#blockingCalls(scope, 0);
  }

  #blockingCalls(scope: Scope, depth: number): BlockingCall[] {
    const found: BlockingCall[] = [];
    const seen = new Set<number>();
    for (const block of scope.fn.blocks) {
      for (const instruction of block.instructions) {
        if (instruction.op !== 'call' || seen.has(instruction.span.start)) continue;
        seen.add(instruction.span.start);
        const chain = this.#chainOf(scope, instruction, depth);
        if (chain !== null)
          found.push({ call: instruction, resolution: scope.resolved(instruction).resolution, chain });
      }
    }
    return found.sort((a, b) => a.call.span.start - b.call.span.start);
  }

  #chainOf(scope: Scope, call: CallInstruction, depth: number): readonly BlockingStep[] | null {
    const step = { path: scope.file.path, span: call.span, label: calleeLabel(call) };
    const { models, declarations } = scope.resolved(call);
    const [model] = models;
    if (model !== undefined) return model.mayBlock ? [step] : null;
    const [only, ...others] = declarations;
    if (only === undefined || others.length > 0) return null;
    const rest = this.#through(only, depth + 1);
    return rest === null ? null : [step, ...rest];
  }

  /** How a call of the function comes to wait; null: it does not, or says so itself. */
  #through(found: FoundDeclaration, depth: number): readonly BlockingStep[] | null {
    const { file, declaration } = found;
    if (depth > MAX_CHAIN || this.isCoroutine(declaration)) return null;
    const known = this.#chains.get(declaration);
    if (known !== undefined) return known;
    this.#chains.set(declaration, null); // recursion alone waits for nothing
    const scope = declaration.calls.size === 0 ? undefined : this.#demand.body(file, declaration)[0];
    const isGenerator = scope?.fn.isGenerator === true;
    const chain = scope === undefined || isGenerator ? null : (this.#blockingCalls(scope, depth)[0]?.chain ?? null);
    this.#chains.set(declaration, chain);
    return chain;
  }
}
