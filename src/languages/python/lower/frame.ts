/**
 * What is known while one Python body is lowered: its builder, the names it can see, what surrounds it. The
 * frame of a nested function or lambda has the frame around it as parent and captures what it finds there.
 */
import type { FunctionHeader } from '../../../ir/builder.ts';
import type { IrFunction, PlaceId, TypeHint } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import type { Declaration, Import } from '../../language.ts';
import { brokenParts } from '../../lowering/broken.ts';
import type { BrokenParts } from '../../lowering/broken.ts';
import { copyOf, ScopedFrame } from '../../lowering/frame.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { bindingType, statedType } from '../bindings.ts';
import type { Binding, Bindings } from '../bindings.ts';
import type { ClassSite } from '../declarations.ts';
import { fieldTruth } from '../fields.ts';
import { functionSyntax, moduleSyntax } from '../nodes.ts';
import type { Truth } from '../truth.ts';

export interface LoweringUnit {
  /** Of the whole file; nodes are offsets into it. */
  readonly text: string;
  readonly declaration: Declaration;
  /** The function, or the whole file for the module's code. */
  readonly node: SyntaxNode;
  /** The class around. */
  readonly owner: ClassSite | null;
  readonly module: { readonly imports: readonly Import[]; readonly bindings: Bindings };
  readonly habits: Habits;
}

/** Nesting deeper than this is not lowered: no program has it, and the call stack is finite. */
export const maxDepth = 300;

/** What a name stands for. */
export type Named =
  | { readonly kind: 'place'; readonly place: PlaceId }
  /** As written; good as the scope of a call. `import`: a name out of a module, whatever it is. */
  | { readonly kind: 'scope'; readonly text: string; readonly sort: 'module' | 'class' | 'import' }
  /** A function of this module. */
  | { readonly kind: 'function'; readonly text: string }
  /** Nothing in this file binds it: a builtin, or one of the names of `import *`. */
  | { readonly kind: 'free'; readonly text: string };

/** Shared by a function and all closures in it. */
export class UnitOutput {
  readonly unit: LoweringUnit;
  readonly broken: BrokenParts;
  readonly imports: ReadonlyMap<string, Import>;
  /** By number; a closure takes its number before those inside it. */
  readonly closures: (IrFunction | null)[] = [];

  constructor(unit: LoweringUnit) {
    this.unit = unit;
    const isFunction = unit.node.type === 'function_definition';
    this.broken = brokenParts(unit.node, isFunction ? functionSyntax : moduleSyntax);
    this.imports = new Map(unit.module.imports.map((one) => [one.local, one]));
  }
}

export interface FrameOptions {
  readonly header: FunctionHeader;
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly bindings: Bindings;
  /** By something that may do more than call the function. */
  readonly isDecorated: boolean;
  /** A generator that a decorator makes a context manager of. */
  readonly isManager: boolean;
}

export class Frame extends ScopedFrame<Named> {
  readonly output: UnitOutput;
  readonly parent: Frame | null;
  readonly bindings: Bindings;
  readonly isDecorated: boolean;
  readonly isManager: boolean;
  /** Places of the parent that this function captures, in order. */
  readonly captures: PlaceId[] = [];
  /** The types of the exceptions in the variables of the `except` clauses around. */
  readonly caught = new Map<string, readonly TypeHint[]>();
  /** Calls whose result the expression around uses up, and calls whose result nobody uses. */
  readonly inline = new Set<SyntaxNode>();
  readonly dropped = new Set<SyntaxNode>();
  /** In the condition of a `while`, which is asked until the answer changes. */
  isWaiting = false;
  /** The place of `self`, once it is known to be needed. */
  receiver: PlaceId | null = null;
  /** The class whose body is being lowered as part of the module's code: `Outer.Inner`. */
  classBody: string | null = null;
  private readonly captured = new Map<PlaceId, PlaceId>();
  private readonly truths = new Map<PlaceId, Truth>();

  constructor(options: FrameOptions) {
    super(options.header, options.parent?.depth ?? 0);
    this.output = options.output;
    this.parent = options.parent;
    this.bindings = options.bindings;
    this.isDecorated = options.isDecorated;
    this.isManager = options.isManager;
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

  // Names

  /** For parameters, and the names of a comprehension or a class's body. */
  declarePlace(name: string, place: PlaceId, truth: Truth): void {
    this.declare(name, { kind: 'place', place });
    this.truths.set(place, truth);
  }

  lookUp(name: string): Named {
    return this.variable(name) ?? this.moduleName(name);
  }

  /** The place the name is written to. */
  assigned(name: string): PlaceId {
    const named = this.lookUp(name);
    if (named.kind === 'place') return named.place;
    // An imported or defined name that is assigned as well: `json = None` where the import fails.
    return this.isLocal(name) ? this.local(name) : this.builder.places.global(name);
  }

  /** What a test of the place's truth says. */
  truthOf(id: PlaceId): Truth {
    const known = this.truths.get(id);
    if (known !== undefined) return known;
    const place = this.builder.places.get(id);
    const { owner, module } = this.output.unit;
    if (place.kind === 'global') return module.bindings.names.get(place.name)?.truth ?? 'reference';
    if (place.kind !== 'path' || place.root !== this.receiver || place.fields.length > 1) return 'reference';
    const field = owner?.fields.get(place.fields[0] ?? '');
    return field === undefined ? 'reference' : fieldTruth(field);
  }

  /** What `_IS_SYNC` always is, which its module sets once and keeps to itself; null: it may be set to something else. */
  constantFlag(name: string): boolean | null {
    if (!name.startsWith('_') || this.header.kind === 'module') return null;
    const binding = this.output.unit.module.bindings.names.get(name);
    if (binding === undefined || binding.flag === null || binding.times > 1) return null;
    const named = this.lookUp(name);
    if (named.kind !== 'place' || this.builder.places.get(named.place).kind !== 'global') return null;
    return binding.flag;
  }

  // `self`

  /** null where there is none. */
  thisPlace(): PlaceId | null {
    if (this.receiver !== null || this.parent === null) return this.receiver;
    const outer = this.parent.thisPlace();
    return outer === null ? null : this.capture(outer, null);
  }

  private variable(name: string): Named | null {
    const declared = this.declared(name);
    if (declared !== null) return declared;
    if (this.bindings.globals.has(name)) return null;
    const own = this.isLocal(name) ? this.bindings.names.get(name) : undefined;
    if (own !== undefined) return this.ownName(name, own);
    const outer = this.parent?.variable(name) ?? null;
    return outer?.kind === 'place' ? { kind: 'place', place: this.fromParent(name, outer.place) } : outer;
  }

  private isLocal(name: string): boolean {
    if (this.header.kind === 'module' || this.bindings.globals.has(name)) return false;
    return this.bindings.names.has(name) && !this.bindings.nonlocals.has(name);
  }

  private ownName(name: string, binding: Binding): Named {
    const imported = binding.kinds.has('import') ? this.imported(name) : null;
    if (imported !== null) return imported;
    if (binding.kinds.has('class')) return { kind: 'scope', text: name, sort: 'class' };
    return { kind: 'place', place: this.local(name) };
  }

  /** A variable of the whole function: its declaration stands for all it is assigned in. */
  private local(name: string): PlaceId {
    const binding = this.bindings.names.get(name);
    const type = binding === undefined ? null : statedType(binding, this.habits.tellingMethods);
    const place = this.builder.places.local(this.header.span.start, name, type);
    this.truths.set(place, binding?.truth ?? 'reference');
    return place;
  }

  private imported(name: string): Named | null {
    const found = this.output.imports.get(name);
    if (found === undefined) return null;
    return { kind: 'scope', text: name, sort: found.kind === 'type' ? 'module' : 'import' };
  }

  private moduleName(name: string): Named {
    const binding = this.output.unit.module.bindings.names.get(name);
    if (binding === undefined && this.bindings.globals.has(name)) return this.globalName(name, null);
    if (binding === undefined) return { kind: 'free', text: name };
    const imported = binding.kinds.has('import') ? this.imported(name) : null;
    if (imported !== null) return imported;
    if (binding.kinds.has('class')) return { kind: 'scope', text: name, sort: 'class' };
    if (binding.kinds.has('function')) return { kind: 'function', text: name };
    return this.globalName(name, bindingType(binding, this.habits.tellingMethods));
  }

  private globalName(name: string, type: TypeHint | null): Named {
    return { kind: 'place', place: this.builder.places.global(name, type) };
  }

  // Captures

  private fromParent(name: string, outer: PlaceId): PlaceId {
    const place = this.parent?.builder.places.get(outer);
    if (place?.kind === 'global') return this.builder.places.global(place.name, place.typeHint);
    const binding = this.parent?.bindings.names.get(name);
    return this.capture(outer, binding === undefined ? null : bindingType(binding, this.habits.tellingMethods));
  }

  /** `type` is a guess for places that have none. */
  private capture(outer: PlaceId, type: TypeHint | null): PlaceId {
    const known = this.captured.get(outer);
    if (known !== undefined) return known;
    this.captures.push(outer);
    const inner = copyOf(this.parent?.builder.places.get(outer), this.builder.places, type);
    this.captured.set(outer, inner);
    this.truths.set(inner, this.parent?.truthOf(outer) ?? 'reference');
    // A nested function has no `self` of its own.
    if (this.parent?.receiver === outer) this.receiver = inner;
    return inner;
  }

  /** Own places of the captures, in their order. */
  capturedPlaces(): PlaceId[] {
    return [...this.captured.values()];
  }
}
