/** What a call does by whatever is known of what it runs, best source first; what it is called aside. */
import { commonEffects } from '../../effects/common-effects.ts';
import type { Effect } from '../../effects/effect.ts';
import type { Inputs } from '../../effects/inputs.ts';
import { constructedType } from '../../ir/construction.ts';
import type { CallInstruction, Literal, Operand } from '../../ir/ir.ts';
import type { Declaration } from '../../languages/language.ts';
import { isConversion } from '../../resolve/conversions.ts';
import { implementations } from '../../resolve/implementations.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { givesBack, transferAll } from './argument-effects.ts';
import { assumedKnowledge } from './assumed-knowledge.ts';
import type { Acquisition } from './call-knowledge.ts';
import { speaksOfRelease } from '../call-names.ts';
import { constantsGiven } from './constants-given.ts';
import { constructKnowledge } from './construct-knowledge.ts';
import type { Demand } from '../demand.ts';
import { implementedKnowledge } from './implemented.ts';
import { mayBeResource } from '../may-hold.ts';
import { modelKnowledge } from './model-knowledge.ts';

export interface BodyKnowledge {
  /** What it does to these inputs at least, and what it does besides. */
  effectsOn(inputs: Inputs): readonly Effect[];
  readonly acquisitions: readonly Acquisition[];
  readonly mayReturnFresh: boolean;
}

export function bodyKnowledge(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  resolved: ResolvedCall,
): BodyKnowledge {
  if (call.callee.kind === 'aggregate') {
    const effects = transferAll(call, { to: 'container', on: 'return', certainty: 'must' });
    return { effectsOn: () => effects, acquisitions: [], mayReturnFresh: false };
  }
  if (call.callee.kind === 'delegate' && resolved.declarations.length === 0) return handedToSuperclass(call);
  if (resolved.models.length > 0) return modelKnowledge(demand, scope, call, resolved);
  if (call.callee.kind === 'construct') return constructKnowledge(demand, scope, call, resolved);
  if (resolved.declarations.length > 0) return declaredKnowledge(demand, call, resolved);
  if (isConversion(scope, call, resolved)) return converted;
  const found = implementations(scope, call, resolved);
  const assumed = assumedKnowledge(demand, scope, call, resolved);
  if (found === null) demand.noteLimit('classes that implement a method');
  if (found === null || found.length === 0) return assumed;
  const literals = call.args.map((arg) => decidingLiteral(arg.value));
  return implementedKnowledge(call, {
    summaries: found.map((one) => demand.summary(one, literals)),
    assumed,
    mayMatter:
      found.some(({ declaration }) => speaksOfRelease(scope.world, declaration) || makesSomething(declaration)) ||
      call.args.some(({ value }) => value.kind === 'place' && mayBeResource(scope, value.place)),
  });
}

/** What a conversion gives is what it was given. */
const converted: BodyKnowledge = {
  effectsOn: () => [givesBack({ at: 'param', index: 0 })],
  acquisitions: [],
  mayReturnFresh: false,
};

/** `super(in)` of a superclass nobody knows: it keeps what it is given, also where it throws. */
function handedToSuperclass(call: CallInstruction): BodyKnowledge {
  const effects = transferAll(call, { to: 'field', on: 'both', certainty: 'may' });
  return { effectsOn: () => effects, acquisitions: [], mayReturnFresh: false };
}

function declaredKnowledge(demand: Demand, call: CallInstruction, resolved: ResolvedCall): BodyKnowledge {
  const literals = call.args.map((arg) => decidingLiteral(arg.value));
  const summaries = resolved.declarations.map((found) => demand.summary(found, literals));
  const [first] = summaries;
  const [only] = resolved.declarations;
  if (first === undefined || only === undefined) return { effectsOn: () => [], acquisitions: [], mayReturnFresh: true };
  const isSure = summaries.length === 1;
  return {
    effectsOn(inputs) {
      // There may be several where overloads cannot be told apart.
      return isSure ? first.effectsOn(inputs) : commonEffects(summaries.map((one) => one.effectsOn(inputs)));
    },
    get acquisitions() {
      const candidates = isSure || areVariants(resolved.declarations) ? resolved.declarations : [];
      for (const one of candidates) {
        const acquired = demand.acquisitionsGiven(one, constantsGiven(call, one.declaration.params));
        if (acquired.length > 0) return acquired;
      }
      return [];
    },
    get mayReturnFresh() {
      return first.mayReturnFresh;
    },
  };
}

/** One function written for several platforms, each in a file of its own: a program has one of them, and that may open something. */
function areVariants(declarations: ResolvedCall['declarations']): boolean {
  const [first] = declarations;
  const count = first?.declaration.params.length;
  return (
    new Set(declarations.map(({ file }) => file.path)).size === declarations.length &&
    declarations.every(({ declaration }) => declaration.hasBody && declaration.params.length === count)
  );
}

/** `return new RowsQuery(this)`: what it gives may have what it is called on. */
function makesSomething({ returnType, calls }: Declaration): boolean {
  return returnType !== null && [...calls].some((name) => constructedType(name) !== null);
}

function decidingLiteral(operand: Operand): Literal | null {
  if (operand.kind !== 'literal') return null;
  return operand.literal.kind === 'null' || operand.literal.kind === 'boolean' ? operand.literal : null;
}
