/**
 * What is known while one Go function is lowered: its builder, the variables in scope, what surrounds it.
 * A function literal's frame has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { BlockId, IrFunction, PlaceId, TypeHint } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import type { Declaration } from '../../language.ts';
import { brokenParts } from '../../lowering/broken.ts';
import type { BrokenParts } from '../../lowering/broken.ts';
import { copyOf, ScopedFrame } from '../../lowering/frame.ts';
import type { Scope } from '../../lowering/frame.ts';
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

type Variables = Scope<PlaceId>;

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

export class Frame extends ScopedFrame<PlaceId> {
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  /** Where `fallthrough` leads, in the clauses around, innermost last. */
  readonly fallthroughs: (BlockId | null)[] = [];
  body: Body = noBody;
  receiver: PlaceId | null = null;
  /** The way out whose deferred calls are being lowered is that of a `panic`. */
  isPanicking = false;
  /** In the body of a deferred literal. */
  isDeferred = false;
  private readonly captures: PlaceId[];
  private readonly captured = new Map<PlaceId, PlaceId>();
  private readonly own = new Set<PlaceId>();
  private readonly fieldsWritten = new Set<string>();
  private readonly slots = new Map<string, PlaceId>();

  constructor(options: FrameOptions) {
    super(options.header, options.parent?.depth ?? 0);
    this.output = options.output;
    this.parent = options.parent;
    this.captures = options.captures;
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

  /** A field is written here, of whatever depth: a call of that name is one of what is in it. */
  noteField(object: PlaceId, name: string): void {
    this.fieldsWritten.add(this.#fieldKey(object, name));
  }

  isFieldWritten(object: PlaceId, name: string): boolean {
    return this.fieldsWritten.has(this.#fieldKey(object, name));
  }

  #fieldKey(object: PlaceId, name: string): string {
    const place = this.builder.places.get(object);
    return place.kind === 'path' ? `${place.root}.${place.fields.join('.')}.${name}` : `${object}.${name}`;
  }

  // Variables

  override declare(name: string, place: PlaceId): void {
    if (name !== '_' && name !== '') super.declare(name, place);
  }

  /** A variable of this function or one around it, captured if need be. */
  variable(name: string): PlaceId | null {
    const own = this.declared(name);
    if (own !== null) return own;
    const outer = this.parent?.variable(name) ?? null;
    return outer === null ? null : this.capture(outer);
  }

  /** Variables that each round of the loops around has anew, innermost first. */
  loopVariables(): ReadonlyMap<string, PlaceId> {
    const found = new Map<string, PlaceId>();
    const pending = new Map<string, PlaceId>();
    for (let scope: Variables | null = this.scope; scope !== null; scope = scope.outer) {
      for (const [name, place] of scope.names) if (!pending.has(name)) pending.set(name, place);
      if (scope.isLoop) for (const [name, place] of pending) found.set(name, place);
    }
    return found;
  }

  /** As `scoped`, for what a loop declares. */
  loopScoped(lower: () => void): void {
    const leave = this.enter(true);
    lower();
    leave();
  }

  /** With the variables of now, and none declared in the meantime. */
  override bound(lower: () => void): () => void {
    return this.boundTo(snapshot(this.scope), lower);
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

function snapshot(scope: Variables): Variables {
  const copy = (one: Variables, outer: Variables | null): Variables => ({ ...one, names: new Map(one.names), outer });
  const chain: Variables[] = [];
  for (let at: Variables | null = scope; at !== null; at = at.outer) chain.push(at);
  return chain.reduceRight<Variables | null>((outer, one) => copy(one, outer), null) ?? copy(scope, null);
}
