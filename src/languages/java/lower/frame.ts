/**
 * What is known while one Java body is lowered: its builder, the variables in scope, what surrounds
 * it. A lambda's frame has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId, Span, ThrowTier } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import type { Declaration } from '../../language.ts';
import { brokenParts } from '../../lowering/broken.ts';
import type { BrokenParts } from '../../lowering/broken.ts';
import { copyOf, ScopedFrame } from '../../lowering/frame.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { statementSyntax } from './nodes.ts';

export interface LoweringUnit {
  /** Of the whole file; nodes are offsets into it. */
  readonly text: string;
  readonly declaration: Declaration;
  /** A method, constructor or compact constructor; for initializers the body of the type. */
  readonly node: SyntaxNode;
  /** Instance fields visible lexically: own and outer types'. */
  readonly fields: ReadonlySet<string>;
  readonly staticFields: ReadonlySet<string>;
  /** Own fields that are null until a constructor sets them. */
  readonly unsetFields: ReadonlySet<string>;
  /** Has the type around methods of the name, of which none takes anything? */
  readonly takesNothing: (method: string) => boolean;
  /** The type around, e.g. `Outer.Inner`. */
  readonly owner: string;
  readonly habits: Habits;
}

/** Nesting deeper than this is not lowered: no program has it, and the call stack is finite. */
export const maxDepth = 400;

/** Shared by a function and all closures in it. */
export class UnitOutput {
  readonly unit: LoweringUnit;
  readonly broken: BrokenParts;
  /** By number; a closure takes its number before those inside it. */
  readonly closures: (IrFunction | null)[] = [];

  constructor(unit: LoweringUnit) {
    this.unit = unit;
    this.broken = brokenParts(unit.node, statementSyntax);
  }
}

/** What an anonymous class's own body declares. */
export interface AnonymousBody {
  readonly fields: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  /** In an initializer block, a bare call is nearly always one on the new object. */
  readonly isInitializer: boolean;
}

export interface FrameOptions {
  readonly header: FunctionHeader;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly tier: ThrowTier;
  /** Set for members of an anonymous class. */
  readonly body: AnonymousBody | null;
  /** Places of the parent that all members of a closure capture, in order; shared between them. */
  readonly captures: PlaceId[];
}

export class Frame extends ScopedFrame<PlaceId> {
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly body: AnonymousBody | null;
  /** Where the values of the switch expressions around go, innermost last. */
  readonly yields: { readonly place: PlaceId; readonly span: Span }[] = [];
  /** The place of `this`, once it is known to be needed. */
  receiver: PlaceId | null = null;
  /** Clauses of a `try` around wait for what is thrown here. */
  isGuarded = false;
  private readonly captures: PlaceId[];
  private readonly captured = new Map<PlaceId, PlaceId>();

  constructor(options: FrameOptions) {
    super(options.header, options.parent?.depth ?? 0, 'length');
    this.output = options.output;
    this.parent = options.parent;
    this.body = options.body;
    this.tier = options.tier;
    this.captures = options.captures;
  }

  get habits(): Habits {
    return this.output.unit.habits;
  }

  get text(): string {
    return this.output.unit.text;
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.start, node.end);
  }

  guarded(lower: () => void): void {
    const before = this.isGuarded;
    this.isGuarded = true;
    lower();
    this.isGuarded = before;
  }

  // Variables

  /** A variable of this function or one around it, captured if need be; fields are not variables. */
  variable(name: string): PlaceId | null {
    const own = this.declared(name);
    if (own !== null) return own;
    if (this.body?.fields.has(name) === true) return null;
    const outer = this.parent?.variable(name) ?? null;
    return outer === null ? null : this.capture(outer);
  }

  // `this`

  /** null in a static context. */
  thisPlace(): PlaceId | null {
    if (this.receiver !== null || this.body !== null || this.parent === null) return this.receiver;
    const outer = this.parent.thisPlace();
    return outer === null ? null : this.capture(outer);
  }

  /** `this` of the class that is not anonymous: what `Outer.this` and outer fields refer to. */
  outerThis(): PlaceId | null {
    if (this.parent === null) return this.receiver;
    if (this.body === null && this.parent.outerThis() === this.parent.thisPlace()) return this.thisPlace();
    const outer = this.parent.outerThis();
    return outer === null ? null : this.capture(outer);
  }

  capture(outer: PlaceId): PlaceId {
    const known = this.captured.get(outer);
    if (known !== undefined) return known;
    if (!this.captures.includes(outer)) this.captures.push(outer);
    const inner = copyOf(this.parent?.builder.places.get(outer), this.builder.places, null);
    this.captured.set(outer, inner);
    // A lambda has no `this` of its own.
    if (this.body === null && this.parent?.receiver === outer) this.receiver = inner;
    return inner;
  }

  /** Own places for all captures of the closure, whether this member mentions them or not. */
  capturedPlaces(): PlaceId[] {
    return this.captures.map((outer) => this.capture(outer));
  }
}
