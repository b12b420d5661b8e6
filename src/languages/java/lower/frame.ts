/**
 * What is known while one Java body is lowered: its builder, the variables in scope, what surrounds
 * it. A lambda's frame has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import { FunctionBuilder } from '../../../ir/builder.ts';
import type { FunctionId, IrFunction, PlaceId, Span, ThrowTier } from '../../../ir/ir.ts';
import type { Declaration } from '../../language.ts';
import { brokenParts } from '../../lowering/broken.ts';
import type { BrokenParts } from '../../lowering/broken.ts';
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
  /** The type around, e.g. `Outer.Inner`. */
  readonly owner: string;
}

/** Nesting deeper than this is not lowered: no program has it, and the call stack is finite. */
export const maxDepth = 400;

/** Variables of a block, and those of the blocks around it. */
interface Scope {
  readonly names: Map<string, PlaceId>;
  readonly outer: Scope | null;
}

/** A closure that was lowered; another copy of the same cleanup region uses it again. */
export interface LoweredClosure {
  readonly members: readonly { readonly name: string | null; readonly fn: FunctionId }[];
  /** Places of the frame the closure is in. */
  readonly captures: readonly PlaceId[];
}

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

export class Frame {
  readonly builder: FunctionBuilder;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly body: AnonymousBody | null;
  readonly header: FunctionHeader;
  readonly closures = new Map<number, LoweredClosure>();
  /** Where the values of the switch expressions around go, innermost last. */
  readonly yields: { readonly place: PlaceId; readonly span: Span }[] = [];
  /** What the syntax around suggests of calls: see `CallInstruction.throws`. */
  tier: ThrowTier;
  depth: number;
  /** The place of `this`, once it is known to be needed. */
  receiver: PlaceId | null = null;
  private scope: Scope = { names: new Map(), outer: null };
  private readonly captures: PlaceId[];
  private readonly captured = new Map<PlaceId, PlaceId>();

  constructor(options: FrameOptions) {
    this.builder = new FunctionBuilder(options.header);
    this.header = options.header;
    this.output = options.output;
    this.parent = options.parent;
    this.body = options.body;
    this.tier = options.tier;
    this.captures = options.captures;
    this.depth = options.parent?.depth ?? 0;
  }

  get text(): string {
    return this.output.unit.text;
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.start, node.end);
  }

  // Variables

  declare(name: string, place: PlaceId): void {
    this.scope.names.set(name, place);
  }

  /** A variable of this function or one around it, captured if need be; fields are not variables. */
  variable(name: string): PlaceId | null {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.outer) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    if (this.body?.fields.has(name) === true) return null;
    const outer = this.parent?.variable(name) ?? null;
    return outer === null ? null : this.capture(outer);
  }

  /** Variables declared by the callback are forgotten after it. */
  scoped(lower: () => void): void {
    const outer = this.scope;
    this.scope = { names: new Map(), outer };
    lower();
    this.scope = outer;
  }

  /** The callback, to be run later with the variables and the tier of now. */
  bound(lower: () => void): () => void {
    const { scope, tier, depth } = this;
    return () => {
      const [laterScope, laterTier, laterDepth] = [this.scope, this.tier, this.depth];
      [this.scope, this.tier, this.depth] = [scope, tier, depth];
      lower();
      [this.scope, this.tier, this.depth] = [laterScope, laterTier, laterDepth];
    };
  }

  withTier(tier: ThrowTier, lower: () => void): void {
    const outer = this.tier;
    this.tier = tier;
    lower();
    this.tier = outer;
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
    const place = this.parent?.builder.places.get(outer);
    const isLocal = place?.kind === 'local';
    const inner = this.builder.places.synthetic(isLocal ? place.name : null, isLocal ? place.typeHint : null);
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
