/**
 * What is known while one body is lowered: its builder, the variables in scope, what surrounds it. A
 * closure's frame has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId, Span } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import type { Declaration } from '../../language.ts';
import { copyOf, ScopedFrame } from '../../lowering/frame.ts';
import type { FileFacts } from '../declarations.ts';
import type { Node } from '../nodes.ts';
import type { ValueKind } from '../truthiness.ts';
import { kindOfType, ValueKinds } from '../truthiness.ts';
import { brokenParts } from './broken.ts';
import type { BrokenParts } from './broken.ts';

export interface LoweringUnit {
  /** Of the whole file; nodes are offsets into it. */
  readonly text: string;
  readonly declaration: Declaration;
  /** All of the declaration; for initialisers the class or the program. */
  readonly node: Node;
  /** The part with parameters and body; null for initialisers. */
  readonly fn: Node | null;
  readonly facts: FileFacts;
  readonly habits: Habits;
  readonly errors: readonly Span[];
  readonly removed: readonly Span[];
}

/** Nesting deeper than this is not lowered: no program has it, and the call stack is finite. */
export const maxDepth = 250;

/** Shared by a function and all closures in it. */
export class UnitOutput {
  readonly unit: LoweringUnit;
  readonly broken: BrokenParts;
  /** By number; a closure takes its number before those inside it. */
  readonly closures: (IrFunction | null)[] = [];

  constructor(unit: LoweringUnit) {
    this.unit = unit;
    this.broken = brokenParts(unit);
  }
}

/**
 * What `this` is: the object a function is called on, whatever it is around an arrow function, the class in static
 * code, nothing at the top level of a module.
 */
export type ThisMode = 'own' | 'outer' | 'class' | 'none';

export interface FrameOptions {
  readonly header: FunctionHeader;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly thisMode: ThisMode;
  /** The type `this` has, if it is one with a name. */
  readonly thisType: string | null;
  /** Places of the parent that all members of a closure capture, in order; shared between them. */
  readonly captures: Set<PlaceId>;
}

export class Frame extends ScopedFrame<PlaceId> {
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly thisMode: ThisMode;
  /** For `arguments`. */
  params: readonly PlaceId[] = [];
  /** What is assigned to variables of this function, by name. */
  kinds = new ValueKinds();
  /** Those known from their declarations. */
  readonly declaredKinds = new Map<PlaceId, ValueKind>();
  /** Constants that are always the same number, and parameters that are where nobody says otherwise. */
  readonly numbers = new Map<PlaceId, number>();
  /** The place of `this`, once it is known to be needed. */
  receiver: PlaceId | null = null;
  /** The namespace or class the code stands in, for names declared there. */
  space: string | null;
  private readonly thisType: string | null;
  private readonly captures: Set<PlaceId>;
  private readonly captured = new Map<PlaceId, PlaceId>();

  constructor(options: FrameOptions) {
    super(options.header, options.parent?.depth ?? 0, 'length');
    this.output = options.output;
    this.parent = options.parent;
    this.thisMode = options.thisMode;
    this.thisType = options.thisType;
    this.captures = options.captures;
    this.space = options.parent?.space ?? options.header.owner;
  }

  get unit(): LoweringUnit {
    return this.output.unit;
  }

  get habits(): Habits {
    return this.output.unit.habits;
  }

  get text(): string {
    return this.output.unit.text;
  }

  textOf(node: Node): string {
    return this.text.slice(node.range[0], node.range[1]);
  }

  // Variables

  /** At the top level of a module's own code, variables are the module's: they are not declared here. */
  get isModuleLevel(): boolean {
    return this.parent === null && this.isOutermost && this.header.kind === 'module';
  }

  /** A variable of this function or one around it, captured if need be; those of the module are not variables. */
  variable(name: string): PlaceId | null {
    const own = this.declared(name);
    if (own !== null) return own;
    const outer = this.parent?.variable(name) ?? null;
    return outer === null ? null : this.capture(outer);
  }

  // `this`

  /** null where `this` is no object of interest. */
  thisPlace(): PlaceId | null {
    if (this.receiver !== null) return this.receiver;
    if (this.thisMode === 'own') {
      this.receiver = this.builder.places.synthetic('this', this.thisType);
      return this.receiver;
    }
    if (this.thisMode !== 'outer') return null;
    const outer = this.parent?.thisPlace() ?? null;
    if (outer === null) return null;
    this.receiver = this.capture(outer);
    return this.receiver;
  }

  /** In static code `this` is the class, known by its name. */
  thisClass(): string | null {
    if (this.thisMode === 'class') return this.unit.declaration.owner;
    return this.thisMode === 'outer' ? (this.parent?.thisClass() ?? null) : null;
  }

  /** The class whose method this is, or whose static code. */
  ownClass(): string | null {
    if (this.thisMode === 'outer') return this.parent?.ownClass() ?? null;
    return this.thisMode === 'class' || this.parent === null ? this.unit.declaration.owner : null;
  }

  /** What `arguments` holds; an arrow function has none of its own. */
  argumentPlaces(): readonly PlaceId[] {
    if (this.thisMode !== 'outer' || this.parent === null) return this.params;
    return this.parent.argumentPlaces().map((outer) => this.capture(outer));
  }

  // Captures

  capture(outer: PlaceId): PlaceId {
    const known = this.captured.get(outer);
    if (known !== undefined) return known;
    this.captures.add(outer);
    const inner = copyOf(this.parent?.builder.places.get(outer), this.builder.places, null);
    this.captured.set(outer, inner);
    const kind = this.parent?.kindOf(outer) ?? null;
    if (kind !== null) this.declaredKinds.set(inner, kind);
    const number = this.parent?.numbers.get(outer);
    if (number !== undefined) this.numbers.set(inner, number);
    return inner;
  }

  /** Own places for all captures of the closure, whether this member mentions them or not. */
  capturedPlaces(): PlaceId[] {
    return [...this.captures].map((outer) => this.capture(outer));
  }

  // What kind of value

  kindOf(id: PlaceId): ValueKind | null {
    const declared = this.declaredKinds.get(id);
    if (declared !== undefined) return declared;
    const place = this.builder.places.get(id);
    const { kinds } = this.unit.facts;
    switch (place.kind) {
      case 'local':
        return place.name === null ? null : this.kinds.get(place.name);
      case 'path':
        return kinds.properties.get(place.fields.at(-1) ?? '');
      case 'global':
        return (
          kindOfType(place.typeHint) ?? kinds.variables.get(place.name) ?? kinds.properties.get(lastPart(place.name))
        );
      case 'predicate':
        return 'boolean';
    }
  }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
