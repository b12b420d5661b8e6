/**
 * Where a function may get once a call in it has failed, by an exception or by an error that it gave:
 *
 *     db, err := connect()
 *     if err != nil { return err }       it fails as well
 *
 * Of values only those of the error are followed.
 */
import type { BasicBlock, BlockId, CallInstruction, Condition, Instruction, Operand, PlaceId } from '../../ir/ir.ts';
import { awaitedCall, isCopy } from '../../ir/operands.ts';
import { entryBlock, successors } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { resultTypes } from '../../resolve/type-names.ts';
import type { Demand } from '../../summaries/demand.ts';

/** `repeats`: it gets to the call again. */
export type AfterFailure = 'fails' | 'returns' | 'halts' | 'repeats';

/** Larger functions are not walked to their ends. */
const MOST_STEPS = 400;
/** Of functions that end the process where they are given an error. */
const MOST_DEPTH = 3;

interface Step {
  readonly block: BlockId;
  /** Where in it the walk begins. */
  readonly index: number;
  readonly errors: readonly PlaceId[];
}

/** null: nobody can tell, as the call is not waited for, or there is too much to look at. */
export function afterFailure(
  demand: Demand,
  scope: Scope,
  call: CallInstruction,
  at: BlockId,
): ReadonlySet<AfterFailure> | null {
  const block = scope.fn.blocks[at];
  if (block === undefined) return null;
  const index = block.instructions.indexOf(call);
  const { declarations } = scope.resolved(call);
  if (declarations.some(({ declaration }) => declaration.isAsync) && !isWaitedFor(block, call)) return null;
  const error = errorOf(demand, scope, call);
  const walk = new Walk(demand, scope, at, MOST_DEPTH);
  if (error !== null) return walk.from({ block: at, index: index + 1, errors: [error] });
  return walk.unwound(block.unwind);
}

function isWaitedFor(block: BasicBlock, call: CallInstruction): boolean {
  return block.instructions.some((one) => one.op === 'await' && awaitedCall(block, one) === call);
}

/** The place of the error that it gives; null: it says by an exception that it failed. */
function errorOf({ world }: Demand, scope: Scope, call: CallInstruction): PlaceId | null {
  const { errorResult } = world.models.conventions;
  const dest = call.dests.at(-1);
  if (errorResult === null || dest === undefined) return null;
  const [found] = scope.resolved(call).declarations;
  const returns = found?.declaration.returnType ?? null;
  const type = returns === null ? scope.typeOf(dest) : resultTypes(returns).at(-1);
  return errorResult.test(type ?? '') ? dest : null;
}

class Walk {
  readonly #demand: Demand;
  readonly #scope: Scope;
  readonly #start: BlockId | null;
  readonly #depth: number;
  readonly #outcomes = new Set<AfterFailure>();
  readonly #seen = new Set<string>();
  readonly #steps: Step[] = [];

  constructor(demand: Demand, scope: Scope, start: BlockId | null, depth: number) {
    this.#demand = demand;
    this.#scope = scope;
    this.#start = start;
    this.#depth = depth;
  }

  /** By an exception, to the clause or cleanup around. */
  unwound(to: BlockId | null): ReadonlySet<AfterFailure> | null {
    this.#unwind(to, []);
    return this.#run();
  }

  from(step: Step): ReadonlySet<AfterFailure> | null {
    this.#steps.push(step);
    return this.#run();
  }

  #run(): ReadonlySet<AfterFailure> | null {
    for (let count = 0; count < MOST_STEPS; count++) {
      const step = this.#steps.pop();
      if (step === undefined) return this.#outcomes;
      this.#take(step);
    }
    this.#demand.noteLimit('steps after a failure');
    return null;
  }

  #go(block: BlockId, errors: readonly PlaceId[]): void {
    if (block === this.#start) this.#outcomes.add('repeats');
    const key = `${String(block)}:${errors.join()}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#steps.push({ block, index: 0, errors });
  }

  #unwind(to: BlockId | null, errors: readonly PlaceId[]): void {
    if (to === null) this.#outcomes.add('fails');
    else this.#go(to, errors);
  }

  #take({ block: id, index, errors: before }: Step): void {
    const block = this.#scope.fn.blocks[id];
    if (block === undefined) return;
    let errors = before;
    for (const instruction of block.instructions.slice(index)) {
      if (instruction.op === 'call') {
        const { neverReturns, throws } = this.#demand.knowledge(this.#scope, instruction);
        if (neverReturns && throws !== 'never') {
          this.#unwind(block.unwind, errors);
          return;
        }
        if (neverReturns || this.#endsGiven(instruction, errors)) {
          this.#outcomes.add('halts');
          return;
        }
        if (block.unwind !== null) this.#go(block.unwind, errors);
      }
      errors = afterInstruction(instruction, errors);
    }
    this.#leave(block, errors);
  }

  #leave(block: BasicBlock, errors: readonly PlaceId[]): void {
    const { terminator } = block;
    switch (terminator.op) {
      case 'return':
        this.#outcomes.add(this.#isFailure(terminator.values.at(-1), errors) ? 'fails' : 'returns');
        return;
      case 'throw':
      case 'rethrow':
        this.#unwind(block.unwind, errors);
        return;
      case 'halt':
        this.#outcomes.add('halts');
        return;
      case 'branch': {
        const isTaken = terminator.when === 'unknown' ? null : outcomeOf(terminator.when, errors);
        if (isTaken !== false) this.#go(terminator.then, errors);
        if (isTaken !== true) this.#go(terminator.else, errors);
        return;
      }
      case 'dispatch':
      case 'jump':
      case 'switch':
        if (terminator.op === 'dispatch' && terminator.otherwise === null) this.#outcomes.add('fails');
        for (const next of successors(block)) this.#go(next, errors);
    }
  }

  #isFailure(value: Operand | undefined, errors: readonly PlaceId[]): boolean {
    const { errorResult, errorValues } = this.#demand.world.models.conventions;
    const { fn } = this.#scope;
    if (errorResult === null || value === undefined || !errorResult.test(resultTypes(fn.returns ?? '').at(-1) ?? ''))
      return false;
    if (value.kind !== 'place') return value.kind === 'fresh';
    const place = fn.places[value.place];
    const name = place?.kind === 'global' ? place.name.slice(place.name.lastIndexOf('.') + 1) : '';
    return errors.includes(value.place) || errorValues?.test(name) === true;
  }

  /** It ends the process where it is given an error: `CheckError(err)`. */
  #endsGiven(call: CallInstruction, errors: readonly PlaceId[]): boolean {
    const index = call.args.findIndex(({ value }) => value.kind === 'place' && errors.includes(value.place));
    const [only, ...others] = index < 0 ? [] : this.#scope.resolved(call).declarations;
    if (only === undefined || others.length > 0 || this.#depth === 0 || !only.declaration.isStatic) return false;
    const [inner] = this.#demand.body(only.file, only.declaration);
    const parameter = inner?.fn.params[index];
    if (inner === undefined || parameter === undefined) return false;
    const walk = new Walk(this.#demand, inner, null, this.#depth - 1);
    const outcomes = walk.from({ block: entryBlock, index: 0, errors: [parameter] });
    return outcomes !== null && outcomes.size === 1 && outcomes.has('halts');
  }
}

/** What is made of an error by a call is one, as far as it says anything. */
function afterInstruction(instruction: Instruction, errors: readonly PlaceId[]): readonly PlaceId[] {
  if (isCopy(instruction) && errors.includes(instruction.source.place)) return added(errors, [instruction.dest]);
  if (instruction.op === 'assign') return without(errors, [instruction.dest]);
  if (instruction.op !== 'call') return errors;
  const isGiven = instruction.args.some(({ value }) => value.kind === 'place' && errors.includes(value.place));
  const isTold = isGiven && instruction.dests.length === 1;
  return isTold ? added(errors, instruction.dests) : without(errors, instruction.dests);
}

function added(errors: readonly PlaceId[], places: readonly PlaceId[]): readonly PlaceId[] {
  return [...new Set([...errors, ...places])].sort((a, b) => a - b);
}

function without(errors: readonly PlaceId[], places: readonly PlaceId[]): readonly PlaceId[] {
  return errors.some((one) => places.includes(one)) ? errors.filter((one) => !places.includes(one)) : errors;
}

/** An error is not null; null: that does not tell. */
function outcomeOf({ test, place, negated }: Condition, errors: readonly PlaceId[]): boolean | null {
  return test === 'null' && errors.includes(place) ? negated : null;
}
