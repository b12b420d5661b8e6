/**
 * The intermediate representation every language is lowered to: a control-flow graph of eight
 * instructions and eight terminators over interned places.
 *
 * It knows nothing of languages, libraries or files. Operands are places or literals, never nested
 * expressions. It is not SSA: the engine's store already gives every path its own values.
 *
 * Exceptional edges are factored: a block may be left from its middle, along one `unwind` edge.
 * Invariant: whatever is live into `unwind` is live through the whole block.
 */

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

export type PlaceId = Branded<number, 'PlaceId'>;
export type BlockId = Branded<number, 'BlockId'>;
/** Unique within a file; chosen by the frontend, stable under edits elsewhere where it can be. */
export type FunctionId = Branded<string, 'FunctionId'>;
/** For people and fingerprints, e.g. `java:com.acme.Dao#find`. */
export type SymbolName = Branded<string, 'SymbolName'>;

/** Whose program a function is of, for reports; no rule of the IR depends on it. `typescript` is JavaScript as well. */
export const languages = ['java', 'go', 'python', 'typescript'] as const;

export type Language = (typeof languages)[number];

/** Offsets in UTF-16 code units, end exclusive. Line and column are computed only when printing. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A type as the source writes it, white space removed, arguments kept: `Map<String,InputStream>`. */
export type TypeHint = string;

/** How surely a call leaves by an exception, from least to most. See `throwTiers`. */
export type ThrowTier = 'never' | 'possible' | 'likely' | 'declared' | 'explicit';

export const throwTiers: readonly ThrowTier[] = ['never', 'possible', 'likely', 'declared', 'explicit'];

export function isAtLeastAsSure(tier: ThrowTier, as: ThrowTier): boolean {
  return throwTiers.indexOf(tier) >= throwTiers.indexOf(as);
}

export type Place =
  | {
      readonly kind: 'local';
      /** null for a temporary. */
      readonly name: string | null;
      readonly typeHint: TypeHint | null;
      /** A deferred-call slot in a loop: a later write does not forget the earlier value. */
      readonly accumulates: boolean;
    }
  /** `root.a` or `root.a.b`; an element of an array or collection is the field `[]`. */
  | {
      readonly kind: 'path';
      readonly root: PlaceId;
      readonly fields: readonly string[];
      /** The number of elements of what it is a field of: `all.length`. */
      readonly isCount: boolean;
    }
  /** A variable that outlives every call: a static field, a module-level name. */
  | { readonly kind: 'global'; readonly name: string; readonly typeHint: TypeHint | null }
  /** A pure condition such as `n > 0`: same text over unassigned roots, same place. */
  | {
      readonly kind: 'predicate';
      readonly text: string;
      readonly roots: readonly PlaceId[];
      /** What it comes down to; null: more than one comparison of two simple sides. */
      readonly compares: Comparison | null;
    };

/** `n > 2`, `conn == other`. */
export type Comparison =
  | { readonly operator: 'same'; readonly left: PlaceId; readonly right: PlaceId }
  | { readonly operator: 'above' | 'below'; readonly left: PlaceId; readonly right: number };

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

/** A single test; `&&`, `||`, `!` and `?:` are lowered to branches over these. */
export type Condition = {
  readonly place: PlaceId;
  readonly negated: boolean;
} & (
  | { readonly test: 'null' }
  | { readonly test: 'true' }
  | { readonly test: 'equals'; readonly literal: Literal }
  /** `place instanceof type`: true implies non-null. */
  | { readonly test: 'type'; readonly type: TypeHint }
);

export type Operand =
  | { readonly kind: 'place'; readonly place: PlaceId }
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'condition'; readonly condition: Condition }
  /** A value known not to be null and not to be tracked: arithmetic, a string, a fresh array. */
  | { readonly kind: 'fresh'; readonly type: TypeHint | null }
  | { readonly kind: 'unknown' };

export type Callee =
  /** `new T(…)`; the object is `dests[0]`. */
  | { readonly kind: 'construct'; readonly type: TypeHint }
  /**
   * `super(…)` or `this(…)` in a constructor; the receiver is the object under construction. `of`: the superclass meant, where
   * the source names it: `Base.__init__(self)`.
   */
  | { readonly kind: 'delegate'; readonly to: 'super' | 'this'; readonly of?: TypeHint }
  /** `receiver.name(…)`; the instruction's `receiver` is set. */
  | { readonly kind: 'method'; readonly name: string; readonly isSuper: boolean; readonly of?: TypeHint }
  /** `name(…)`, found lexically, or `Scope.name(…)` where Scope names a type, package or module. */
  | { readonly kind: 'function'; readonly name: string; readonly scope: string | null }
  /** A call of a held value: a lambda, a cancel function. */
  | { readonly kind: 'value'; readonly place: PlaceId }
  /** An array, list, tuple or object literal; the parts are the arguments. */
  | { readonly kind: 'aggregate' };

export interface Argument {
  readonly value: Operand;
  /** Keyword arguments only. */
  readonly name: string | null;
  /** `*args`, `...args`. */
  readonly isSpread: boolean;
  /** What it comes to, where it is made of constants, `5 * SECOND`, or of parameters that have such a default. */
  readonly number?: number;
  /** How it begins, where it is a text put together: `/orders/${id}`. */
  readonly begins?: string;
}

export interface CallInstruction {
  readonly op: 'call';
  readonly dests: readonly PlaceId[];
  readonly callee: Callee;
  readonly receiver: PlaceId | null;
  readonly args: readonly Argument[];
  /**
   * What the syntax around the call suggests when nothing is known of the callee: `likely` under a
   * clause that catches, or a declaration that announces, a checked exception; else `possible`.
   */
  readonly throws: ThrowTier;
  readonly span: Span;
  /** Compiler-made, e.g. the close of a try-with-resources. */
  readonly isImplicit: boolean;
  /** Written where it is evaluated, made when the function ends: `defer f()`. Not what such a call's body calls. */
  readonly isDeferred?: true;
}

/** A lambda, a local function or the body of an anonymous class. */
export interface ClosureInstruction {
  readonly op: 'closure';
  readonly dest: PlaceId;
  /** An anonymous class: the object its superclass's constructor made. */
  readonly base: PlaceId | null;
  readonly members: readonly { readonly name: string | null; readonly fn: FunctionId }[];
  /** Places of this function the members mention; each member's `captures` has the same order. */
  readonly captures: readonly PlaceId[];
  readonly span: Span;
}

export type Instruction =
  | { readonly op: 'assign'; readonly dest: PlaceId; readonly source: Operand; readonly span: Span }
  | CallInstruction
  | ClosureInstruction
  | {
      readonly op: 'await';
      readonly dest: PlaceId | null;
      readonly source: Operand;
      readonly throws: ThrowTier;
      readonly span: Span;
    }
  | {
      readonly op: 'yield';
      readonly dest: PlaceId | null;
      readonly source: Operand;
      /** What the consumer has from here on, as a callee nobody knows has what it is given. */
      readonly handsOver: readonly PlaceId[];
      readonly throws: ThrowTier;
      readonly span: Span;
    }
  /** A goroutine or detached task. */
  | { readonly op: 'spawn'; readonly call: CallInstruction; readonly span: Span }
  /** An exception caught here is now in `dest`; it is in flight no more. */
  | { readonly op: 'caught'; readonly dest: PlaceId | null; readonly span: Span }
  /** Syntax that is not lowered: reads, writes and lets escape what it mentions. Counted by `why`. */
  | {
      readonly op: 'opaque';
      readonly reads: readonly PlaceId[];
      readonly writes: readonly PlaceId[];
      readonly why: string;
      readonly span: Span;
    };

export interface SwitchCase {
  readonly literals: readonly Literal[];
  readonly to: BlockId;
}

export interface CatchClause {
  readonly types: readonly TypeHint[];
  /** Catches whatever is thrown: `catch (Throwable t)`, a bare `except:`. */
  readonly isBroad: boolean;
  readonly to: BlockId;
}

export type Terminator = { readonly span: Span } & (
  | { readonly op: 'jump'; readonly to: BlockId }
  | { readonly op: 'branch'; readonly when: Condition | 'unknown'; readonly then: BlockId; readonly else: BlockId }
  | { readonly op: 'switch'; readonly on: PlaceId; readonly cases: readonly SwitchCase[]; readonly default: BlockId }
  /** `isShared`: several of the source end in it, by one copy of the cleanup around them; each is a jump into that copy. */
  | { readonly op: 'return'; readonly values: readonly Operand[]; readonly isShared: boolean }
  /** Follows the block's `unwind`. */
  | { readonly op: 'throw'; readonly value: Operand; readonly type: TypeHint | null }
  /** The end of a cleanup region entered by an exception: that exception goes on, along `unwind`. */
  | { readonly op: 'rethrow' }
  /** Where the unwind edges of a `try` with clauses lead; `otherwise` null: out of the function. */
  | { readonly op: 'dispatch'; readonly clauses: readonly CatchClause[]; readonly otherwise: BlockId | null }
  /** The process or thread ends. */
  | { readonly op: 'halt' }
);

export interface BasicBlock {
  readonly id: BlockId;
  readonly instructions: readonly Instruction[];
  readonly terminator: Terminator;
  /** Where an exception raised anywhere in the block goes; null: out of the function. */
  readonly unwind: BlockId | null;
  readonly isLoopHead: boolean;
  /** Another lowering of the same cleanup region. */
  readonly cloneOf: BlockId | null;
}

export interface IrFunction {
  readonly id: FunctionId;
  readonly symbol: SymbolName;
  /** As a person would name it in a message: `find`, `Dao`, `lambda`. */
  readonly name: string;
  /** The type that declares it, e.g. `Outer.Inner`; for closures the type around them. */
  readonly owner: string | null;
  readonly language: Language;
  readonly span: Span;
  readonly kind: 'function' | 'method' | 'constructor' | 'closure' | 'module';
  readonly isStatic: boolean;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Sets the fields of an object that is being made, before any constructor has its say; nobody calls it by name. */
  readonly isInitializer?: true;
  /** As declared; null: not declared, or nothing. */
  readonly returns: TypeHint | null;
  readonly receiver: PlaceId | null;
  readonly params: readonly PlaceId[];
  readonly captures: readonly PlaceId[];
  readonly places: readonly Place[];
  /** Invariant: reverse post-order; `blocks[i].id === i`; `blocks[0]` is the entry. */
  readonly blocks: readonly BasicBlock[];
  /** Too many copies of a cleanup region were needed: one is shared, and its ways out with it. */
  readonly isCoarse: boolean;
}
