/**
 * What is known while one Go function is lowered: its builder, the variables in scope, what surrounds it.
 * A function literal's frame has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import { FunctionBuilder } from '../../../ir/builder.ts';
import type { BlockId, IrFunction, PlaceId, TypeHint } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import type { Declaration } from '../../language.ts';
import { brokenParts } from '../../lowering/broken.ts';
import type { BrokenParts } from '../../lowering/broken.ts';
import { copyOf } from '../../lowering/frame.ts';
import type { LoweredClosure } from '../../lowering/frame.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import type { FileNames } from '../file-names.ts';
import { statementSyntax } from './nodes.ts';
import { sharedNames, type SharedNames } from './shared-names.ts';

export interface LoweringUnit {
  /** Of the whole file; nodes are offsets into it. */
  readonly text: string;
  readonly declaration: Declaration;
  /** A function or method; for package variables the whole file. */
  readonly node: SyntaxNode;
  readonly names: FileNames;
  readonly habits: Habits;
}

/** Nesting deeper than this is not lowered: no program has it, and the call stack is finite. */
export const maxDepth = 400;

/** Variables of a block, and those of the blocks around it. */
interface Scope {
  readonly names: Map<string, PlaceId>;
  readonly outer: Scope | null;
  /** What a loop declares: another variable in every round. */
  readonly isLoop: boolean;
}

/** Shared by a function and all closures in it. */
export class UnitOutput {
  readonly unit: LoweringUnit;
  readonly broken: BrokenParts;
  readonly shared: SharedNames;
  /** By number; a closure takes its number before those inside it. */
  readonly closures: (IrFunction | null)[] = [];

  constructor(unit: LoweringUnit) {
    this.unit = unit;
    this.broken = brokenParts(unit.node, statementSyntax);
    this.shared = sharedNames(unit.text, unit.node);
  }
}

/** A `defer` that may not be reached: `run` is known once it was lowered. */
export interface Deferral {
  readonly flag: PlaceId;
  /** In a loop one `defer` statement stands for many calls. */
  readonly isRepeated: boolean;
  run: (() => void) | null;
}

/** Where a `goto` leads. */
export interface GotoTarget {
  readonly block: BlockId;
  /** `lost`: nothing led to the label when it was met, so its code is forgotten. */
  state: 'ahead' | 'placed' | 'lost';
}

/** The function body being lowered: that of the frame, or one of a deferred literal inside it. */
export interface Body {
  /** Named results, in order; empty if they have no names. */
  readonly results: readonly PlaceId[];
  readonly resultCount: number;
  /** Where `return` jumps; null: it leaves the function at once. */
  readonly labelOfReturn: ((statement: SyntaxNode) => string) | null;
  /** Labels that some `goto` names. */
  readonly gotos: ReadonlyMap<string, GotoTarget>;
  /** The defer statements that may or may not be reached. */
  readonly deferrals: ReadonlyMap<SyntaxNode, Deferral>;
  /** Where variables are assigned for the last time. */
  readonly lastAssignments: ReadonlyMap<string, number>;
}

const noBody: Body = {
  results: [],
  resultCount: 0,
  labelOfReturn: null,
  gotos: new Map(),
  deferrals: new Map(),
  lastAssignments: new Map(),
};

export interface FrameOptions {
  readonly header: FunctionHeader;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  /** Places of the parent that the closure captures, in order. */
  readonly captures: PlaceId[];
}

export class Frame {
  readonly builder: FunctionBuilder;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly header: FunctionHeader;
  /** By the offset of their end: literals and method values may start at the same place. */
  readonly closures = new Map<number, LoweredClosure>();
  /** Where `fallthrough` leads, in the clauses around, innermost last. */
  readonly fallthroughs: (BlockId | null)[] = [];
  body: Body = noBody;
  depth: number;
  receiver: PlaceId | null = null;
  private scope: Scope = { names: new Map(), outer: null, isLoop: false };
  private readonly captures: PlaceId[];
  private readonly captured = new Map<PlaceId, PlaceId>();
  private readonly own = new Set<PlaceId>();
  private readonly slots = new Map<string, PlaceId>();

  constructor(options: FrameOptions) {
    this.builder = new FunctionBuilder(options.header, null);
    this.header = options.header;
    this.output = options.output;
    this.parent = options.parent;
    this.captures = options.captures;
    this.depth = options.parent?.depth ?? 0;
  }

  get habits(): Habits {
    return this.output.unit.habits;
  }

  get text(): string {
    return this.output.unit.text;
  }

  get names(): FileNames {
    return this.output.unit.names;
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.start, node.end);
  }

  // Variables

  declare(name: string, place: PlaceId): void {
    if (name !== '_' && name !== '') this.scope.names.set(name, place);
  }

  /** A variable of this function or one around it, captured if need be. */
  variable(name: string): PlaceId | null {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.outer) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    const outer = this.parent?.variable(name) ?? null;
    return outer === null ? null : this.capture(outer);
  }

  /** The variable `:=` would assign instead of declaring it. */
  declaredHere(name: string): PlaceId | null {
    return this.scope.names.get(name) ?? null;
  }

  /** Variables that each round of the loops around has anew, innermost first. */
  loopVariables(): ReadonlyMap<string, PlaceId> {
    const found = new Map<string, PlaceId>();
    const pending = new Map<string, PlaceId>();
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.outer) {
      for (const [name, place] of scope.names) if (!pending.has(name)) pending.set(name, place);
      if (scope.isLoop) for (const [name, place] of pending) found.set(name, place);
    }
    return found;
  }

  /** Variables declared by the callback are forgotten after it. */
  scoped(lower: () => void): void {
    const outer = this.scope;
    this.scope = { names: new Map(), outer, isLoop: false };
    lower();
    this.scope = outer;
  }

  loopScoped(lower: () => void): void {
    const outer = this.scope;
    this.scope = { names: new Map(), outer, isLoop: true };
    lower();
    this.scope = outer;
  }

  /** For constructs whose scopes nest without end; what it returns leaves the scope. */
  enterScope(): () => void {
    const outer = this.scope;
    this.scope = { names: new Map(), outer, isLoop: false };
    return () => {
      this.scope = outer;
    };
  }

  /** The callback, to be run later with the variables of now, and none declared in the meantime. */
  bound(lower: () => void): () => void {
    const scope = snapshot(this.scope);
    const { depth } = this;
    return () => {
      const [laterScope, laterDepth] = [this.scope, this.depth];
      [this.scope, this.depth] = [scope, depth];
      lower();
      [this.scope, this.depth] = [laterScope, laterDepth];
    };
  }

  /** Another function body, lowered as part of this function. */
  withBody(body: Body, lower: () => void): void {
    const outer = this.body;
    this.body = body;
    lower();
    this.body = outer;
  }

  /** A place of the compiler's own; the same for another copy of the same code. */
  slot(key: string, name: string | null, type: TypeHint | null, accumulates: boolean): PlaceId {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const place = this.builder.places.synthetic(name, type, accumulates);
    this.slots.set(key, place);
    return place;
  }

  /** May its value change other than by the assignments in this function? An error that a literal assigns: from there on. */
  isShared(id: PlaceId, at: number | null = null): boolean {
    const place = this.builder.places.get(id);
    const from = place.kind === 'local' && place.name !== null ? this.output.shared.get(place.name) : undefined;
    if (place.kind !== 'local' || from === undefined) return false;
    return at === null || place.typeHint !== 'error' || at >= from;
  }

  /** The errors that from this literal on are shared. */
  sharedFrom(literal: number): PlaceId[] {
    return [...this.output.shared].flatMap(([name, from]) => {
      const place = from === literal ? this.variable(name) : null;
      const known = place === null ? null : this.builder.places.get(place);
      return place !== null && known?.kind === 'local' && known.typeHint === 'error' ? [place] : [];
    });
  }

  // Captures

  capture(outer: PlaceId): PlaceId {
    const known = this.captured.get(outer);
    if (known !== undefined) return known;
    this.captures.push(outer);
    const inner = copyOf(this.parent?.builder.places.get(outer), this.builder.places, null);
    this.captured.set(outer, inner);
    this.own.add(inner);
    // A literal in a method has no receiver of its own.
    if (this.parent?.receiver === outer) this.receiver = inner;
    return inner;
  }

  /** The variable belongs to a function around this one. */
  isCaptured(place: PlaceId): boolean {
    return this.own.has(place);
  }

  capturedPlaces(): PlaceId[] {
    return this.captures.map((outer) => this.capture(outer));
  }
}

function snapshot(scope: Scope): Scope {
  const copy = (one: Scope, outer: Scope | null): Scope => ({ ...one, names: new Map(one.names), outer });
  const chain: Scope[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.outer) chain.push(at);
  return chain.reduceRight<Scope | null>((outer, one) => copy(one, outer), null) ?? copy(scope, null);
}
