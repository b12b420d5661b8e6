/**
 * Of several functions that each end what is waited for, one releases what was acquired for the waiting, another does not:
 *
 *     new Promise((resolve, reject) => {
 *       const limit = setTimeout(() => reject(new Error('late')), 5000);
 *       peer.on('answer', (text) => { clearTimeout(limit); resolve(text); });
 *       peer.once('broken', reject);
 *     })
 *
 * Only what is handed on to be called later counts, and only if nothing says that the one that releases is called as well.
 */
import { acquiredBy, stateFrom, type OpenExit } from '../../engine/state.ts';
import type { CallInstruction, ClosureInstruction, Instruction, Operand, PlaceId, Span } from '../../ir/ir.ts';
import { reaches } from '../../ir/walk.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { settlersOf } from '../../summaries/obligations/left-behind.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isGivenAway, releasesGroup, withInner } from '../../summaries/obligations/released-elsewhere.ts';
import { isReleasedIn } from '../../summaries/obligations/release-sites.ts';
import { captureBehind } from '../../summaries/value-uses.ts';

/** What settles, and where it was handed on. */
interface Settler {
  /** What it is called by. */
  readonly name: string;
  readonly span: Span;
}

export function leftBySettlers(demand: Demand, scope: Scope, obligation: Obligation): readonly OpenExit[] {
  const { comesLast } = scope.world.models.conventions;
  const [place] = obligation.seed.places;
  const settling = settlersOf(scope);
  if (place === undefined || comesLast === null || settling.length === 0) return [];
  if (isReleasedAround(demand, scope, place, obligation)) return [];
  const releasers = demand
    .closuresOf(scope)
    .map(({ closure }) => closure)
    .filter((closure) => releases(demand, scope, closure, place, obligation));
  if (!releasers.some((one) => givenBy(scope, one).length > 0)) return [];
  if (releasers.some((one) => givenBy(scope, one).some((by) => isLast(by, comesLast)))) return [];
  return settlersWithout(demand, scope, obligation, settling, place).map((settler) => exitOf(obligation, settler));
}

/** `let limit` of a function around, cleared there: `.finally(() => clearTimeout(limit))`. */
function isReleasedAround(demand: Demand, scope: Scope, place: PlaceId, { resource }: Obligation): boolean {
  return demand
    .groups(scope)
    .members(place)
    .some((member) => {
      for (let at = outwards(scope, member); at !== null; at = outwards(at.scope, at.place)) {
        if (isReleasedIn(demand, at.scope, at.place, resource)) return true;
      }
      return false;
    });
}

function releases(
  demand: Demand,
  scope: Scope,
  closure: ClosureInstruction,
  place: PlaceId,
  { resource }: Obligation,
): boolean {
  const group = demand.groups(scope).group(place);
  return [...withInner(scope.fn, closure)].some((one) => releasesGroup(demand, scope, one, group, resource));
}

/** The instructions that hand the function on. */
function givenBy({ fn }: Scope, { dest }: ClosureInstruction): readonly Instruction[] {
  return fn.blocks.flatMap(({ instructions }) => instructions.filter((one) => isGivenAway(fn, one, dest)));
}

/** Instructions of the ways through the function on which it is acquired. */
function besides({ fn }: Scope, { seed: { block } }: Obligation): readonly Instruction[] {
  return fn.blocks.flatMap(({ id, instructions }) =>
    id === block || reaches(fn, block, id) || reaches(fn, id, block) ? instructions : [],
  );
}

/** `peer.on('close', …)`, `work.finally(…)`: it comes after whatever else. */
export function isLast(by: Instruction, comesLast: RegExp): boolean {
  if (by.op !== 'call') return false;
  return comesLast.test(calleeLabel(by)) || comesLast.test(textOf(by.args[0]?.value) ?? '');
}

function textOf(value: Operand | undefined): string | null {
  return value?.kind === 'literal' && value.literal.kind === 'string' ? value.literal.text : null;
}

/** Settlers handed on that know nothing of what is to be released. */
function settlersWithout(
  demand: Demand,
  scope: Scope,
  obligation: Obligation,
  settling: readonly PlaceId[],
  place: PlaceId,
): readonly Settler[] {
  const near = besides(scope, obligation);
  const isOwn = (one: Instruction): boolean => one.span.start === obligation.span.start;
  const handed = near.flatMap((one): readonly Settler[] => {
    if (one.op !== 'call' || isOwn(one)) return [];
    const index = one.args.findIndex(({ value }) => value.kind === 'place' && settling.includes(value.place));
    const given = one.args[index]?.value;
    if (given?.kind !== 'place' || !isListening(demand, scope, one, index, place)) return [];
    return [{ name: nameOf(scope, given.place), span: one.span }];
  });
  const made = demand.closuresOf(scope).flatMap(({ closure, inner }): readonly Settler[] => {
    const by = givenBy(scope, closure);
    const isLater =
      by.some((one) => near.includes(one)) && by.every((one) => !isOwn(one) && mayComeAlone(demand, scope, one, place));
    if (!isLater || mentions(demand, scope, closure, place) || mayEndAnother(scope, inner, closure)) return [];
    return settlements(scope, inner, closure, settling).slice(0, 1);
  });
  return [...handed, ...made].sort((a, b) => a.span.start - b.span.start);
}

function nameOf({ fn }: Scope, id: PlaceId): string {
  const place = fn.places[id];
  return place?.kind === 'local' ? (place.name ?? '') : '';
}

/** `peer.once('broken', reject)`, `work.catch(reject)`; kept in a list, or logged, it may never be called. `index`: of what settles. */
function isListening(demand: Demand, scope: Scope, call: CallInstruction, index: number, place: PlaceId): boolean {
  if (call.receiver === null || !mayComeAlone(demand, scope, call, place)) return false;
  const { effects } = demand.knowledge(scope, call);
  if (effects.some(({ kind }) => kind === 'invoke')) return true;
  const isOnlyRead = effects.some(
    (effect) => effect.kind === 'borrow' && effect.slot.at === 'param' && effect.slot.index === index,
  );
  return !isOnlyRead && textOf(call.args[0]?.value) !== null;
}

/** Not from what is to be released: what it says of itself may be its end. */
function mayComeAlone(demand: Demand, scope: Scope, by: Instruction, place: PlaceId): boolean {
  const groups = demand.groups(scope);
  const isIt = (one: PlaceId | null): boolean => {
    const path = one === null ? undefined : scope.fn.places[one];
    if (one === null) return false;
    return groups.group(one) === groups.group(place) || (path?.kind === 'path' && isIt(path.root));
  };
  if (by.op === 'assign') return !isIt(by.dest);
  if (by.op !== 'call') return false;
  return !isIt(by.receiver) && !scope.world.models.conventions.containerMethods.test(calleeLabel(by));
}

function mentions(demand: Demand, scope: Scope, closure: ClosureInstruction, place: PlaceId): boolean {
  const groups = demand.groups(scope);
  return [...withInner(scope.fn, closure)].some(({ captures }) =>
    captures.some((captured) => groups.group(captured) === groups.group(place)),
  );
}

/** `line.close(); reject(error)`: the other one may hear of that. So may what is called that nobody knows. */
function mayEndAnother(scope: Scope, { fn, world }: Scope, { captures }: ClosureInstruction): boolean {
  const { lifecycleEnd, releaseMethods, releaseFunctions, mayEnd } = world.models.conventions;
  const settling = settlersOf(scope);
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      if (one.op !== 'call') return false;
      if (one.callee.kind === 'value') {
        const captured = captures[captureBehind(fn, one.callee.place) ?? -1];
        return captured === undefined || !settling.includes(captured);
      }
      const name = calleeLabel(one);
      return lifecycleEnd.test(name) || releaseMethods.has(name) || releaseFunctions.test(name) || mayEnd?.test(name);
    }),
  );
}

/** Where the function made there calls what settles. */
function settlements(
  scope: Scope,
  { fn }: Scope,
  { captures }: ClosureInstruction,
  settling: readonly PlaceId[],
): readonly Settler[] {
  return fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      if (one.op !== 'call' || one.callee.kind !== 'value') return [];
      const captured = captures[captureBehind(fn, one.callee.place) ?? -1];
      if (captured === undefined || !settling.includes(captured)) return [];
      return [{ name: nameOf(scope, captured), span: one.span }];
    }),
  );
}

function exitOf({ seed }: Obligation, settler: Settler): OpenExit {
  return {
    kind: 'return',
    span: settler.span,
    fields: [],
    state: stateFrom({ kind: 'settled', span: settler.span, detail: settler.name, previous: acquiredBy(seed) }),
  };
}
