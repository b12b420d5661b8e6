/** What the engine asks of the world: everything it knows of calls and types comes through here. */
import type { Effect, Resolution, Slot } from '../effects/effect.ts';
import type { Inputs } from '../effects/inputs.ts';
import type { CallInstruction, CatchClause, FunctionId, IrFunction, PlaceId, ThrowTier, TypeHint } from '../ir/ir.ts';

/** All there is to know of one call. Its effects may cost a summary: asked only of the inputs that the resource is in. */
export interface CallFacts {
  /** What it does to these inputs at least, and what it does besides. */
  effectsOn(inputs: Inputs): readonly Effect[];
  /** It ends the process, or always throws; what it does to resources is then moot. */
  readonly neverReturns: boolean;
  readonly throws: ThrowTier;
  /** How surely the promise it gives is rejected; null: as surely as where it is awaited. */
  readonly rejects: ThrowTier | null;
  /** Types it announces; null: not known. */
  readonly thrown: readonly TypeHint[] | null;
  readonly resolution: Resolution;
  /** Where it puts what it acquires. */
  readonly acquisitions: readonly { readonly slot: Slot }[];
  /** As a person would name the callee: `parse`, `FileReader`. */
  readonly label: string;
  /** Its effects are those of the one function it means, as that is written. */
  readonly isRead: boolean;
  /** Do rules say that it only uses this argument, and keeps nothing of it? */
  onlyUses(argument: PlaceId): boolean;
  /** Do rules say that it does not fail? Its last result, an error, is null. */
  readonly neverFails: boolean;
  /** Does it answer false wherever it is given null as this argument? May cost a look at its body. */
  isFalseForNull(argument: number): boolean;
  /** Does it give an error wherever it is given one as this argument? May cost a look at its body. */
  isErrorForError(argument: number): boolean;
}

/** `hardly`: it would, but what is thrown is hardly ever of that kind. */
export type CatchVerdict = 'always' | 'may' | 'hardly' | 'never';

export interface EngineContext {
  readonly fn: IrFunction;
  /** Hears of every bound that was reached, by name. */
  noteLimit(limit: string): void;
  facts(call: CallInstruction): CallFacts;
  /** Effects of a closure's body on its captures and parameters. */
  closureEffects(fn: FunctionId): readonly Effect[];
  /** How a closure ends that never returns: it always throws, or does not end at all; null: it may return. */
  endingOf(fn: FunctionId): 'throws' | 'halts' | null;
  /** Does the clause take an exception of one of these types? */
  catches(clause: CatchClause, thrown: readonly TypeHint[] | null): CatchVerdict;
  /** A field that says whether its object is open: its value while it is; null: it says something else. */
  valueWhileOpen(field: string): boolean | null;
  /** A field that says by a word how its object is: does this word say that it is released? */
  isReleasedState(field: string, word: string): boolean;
  /** Resources that are numbers have at least this one; null: nothing is known of them. */
  readonly numbersFrom: number | null;
  /** Does making an object run no code, so that nobody else has it yet? */
  readonly constructsByFields: boolean;
  /** Is this what a method is called that releases its object? */
  isReleaseMethod(name: string): boolean;
  /** Is a resource surely an instance of this type, as far as it matters for its release? */
  isReleasableType(type: TypeHint): boolean;
  /** Is this a type of plain values, such as text? Nothing that was opened is one. */
  isValueType(type: TypeHint): boolean;
}
