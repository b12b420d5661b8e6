/**
 * Builds the control-flow graph of one function, for every frontend: blocks, unwind edges, loops and
 * switches, and cleanup regions, which are lowered again for each way out of them.
 *
 *     try { if (c) return f(); } finally { g(); }      three ways out: return, fall-through, exception
 *
 * It does not know syntax: a frontend passes callbacks that lower the parts. It does not evaluate
 * conditions either; an infeasible branch is the engine's to see.
 *
 * Code after a `return` is accepted and forgotten: instructions are dropped while nothing leads here.
 */
import { InvariantError } from '../errors.ts';
import { CleanupCopies } from './cleanup-copies.ts';
import { targetsOf } from './walk.ts';
import { mayRaise, orderBlocks } from './order.ts';
import type { DraftBlock } from './order.ts';
import { PlaceTable } from './places.ts';
import { isSameWay } from './scopes.ts';
import type { CleanupRegion, CleanupScope, Exit, JumpTargets, Scope, Way } from './scopes.ts';
import type {
  BlockId,
  CatchClause,
  Condition,
  Instruction,
  IrFunction,
  Operand,
  PlaceId,
  Span,
  SwitchCase,
  Terminator,
  TypeHint,
} from './ir.ts';

/** Return statements of one region that get a copy of their own, so that their lines stay apart. */
const maxReturnCopies = 8;

export type FunctionHeader = Pick<
  IrFunction,
  | 'id'
  | 'symbol'
  | 'name'
  | 'owner'
  | 'language'
  | 'span'
  | 'kind'
  | 'isStatic'
  | 'isAsync'
  | 'isGenerator'
  | 'isInitializer'
  | 'returns'
>;

export interface ClauseLowering {
  readonly types: readonly TypeHint[];
  readonly isBroad: boolean;
  /** Starts with a `caught` instruction. */
  readonly lower: () => void;
}

export class FunctionBuilder {
  readonly places: PlaceTable;
  private readonly header: FunctionHeader;
  private readonly drafts: DraftBlock[] = [];
  private readonly scopes: Scope[] = [];
  private readonly copies = new CleanupCopies();
  private readonly returnSlots: PlaceId[] = [];
  private readonly entry: BlockId;
  private current: DraftBlock;

  /** `countField`: the field by which the language says how many elements there are; null: it has none. */
  constructor(header: FunctionHeader, countField: string | null) {
    this.header = header;
    this.places = new PlaceTable(countField);
    this.entry = this.block();
    this.current = this.draft(this.entry);
    this.current.isLive = true;
  }

  /** Is there a way to get to the instruction emitted next? */
  get isReachable(): boolean {
    return this.current.isLive && this.current.terminator === null;
  }

  // Places

  /** `root.field`; where that is too long, a field of a copy of the root. */
  field(root: PlaceId, name: string, span: Span): PlaceId {
    const path = this.places.path(root, name);
    if (path !== null) return path;
    const copy = this.places.temp();
    this.assign(copy, { kind: 'place', place: root }, span);
    return this.field(copy, name, span);
  }

  /** The operand itself if it is a place, else a temporary that holds it. */
  hold(operand: Operand, span: Span): PlaceId {
    if (operand.kind === 'place') return operand.place;
    const temp = this.places.temp(operand.kind === 'fresh' ? operand.type : null);
    this.assign(temp, operand, span);
    return temp;
  }

  // Instructions and terminators

  emit(instruction: Instruction): void {
    if (!this.isReachable) return;
    const handler = this.handler();
    if (this.current.instructions.length === 0) this.current.unwind = handler;
    else if (this.current.unwind !== handler) {
      const next = this.block();
      this.jump(next, instruction.span);
      this.start(next);
      this.current.unwind = handler;
    }
    if (mayRaise(instruction)) this.markHandlerLive();
    this.current.instructions.push(instruction);
  }

  assign(dest: PlaceId, source: Operand, span: Span): void {
    this.emit({ op: 'assign', dest, source, span });
  }

  /** An empty block, to be started later. */
  block(): BlockId {
    // The one place where an index becomes a BlockId.
    const id = this.drafts.length as BlockId;
    const cloneGroup = this.copies.groupOfNext();
    this.drafts.push({ id, instructions: [], terminator: null, unwind: null, cloneGroup, isLive: false });
    return id;
  }

  /** Instructions go there from now on. The block before must have been left. */
  start(id: BlockId): void {
    if (this.isReachable) throw new InvariantError(`block ${this.current.id} is left open`);
    this.current = this.draft(id);
  }

  jump(to: BlockId, span: Span): void {
    this.terminate({ op: 'jump', to, span });
  }

  /** Goes to the block and goes on there. */
  continueIn(block: BlockId, span: Span): void {
    this.jump(block, span);
    this.start(block);
  }

  branch(when: Condition | 'unknown', thenTo: BlockId, elseTo: BlockId, span: Span): void {
    this.terminate({ op: 'branch', when, then: thenTo, else: elseTo, span });
  }

  switchOn(on: PlaceId, cases: readonly SwitchCase[], otherwise: BlockId, span: Span): void {
    this.terminate({ op: 'switch', on, cases, default: otherwise, span });
  }

  halt(span: Span): void {
    this.terminate({ op: 'halt', span });
  }

  throwValue(value: Operand, type: TypeHint | null, span: Span): void {
    this.splitForHandler(span);
    this.terminate({ op: 'throw', value, type, span });
  }

  /** Runs the cleanup regions around, innermost first; the values are kept in slots meanwhile. */
  returnValues(values: readonly Operand[], span: Span): void {
    const isInRegion = this.scopes.some((scope) => scope.kind === 'cleanup');
    const kept = isInRegion ? values.map((value, index) => this.keepForReturn(value, index, span)) : values;
    this.leave({ kind: 'return', values: kept, isShared: false, span });
  }

  /** False if there is nothing to break out of: the source is broken. */
  breakTo(label: string | null, span: Span): boolean {
    const accepts = (scope: JumpTargets): boolean =>
      label === null ? scope.takesPlainBreak : scope.labels.includes(label);
    return this.leaveTo((scope) => (accepts(scope) ? scope.breakTo : null), span);
  }

  continueTo(label: string | null, span: Span): boolean {
    const accepts = (scope: JumpTargets): boolean => label === null || scope.labels.includes(label);
    return this.leaveTo((scope) => (accepts(scope) ? scope.continueTo : null), span);
  }

  yieldTo(span: Span): boolean {
    return this.leaveTo((scope) => scope.yieldTo, span);
  }

  // Scopes

  withTargets(targets: JumpTargets, body: () => void): void {
    this.scopes.push({ kind: 'target', ...targets });
    body();
    this.scopes.pop();
  }

  /** `try` with clauses. What no clause takes goes on outward. */
  catching(body: () => void, clauses: readonly ClauseLowering[], span: Span): void {
    const handler = this.block();
    const after = this.block();
    this.scopes.push({ kind: 'catch', handler });
    body();
    this.scopes.pop();
    this.jump(after, span);
    this.start(handler);
    const lowered = clauses.map((clause): CatchClause => ({
      types: clause.types,
      isBroad: clause.isBroad,
      to: this.block(),
    }));
    const otherwise = clauses.some((clause) => clause.isBroad) ? null : this.handler();
    if (otherwise !== null && this.isReachable) this.draft(otherwise).isLive = true;
    this.terminate({ op: 'dispatch', clauses: lowered, otherwise, span });
    for (const [index, clause] of clauses.entries()) {
      const to = lowered[index]?.to;
      if (to === undefined) continue;
      this.start(to);
      clause.lower();
      this.jump(after, span);
    }
    this.start(after);
  }

  /** Code that runs however the body is left. */
  withCleanup(region: CleanupRegion): void {
    const span = region.span;
    const after = this.block();
    const scope: CleanupScope = { kind: 'cleanup', region, handler: this.block(), exits: [], shared: null };
    this.scopes.push(scope);
    const depth = this.scopes.length - 1;
    region.body();
    this.leaveThrough(scope, { kind: 'jump', to: after, depth, span });
    this.leaveByException(scope);
    this.scopes.pop();
    for (const exit of scope.exits) this.lowerCopy(region, exit);
    if (scope.shared !== null) this.lowerCopy(region, scope.shared);
    this.start(after);
  }

  finish(signature: Pick<IrFunction, 'receiver' | 'params' | 'captures'>): IrFunction {
    if (this.isReachable) throw new InvariantError(`${this.header.symbol}: the last block is left open`);
    const blocks = orderBlocks(this.drafts, this.entry);
    return { ...this.header, ...signature, places: this.places.list, blocks, isCoarse: this.copies.hasRunOut };
  }

  // Leaving scopes

  private leaveTo(select: (scope: JumpTargets) => BlockId | null, span: Span): boolean {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const scope = this.scopes[depth];
      const to = scope?.kind === 'target' ? select(scope) : null;
      if (to === null) continue;
      this.leave({ kind: 'jump', to, depth, span });
      return true;
    }
    return false;
  }

  /** One step outward: to the copy of the next cleanup region for this way, or to the end of the way. */
  private leave(way: Way): void {
    if (!this.isReachable) return;
    const floor = way.kind === 'jump' ? way.depth : 0;
    for (let depth = this.scopes.length - 1; depth >= floor && way.kind !== 'rethrow'; depth--) {
      const scope = this.scopes[depth];
      if (scope?.kind === 'cleanup') return this.leaveThrough(scope, way);
    }
    if (way.kind === 'jump') return this.jump(way.to, way.span);
    const { span } = way;
    if (way.kind === 'return')
      return this.terminate({ op: 'return', values: way.values, isShared: way.isShared, span });
    this.splitForHandler(span);
    this.terminate({ op: 'rethrow', span });
  }

  private leaveThrough(scope: CleanupScope, way: Way): void {
    if (!this.isReachable) return;
    this.jump(this.exitFor(scope, way).entry, way.span);
  }

  private exitFor(scope: CleanupScope, way: Way): Exit {
    const returns = scope.exits.filter((exit) => exit.ways[0]?.kind === 'return').length;
    const wanted: Way = way.kind === 'return' && returns >= maxReturnCopies ? { ...way, isShared: true } : way;
    const known = scope.exits.find((exit) => exit.ways.some((other) => isSameWay(other, wanted)));
    if (known !== undefined) return known;
    if (this.copies.take(scope.region)) {
      const exit: Exit = { entry: this.block(), ways: [wanted] };
      scope.exits.push(exit);
      return exit;
    }
    scope.shared ??= { entry: this.block(), ways: [] };
    const shared: Way = way.kind === 'return' ? { ...way, isShared: true } : way;
    if (!scope.shared.ways.some((other) => isSameWay(other, shared))) scope.shared.ways.push(shared);
    return scope.shared;
  }

  private leaveByException(scope: CleanupScope): void {
    if (!this.draft(scope.handler).isLive) return;
    const way: Way = { kind: 'rethrow', span: scope.region.span };
    if (scope.shared === null && this.copies.take(scope.region)) {
      scope.exits.push({ entry: scope.handler, ways: [way] });
      return;
    }
    this.start(scope.handler);
    this.leaveThrough(scope, way);
  }

  private lowerCopy(region: CleanupRegion, exit: Exit): void {
    this.copies.begin(region);
    // Made while something else was being lowered.
    this.draft(exit.entry).cloneGroup = this.copies.groupOfNext();
    this.start(exit.entry);
    region.cleanup();
    for (const way of exit.ways.slice(0, -1)) {
      const [here, further] = [this.block(), this.block()];
      this.branch('unknown', here, further, region.span);
      this.start(here);
      this.leave(way);
      this.start(further);
    }
    this.copies.end();
    const last = exit.ways.at(-1);
    if (last !== undefined) this.leave(last);
  }

  private keepForReturn(value: Operand, index: number, span: Span): Operand {
    const slot = (this.returnSlots[index] ??= this.places.temp());
    this.assign(slot, value, span);
    return { kind: 'place', place: slot };
  }

  // Blocks

  private handler(): BlockId | null {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const scope = this.scopes[depth];
      if (scope !== undefined && scope.kind !== 'target') return scope.handler;
    }
    return null;
  }

  private markHandlerLive(): void {
    const handler = this.handler();
    if (handler !== null) this.draft(handler).isLive = true;
  }

  /** `throw` and `rethrow` follow the block's `unwind`. */
  private splitForHandler(span: Span): void {
    if (!this.isReachable) return;
    const handler = this.handler();
    if (this.current.instructions.length > 0 && this.current.unwind !== handler) this.continueIn(this.block(), span);
    this.current.unwind = handler;
    this.markHandlerLive();
  }

  private terminate(terminator: Terminator): void {
    if (!this.isReachable) return;
    this.current.terminator = terminator;
    for (const target of targetsOf(terminator)) this.draft(target).isLive = true;
  }

  private draft(id: BlockId): DraftBlock {
    const draft = this.drafts[id];
    if (draft === undefined) throw new InvariantError(`no block ${id}`);
    return draft;
  }
}
