/**
 * What a frame keeps while a body is lowered: its builder, the names in scope, how deep it is. What a name stands
 * for, and what is captured from the frame around, is each language's own.
 */
import type { FunctionHeader } from '../../ir/builder.ts';
import { FunctionBuilder } from '../../ir/builder.ts';
import type { FunctionId, Place, PlaceId, SymbolName, ThrowTier, TypeHint } from '../../ir/ir.ts';
import type { PlaceTable } from '../../ir/places.ts';
import type { Declaration } from '../language.ts';

/** Names of a block, and those of the blocks around it. */
export interface Scope<Name> {
  readonly names: Map<string, Name>;
  readonly outer: Scope<Name> | null;
  /** What a loop declares: another variable in every round, where the language has it so. */
  readonly isLoop: boolean;
}

/** A closure that was lowered; another copy of the same cleanup region uses it again. */
export interface LoweredClosure {
  readonly members: readonly { readonly name: string | null; readonly fn: FunctionId }[];
  /** Places of the frame the closure is in. */
  readonly captures: readonly PlaceId[];
}

export class ScopedFrame<Name> {
  readonly builder: FunctionBuilder;
  readonly header: FunctionHeader;
  /** What the syntax around suggests of calls: see `CallInstruction.throws`. */
  tier: ThrowTier = 'possible';
  depth: number;
  protected scope: Scope<Name> = { names: new Map(), outer: null, isLoop: false };
  /** By the offset that tells them apart. */
  private readonly closures = new Map<number, LoweredClosure>();

  /** `countField`: see `FunctionBuilder`. */
  constructor(header: FunctionHeader, depth: number, countField: string | null = null) {
    this.builder = new FunctionBuilder(header, countField);
    this.header = header;
    this.depth = depth;
  }

  declare(name: string, value: Name): void {
    this.scope.names.set(name, value);
  }

  /** Names declared by the callback are forgotten after it. */
  scoped<T>(lower: () => T): T {
    const leave = this.enterScope();
    const result = lower();
    leave();
    return result;
  }

  /** For constructs whose scopes nest without end; what it returns leaves the scope. */
  enterScope(): () => void {
    return this.enter(false);
  }

  protected enter(isLoop: boolean): () => void {
    const outer = this.scope;
    this.scope = { names: new Map(), outer, isLoop };
    return () => {
      this.scope = outer;
    };
  }

  /** The callback, to be run later with the names and the tier of now. */
  bound(lower: () => void): () => void {
    return this.boundTo(this.scope, lower);
  }

  protected boundTo(scope: Scope<Name>, lower: () => void): () => void {
    const { tier, depth } = this;
    return () => {
      const [laterScope, laterTier, laterDepth] = [this.scope, this.tier, this.depth];
      [this.scope, this.tier, this.depth] = [scope, tier, depth];
      lower();
      [this.scope, this.tier, this.depth] = [laterScope, laterTier, laterDepth];
    };
  }

  withTier<T>(tier: ThrowTier, lower: () => T): T {
    const outer = this.tier;
    this.tier = tier;
    const lowered = lower();
    this.tier = outer;
    return lowered;
  }

  /** Another copy of the same cleanup region refers to the same functions. */
  closureOnce(offset: number, lower: () => LoweredClosure): LoweredClosure {
    const lowered = this.closures.get(offset) ?? lower();
    this.closures.set(offset, lowered);
    return lowered;
  }

  protected get isOutermost(): boolean {
    return this.scope.outer === null;
  }

  /** Declared in the scope that is open; not those around. */
  declaredHere(name: string): Name | null {
    return this.scope.names.get(name) ?? null;
  }

  /** Declared in any scope of this frame; not those of the frames around. */
  protected declared(name: string): Name | null {
    for (let scope: Scope<Name> | null = this.scope; scope !== null; scope = scope.outer) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return null;
  }
}

/** What all functions of closures have alike. Ids and symbols are chosen by frontends; these derive from those of the declaration. */
export function closureIdentity(
  { id, symbol, owner }: Declaration,
  suffix: string,
): Pick<FunctionHeader, 'id' | 'symbol' | 'owner' | 'kind'> {
  return { id: `${id}$${suffix}` as FunctionId, symbol: `${symbol}$${suffix}` as SymbolName, owner, kind: 'closure' };
}

/** What a closure has of a place around it; `type` is a guess for one that has none. */
export function copyOf(outer: Place | undefined, places: PlaceTable, type: TypeHint | null): PlaceId {
  if (outer?.kind !== 'local') return places.synthetic(null, type);
  return places.synthetic(outer.name, outer.typeHint ?? type);
}
