/** What a walk has at hand, and what all its parts ask of it: values of operands, what a place is, how one is set. */
import type { BlockId, CallInstruction, IrFunction, Operand, PlaceId, Span } from '../ir/ir.ts';
import type { ResourceKind } from '../effects/effect.ts';
import { assertNever } from '../errors.ts';
import type { EngineContext } from './context.ts';
import type { FunctionFacts } from './function-facts.ts';
import { ownPath } from './receiver.ts';
import type { Refiner } from './refine.ts';
import type { ExitKind, Settlement, State } from './state.ts';
import { filterStore, placesWith, read, write, type Store } from './store.ts';
import { holdsResource, isOneValue, isResource, NON_NULL, REJECTED, UNKNOWN, type Value } from './value.ts';

/** The obligation being followed, as far as transfer needs it. */
export interface Tracked {
  readonly resource: string | null;
  /** The function releases it on some path, so calls that might keep it are taken to borrow it. */
  readonly hasSiblingRelease: boolean;
  /** Fields of whatever holds it that stand for it. */
  readonly through: readonly string[];
  /** Methods of what holds it that release it, whatever else of that name does. */
  readonly endedBy: ReadonlySet<string>;
  /** Fields of it by which it goes on being used: whoever is handed one has it. */
  readonly outlets: readonly string[];
  /** Which of several results it is, where one place stands for all of them; null: it has a place of its own. */
  readonly resultIndex: number | null;
  /** Fields that say whether it is there to be released: what they are while it is. */
  readonly states: ReadonlyMap<string, boolean>;
  /** Fields of it with the values that say that nothing is there to be released. */
  readonly emptyWith: ReadonlyMap<string, ReadonlySet<string>>;
  /** Fields of it that use it up where they are read, with the kinds of resource of which that is so. */
  readonly spentBy: ReadonlyMap<string, readonly ResourceKind[]>;
  /** Fields of other objects that only get a copy: whoever has those owns nothing. */
  readonly copies: ReadonlySet<PlaceId>;
}

/** Followed with nothing known of it. */
export const anyResource: Tracked = {
  resource: null,
  hasSiblingRelease: false,
  through: [],
  endedBy: new Set(),
  outlets: [],
  resultIndex: null,
  states: new Map(),
  emptyWith: new Map(),
  spentBy: new Map(),
  copies: new Set(),
};

/** Where a walk reports what becomes of the state. */
export interface Walk {
  go(target: BlockId, state: State): void;
  open(kind: ExitKind, span: Span, state: State, fields: readonly string[]): void;
  /** `by`: the call that ended the duty, if one did. `leaving`: it failed, with nobody here to catch it. */
  settled(settlement: Settlement, state: State, by?: CallInstruction, how?: 'leaving'): void;
}

export interface Machine {
  readonly fn: IrFunction;
  readonly context: EngineContext;
  readonly facts: FunctionFacts;
  readonly refiner: Refiner;
  readonly tracked: Tracked;
  /** What is followed is a state of something that was there before: see `Seed`. */
  readonly isState: boolean;
  /** Places the resource came to by copies alone, not through what a call made of it. */
  readonly itself: () => ReadonlySet<PlaceId>;
}

/** A list of this function's own, and nothing that has to be released itself. */
export function isOwnList({ facts, context }: Machine, place: PlaceId): boolean {
  if (!facts.ownLists.places.has(place)) return false;
  const maker = facts.makers.get(place);
  return maker === undefined || context.facts(maker).acquisitions.length === 0;
}

export function operandValue(machine: Machine, store: Store, operand: Operand): Value {
  switch (operand.kind) {
    case 'place':
      return read(store, operand.place);
    case 'literal':
      return machine.refiner.literal(operand.literal);
    case 'condition':
      return machine.refiner.evaluate(store, operand.condition);
    case 'fresh':
      return NON_NULL;
    case 'unknown':
      return UNKNOWN;
    default:
      return assertNever(operand);
  }
}

/** Sets a place and forgets what depended on its old value. */
export function overwrite(machine: Machine, store: Store, dest: PlaceId, value: Value): Store {
  const place = machine.fn.places[dest];
  const before = read(store, dest);
  if (place?.kind === 'local' && place.accumulates && holdsResource(before)) return store;
  const isUnchanged = before === value && isOneValue(value);
  const next =
    isUnchanged || !machine.facts.dependents.has(dest)
      ? store
      : filterStore(store, (known) => !machine.facts.dependsOn(known, dest));
  const isKept = holdsResource(value) || value === REJECTED || machine.facts.tested.has(dest);
  return write(next, dest, isKept ? value : UNKNOWN);
}

export function isNamed(fn: IrFunction, place: PlaceId): boolean {
  const found = fn.places[place];
  return found !== undefined && (found.kind !== 'local' || found.name !== null);
}

/** `ticker.C`: who gets the channel goes on with the ticker. */
export function isOutlet({ fn, tracked }: Machine, store: Store, place: PlaceId): boolean {
  const path = fn.places[place];
  if (path?.kind !== 'path' || path.fields.length !== 1 || !tracked.outlets.includes(path.fields[0] ?? ''))
    return false;
  return holdsResource(read(store, path.root));
}

export function heldFields(fn: IrFunction, store: Store): string[] {
  return [...placesWith(store, isResource)].flatMap((place) => ownPath(fn, place)?.[0] ?? []);
}
