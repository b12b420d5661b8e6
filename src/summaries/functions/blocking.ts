/**
 * Which calls of a function that runs on an event loop hold the loop up: calls a rule says wait, and calls of
 * functions of the scan that make one, however deep.
 */
import type { CallInstruction, PlaceId, Span } from '../../ir/ir.ts';
import { callAsWritten } from '../../ir/construction.ts';
import type { Declaration } from '../../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Resolution } from '../../effects/effect.ts';
import { simpleName } from '../../resolve/type-names.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { answersRequests, isInHandler, isOfDevelopment } from './request-handlers.ts';
import { valueUses } from '../value-uses.ts';

export interface BlockingCall {
  /** Of the function on the loop; null: it has none. */
  readonly functionName: string | null;
  /** Of low confidence: a command may make this call, nothing else runs on the loop (at the start, in a test or a command), or the wait is many calls away. */
  readonly isOnlyCostly: boolean;
  readonly call: CallInstruction;
  readonly resolution: Resolution;
  /** From the call to the one that waits. */
  readonly chain: readonly BlockingStep[];
}

export interface BlockingStep {
  readonly path: string;
  readonly span: Span;
  readonly label: string;
  /** Where it waits: only who answers requests may not. */
  readonly isForHandlers: boolean;
  /** Hardly ever, or not for long: only the first call waits, or its rule says so. */
  readonly isMinor: boolean;
}

/** Deeper helpers are not followed. */
const MAX_CHAIN = 8;

/** Calls and a wait: what lies further away mostly hangs on conditions on the way, which nobody asks here. */
const NEAR = 3;

export class Blocking {
  readonly #demand: Demand;
  readonly #chains = new Map<Declaration, readonly BlockingStep[] | null>();
  readonly #callsByName = new Map<IndexedFile, Map<string, string[]>>();

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** By syntax or by an annotation the rules know. */
  isCoroutine(declaration: Declaration): boolean {
    if (declaration.isAsync) return true;
    return this.#demand.world.isAnnotated(declaration, 'coroutine');
  }

  /**
   * Calls of the function itself, if it is a coroutine; its closures may run anywhere. Where everything runs on the
   * loop, closures count as well, if they are coroutines or answer requests.
   */
  callsIn(file: IndexedFile, declaration: Declaration): readonly BlockingCall[] {
    const { requestNames, testPaths, commandPaths, scriptPaths } = this.#demand.world.models.conventions;
    const servesNobody = [testPaths, commandPaths, scriptPaths].some((paths) => paths?.test(file.path) === true);
    if (requestNames === null) {
      if (!this.isCoroutine(declaration)) return [];
      const [scope] = this.#demand.body(file, declaration);
      if (scope === undefined) return [];
      const isOnlyCostly = servesNobody || this.#setsUp(scope, declaration);
      return this.#blockingCalls(scope, 0).map((found) => ({
        ...found,
        isOnlyCostly: isOnlyCostly || found.isOnlyCostly,
      }));
    }
    if (!this.#mayBlock(file, declaration)) return [];
    return this.#demand.body(file, declaration).flatMap((scope) => {
      const isHandler = answersRequests(scope);
      if (!isHandler && !scope.fn.isAsync) return [];
      const isNamed = scope.fn.kind !== 'closure';
      const isForOne = servesNobody || isOfDevelopment(scope); // nobody else asks
      return this.#blockingCalls(scope, 0).map((found) => ({
        ...found,
        functionName: isNamed ? found.functionName : null,
        isOnlyCostly: found.isOnlyCostly || isForOne || (!isHandler && found.chain.at(-1)?.isForHandlers === true),
      }));
    });
  }

  /** `async def initialize(self)` of an application: nothing else waits for the loop yet. */
  #setsUp({ world, ownerType }: Scope, { name }: Declaration): boolean {
    const { setsUpService } = world.models.conventions;
    if (setsUpService === null) return false;
    const types = ownerType === null ? [''] : world.ancestors(ownerType);
    return types.some((type) => setsUpService.test(`${simpleName(type)}#${name}`));
  }

  /** By the names it calls, itself or through functions of the file: lowering every function costs too much. */
  #mayBlock(file: IndexedFile, declaration: Declaration): boolean {
    const { models } = this.#demand.world;
    const names = new Set(declaration.calls);
    for (const name of names) {
      if (models.blocksMember(name)) return true;
      for (const next of this.#calledBy(file, name)) names.add(next);
    }
    return false;
  }

  #calledBy(file: IndexedFile, name: string): readonly string[] {
    let byName = this.#callsByName.get(file);
    if (byName === undefined) {
      byName = new Map<string, string[]>();
      for (const { name: own, calls } of file.index.declarations)
        byName.set(own, [...(byName.get(own) ?? []), ...calls]);
      this.#callsByName.set(file, byName);
    }
    return byName.get(name) ?? [];
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
          found.push({
            functionName: scope.fn.name,
            isOnlyCostly: chain.length > NEAR || chain.some(({ isMinor }) => isMinor),
            call: instruction,
            resolution: scope.resolved(instruction).resolution,
            chain,
          });
      }
    }
    return withoutRounds(found, scope).sort((a, b) => a.call.span.start - b.call.span.start);
  }

  #chainOf(scope: Scope, call: CallInstruction, depth: number): readonly BlockingStep[] | null {
    const step = {
      path: scope.file.path,
      span: call.span,
      label: callAsWritten(calleeLabel(call), this.#demand.world.models.conventions.constructionKeyword),
      isForHandlers: false,
      isMinor: isKept(scope, call),
    };
    const { models, declarations } = scope.resolved(call);
    const [model] = models;
    if (model !== undefined) {
      const { mayBlock, blocksHandlersOnly: isForHandlers, blocksBriefly } = model;
      return mayBlock ? [{ ...step, isForHandlers, isMinor: step.isMinor || blocksBriefly }] : null;
    }
    const [only, ...others] = declarations;
    if (only === undefined || others.length > 0) return null;
    const rest = this.#through(only, depth + 1);
    return rest === null ? null : [step, ...rest];
  }

  /** How a call of the function comes to wait; null: it does not, or says so itself. */
  #through(found: FoundDeclaration, depth: number): readonly BlockingStep[] | null {
    const { file, declaration } = found;
    if (this.isCoroutine(declaration)) return null;
    if (depth > MAX_CHAIN) {
      this.#demand.noteLimit('chain of waiting calls');
      return null;
    }
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

/** A call of itself waits where it waits anyway. */
function withoutRounds(found: readonly BlockingCall[], { file }: Scope): BlockingCall[] {
  const own = new Set(found.flatMap(({ call, chain }) => (chain.length === 1 ? [call.span.start] : [])));
  return found.filter(({ chain: [, ...further] }) => {
    const last = further.at(-1);
    return last?.path !== file.path || !own.has(last.span.start);
  });
}

/** `if (page) return page; page = readFileSync(path).toString(); return page;`, of a variable that outlives the call. */
function isKept(scope: Scope, { dests }: CallInstruction): boolean {
  const { fn } = scope;
  const uses = valueUses(fn);
  const made = new Set(dests);
  for (const one of made) {
    for (const copy of uses.copies(one)) made.add(copy);
    for (const call of [...uses.takers(one), ...uses.callsOn(one)]) for (const dest of call.dests) made.add(dest);
  }
  const isTested = (place: PlaceId): boolean => {
    const tested = fn.places[place];
    if (tested?.kind === 'predicate') return tested.roots.some(isTested);
    return made.has(place) && (tested?.kind === 'global' || (fn.captures.includes(place) && !isInHandler(scope)));
  };
  return fn.blocks.some(
    ({ terminator }) => terminator.op === 'branch' && terminator.when !== 'unknown' && isTested(terminator.when.place),
  );
}
