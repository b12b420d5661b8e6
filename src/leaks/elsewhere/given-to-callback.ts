/**
 * What a call opens and gives to the function it is handed, which has it from there on:
 *
 *     fs.open(path, 'r', (error, file) => { if (error) return done(error); …; fs.close(file, done); });
 *
 * Rules say which parameters get it, and which one the failure. Only returns are asked of such a function: an exception
 * that leaves it ends the process. What functions made in it release is theirs on all their ways.
 */
import type { Effect, ResourceKind } from '../../effects/effect.ts';
import { anyResource } from '../../engine/machine.ts';
import type { OpenExit } from '../../engine/state.ts';
import { emptyStore, write, type Store } from '../../engine/store.ts';
import { NON_NULL, NULL } from '../../engine/value.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase } from '../../resolve/type-names.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { heldBefore, type Obligation } from '../../summaries/obligations/obligations.ts';
import { releasesOf } from '../../summaries/obligations/release-sites.ts';
import { placeName } from '../../summaries/place-names.ts';
import { asksFirst } from './left-by-errback.ts';
import { wasSaidByOthers } from './said-by-others.ts';
import { entryBlock } from '../../ir/walk.ts';

type Gives = NonNullable<Extract<Effect, { kind: 'invoke' }>['gives']>;

export function givenToCallback(demand: Demand, scope: Scope): readonly Obligation[] {
  const call = scope.handedTo();
  if (call === null || scope.around === null) return [];
  const gives = givesOf(scope, call, scope.around.closure.dest);
  if (gives === null) return [];
  const { params } = scope.fn;
  return [...new Set(gives.resources)].flatMap((resource) => {
    const places = params.filter((one, index) => gives.resources[index] === resource && !isFailure(scope, one));
    const [place = null] = places;
    if (resource === null || (place === null && !takesFailureAlone(scope.fn, gives))) return [];
    const error = gives.error === null ? undefined : params[gives.error];
    const there = places.reduce<Store>((facts, one) => write(facts, one, NON_NULL), emptyStore);
    const facts = error === undefined ? there : write(there, error, NULL);
    const holders = held(demand, scope, call);
    return [obligationOf(demand, scope, call, { resource, place, places, facts, holders })];
  });
}

/** `onFailure(Call call, IOException e)`, beside `onResponse(Call call, Response response)`: a method of the same object is told of a failure. */
function isFailure(scope: Scope, param: PlaceId): boolean {
  const type = scope.typeOf(param);
  return type !== null && scope.world.models.conventions.errorTypes?.test(erase(type)) === true;
}

/** `pool.connect((error) => { if (error) throw error; })`: what was opened as well gets no name to release it by. */
function takesFailureAlone(fn: IrFunction, { error }: Gives): boolean {
  const [only, ...others] = fn.params;
  // Of `(...all)` the first is no failure, and nobody asks whether it is one; `arguments` may be all that was given.
  if (only === undefined || others.length > 0 || error !== 0) return false;
  return (
    asksFirst(fn) &&
    !fn.blocks.some(({ instructions }) =>
      instructions.some((one) => one.op === 'call' && one.args.some(({ value }) => value.kind === 'unknown')),
    )
  );
}

/** Where it is somebody else's, or kept, nobody can tell here; nor where others have said before that all is over. */
export function leftByCallback(demand: Demand, scope: Scope, open: readonly OpenExit[]): readonly OpenExit[] {
  return open.filter(
    ({ kind, fields, state }) => kind === 'return' && fields.length === 0 && !wasSaidByOthers(demand, scope, state),
  );
}

function givesOf(scope: Scope, call: CallInstruction, closure: PlaceId): Gives | null {
  const index = call.args.findIndex(({ value }) => value.kind === 'place' && value.place === closure);
  if (index < 0) return null;
  const effects = scope.resolvedAround(call)?.models[0]?.summary.effects ?? [];
  for (const effect of effects) {
    if (effect.kind !== 'invoke' || effect.gives === undefined) continue;
    if (effect.slot.at === 'param' && effect.slot.index === index) return effect.gives;
  }
  return null;
}

/**
 * `const request = http.get(url, (response) => request.destroy())`: what the function captures of what the call gives, or is
 * made on, ends with what it was given.
 */
function held(demand: Demand, { around, fn }: Scope, call: CallInstruction): readonly PlaceId[] {
  if (around === null) return [];
  const groups = demand.groups(around.scope);
  const givers = call.receiver === null ? call.dests : [...call.dests, call.receiver];
  const holders = new Set(givers.map((one) => groups.group(one)));
  return around.closure.captures.flatMap((one, index) => {
    const captured = fn.captures[index];
    return captured !== undefined && holders.has(groups.group(one)) ? [captured] : [];
  });
}

interface GivenResource {
  readonly resource: ResourceKind;
  /** null: no parameter takes it. */
  readonly place: PlaceId | null;
  readonly places: readonly PlaceId[];
  readonly facts: Store;
  readonly holders: readonly PlaceId[];
}

function obligationOf(
  demand: Demand,
  scope: Scope,
  handing: CallInstruction,
  { resource, place, places, facts, holders }: GivenResource,
): Obligation {
  const info = scope.world.models.resource(resource);
  const label = calleeLabel(handing);
  const variable = place === null ? null : placeName(scope.fn, place);
  const hasSiblingRelease = places.some((one) => releasesOf(demand, scope, one, null).length > 0);
  // The call is one of the function around, whose places are others.
  const call: CallInstruction = {
    ...handing,
    callee: { kind: 'function', name: label, scope: null },
    receiver: null,
    args: [],
    dests: place === null ? [] : [place],
  };
  return {
    ...heldBefore,
    call,
    resource,
    title: info.title,
    family: info.family,
    typeName: info.title,
    type: null,
    variable,
    shownAs: variable,
    isPresumed: false,
    hasSiblingRelease,
    span: handing.span,
    seed: {
      tracked: { ...anyResource, resource, hasSiblingRelease, states: info.states, emptyWith: info.emptyWith },
      block: entryBlock,
      index: 0,
      places,
      holders,
      isState: false,
      facts: [facts],
      span: handing.span,
      label,
    },
  };
}
