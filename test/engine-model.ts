/**
 * The world of the functions under `fixtures/engine/`: what a call does there goes by its name, and this is all that the
 * engine asks. A call of another name only uses what it is made on and given. Each throws what its line says.
 */
import type { Effect, Slot } from '../src/effects/effect.ts';
import type { CallFacts, EngineContext } from '../src/engine/context.ts';
import type { CallInstruction, IrFunction } from '../src/ir/ir.ts';

export interface CallModel {
  readonly effects?: readonly Effect[];
  readonly acquires?: {
    readonly slot: Slot;
    /** Releasing this releases it, too. */
    readonly heldBy?: Slot;
    /** A state of what was there before, such as a lock. */
    readonly isState?: true;
  };
  readonly neverReturns?: true;
}

const receiver: Slot = { at: 'receiver' };
const result: Slot = { at: 'result', index: 0 };
const first: Slot = { at: 'param', index: 0 };
const captured: Slot = { at: 'capture', index: 0 };
const always = { on: 'both', certainty: 'must' } as const;
const onReturn = { on: 'return', certainty: 'must' } as const;
const perhaps = { on: 'both', certainty: 'may' } as const;

const calls = new Map<string, CallModel>(
  Object.entries({
    /** `in = function open ()` */
    open: { acquires: { slot: result } },
    /** `all = function openAll ()`: its elements, which are `all[]`. */
    openAll: { acquires: { slot: { ...result, fields: ['[]'] } } },
    /** `rows = method query on statement`: ends with the statement. */
    query: { acquires: { slot: result, heldBy: receiver } },
    /** `method lock on mutex`, which `unlock` gives back. */
    lock: { acquires: { slot: receiver, isState: true } },
    unlock: { effects: [{ kind: 'release', slot: receiver, ...always }] },
    /** `method close on in` */
    close: { effects: [{ kind: 'release', slot: receiver, ...always }] },
    /** `function closeQuietly (in)` */
    closeQuietly: { effects: [{ kind: 'release', slot: first, ...always }] },
    closePerhaps: { effects: [{ kind: 'release', slot: first, ...perhaps }] },
    /** `function closeIf (in, owned)`: only where the flag is set. */
    closeIf: {
      effects: [{ kind: 'release', slot: first, given: { slot: { at: 'param', index: 1 }, is: 'true' }, ...always }],
    },
    /** `reader = function wrap (in)`: closing the one closes the other. */
    wrap: { effects: [{ kind: 'alias', from: first, into: result, ...onReturn }] },
    wrapPerhaps: { effects: [{ kind: 'alias', from: first, into: result, on: 'return', certainty: 'may' }] },
    /** `function register (in)`: somebody else closes it from then on. */
    register: { effects: [{ kind: 'transfer', from: first, to: 'static', ...onReturn }] },
    /** `function stranger (in)`: nobody knows what it does. */
    stranger: { effects: [{ kind: 'escape', slot: first, ...perhaps }] },
    /** `missing = function isNull (in)` */
    isNull: { effects: [{ kind: 'test', slot: first, is: 'null', ...onReturn }] },
    /** `function run (task)`, during the call; `function runLater (task)`. */
    run: { effects: [{ kind: 'invoke', slot: first, with: [], when: 'now', ...always }] },
    runLater: { effects: [{ kind: 'invoke', slot: first, with: [], when: 'later', ...onReturn }] },
    /** Ends the process, or always throws if its line says that it throws. */
    stop: { neverReturns: true },
  } satisfies Record<string, CallModel>),
);

/** Bodies of closures, as `closure` lines name them: what they do to the first thing they capture. */
const closures = new Map<string, readonly Effect[]>([
  ['closing', [{ kind: 'release', slot: captured, ...always }]],
  ['using', []],
]);

export function modelOf({ callee }: CallInstruction): CallModel {
  return callee.kind === 'function' || callee.kind === 'method' ? (calls.get(callee.name) ?? {}) : {};
}

/** `limits` gets the name of each bound that is reached. */
export function contextOf(fn: IrFunction, limits: Set<string>): EngineContext {
  return {
    fn,
    noteLimit: (limit) => limits.add(limit),
    facts: factsOf,
    closureEffects(id) {
      const effects = closures.get(id);
      if (effects === undefined) throw new Error(`there is no closure ${id}`);
      return effects;
    },
    endingOf: () => null,
    catches: ({ types }, thrown) =>
      thrown === null ? 'may' : thrown.some((one) => types.includes(one)) ? 'always' : 'never',
    valueWhileOpen: () => null,
    isReleasedState: () => false,
    numbersFrom: null,
    constructsByFields: false,
    isReleaseMethod: (name) => name === 'close',
    isReleasableType: () => false,
    isValueType: () => false,
  };
}

function factsOf(call: CallInstruction): CallFacts {
  const { effects = [], acquires, neverReturns = false } = modelOf(call);
  return {
    effectsOn: () => effects,
    neverReturns,
    throws: call.throws,
    rejects: null,
    thrown: null,
    resolution: 'exact',
    acquisitions: acquires === undefined ? [] : [acquires],
    label: 'name' in call.callee ? call.callee.name : call.callee.kind,
    isRead: true,
    onlyUses: () => false,
    neverFails: false,
    isFalseForNull: () => false,
    isErrorForError: () => false,
  };
}
