/**
 * Listeners that somebody means to take back and does not: for the same event, what is removed from the same object is another
 * function, or one that listens at another time.
 *
 *     hub.on(topic, (data) => send({ topic, data }));
 *     closing.push(() => hub.off(topic, send));
 */
import { isReceiver } from '../../engine/receiver.ts';
import { functionFacts } from '../../engine/function-facts.ts';
import type { CallInstruction, IrFunction, Operand, PlaceId, Span } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Declaration } from '../../languages/language.ts';
import { outwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import { Answers } from '../answers.ts';
import type { Demand } from '../demand.ts';
import { valueUses } from '../value-uses.ts';
import { isMaking, type HandedOn } from './left-behind.ts';
import { originsOf } from './origins.ts';
import { releasesOf } from './release-sites.ts';
import { isItself } from './what-listens.ts';

/** What a call that adds or removes a listener speaks of, comparable between the functions of a class or of one another. */
interface Listening {
  readonly object: string;
  readonly event: string;
  /** null: of all that listen. */
  readonly listener: string | null;
  /** It hears of an event before those who are nearer to its source; null: nobody can tell. */
  readonly isCapturing: boolean | null;
  readonly label: string;
  readonly span: Span;
  readonly scope: Scope;
  readonly receiver: PlaceId | null;
}

interface Copy {
  readonly source: PlaceId;
  readonly span: Span;
}

export function isTakenBackInVain(demand: Demand, scope: Scope, { call, place }: HandedOn): boolean {
  const { removingMembers } = scope.world.models;
  const added = listening(scope, call);
  if (added?.isCapturing === undefined || added.isCapturing === null) return false;
  if (call.receiver !== null && goesWithIt(demand, scope, call.receiver)) return false;
  const isOwn = isReceiver(scope.fn, place) || scope.fn.places[place]?.kind === 'path';
  if (!isOwn && !isMadeForCall(scope, place)) return false;
  const related = relatedTo(demand, scope).filter(
    ({ object, event }) => object === added.object && event === added.event,
  );
  // `server.removeListener('upgrade', theirs); server.on('upgrade', …)`: what is gone before is not this one.
  const isGone = (one: Listening): boolean => one.scope.fn === scope.fn && one.span.end <= call.span.start;
  const removals = related.filter((one) => removingMembers.has(one.label) && !isGone(one));
  // `function once() { hub.off('ready', once); … }` takes itself back.
  const within = functionFacts(scope.fn).closures.get(place)?.span ?? call.span;
  const isWithin = ({ span }: Listening): boolean => span.start >= within.start && span.end <= within.end;
  if (removals.length === 0 || removals.some((one) => one.listener === null || isWithin(one))) return false;
  if (removals.some((one) => endsToo(demand, one))) return false;
  if (isOwn) return removals.every((one) => one.listener === added.listener && one.isCapturing === !added.isCapturing);
  const others = related.filter(({ label, span }) => !removingMembers.has(label) && span.start !== call.span.start);
  return removals.every(({ listener }) => !others.some((one) => one.listener === listener));
}

/** `socket.off('message', this.read.bind(this)); socket.close();`: who hears of nothing more need not be taken back. */
function endsToo(demand: Demand, { scope, receiver }: Listening): boolean {
  return receiver !== null && releasesOf(demand, scope, receiver, null).length > 0;
}

/** What an object hears from itself, or from what is made here, ends with that. */
function goesWithIt(demand: Demand, scope: Scope, receiver: PlaceId): boolean {
  if (isItself(scope, receiver)) return true;
  return originsOf(scope, receiver).some(({ call, scope: around }) => call !== null && isMaking(demand, around, call));
}

/** Nothing keeps the function but the call it is handed to: `hub.on('news', (data) => …)`, `hub.on('news', this.show.bind(this))`. */
function isMadeForCall({ fn, world }: Scope, place: PlaceId): boolean {
  const holder = fn.places[place];
  if (holder?.kind !== 'local' || holder.name !== null || valueUses(fn).copies(place).length > 0) return false;
  const closure = functionFacts(fn).closures.get(place);
  if (closure !== undefined) return closure.dest === place;
  const { makesFunctions } = world.models.conventions;
  return callsOf(fn).some(
    (call) =>
      makesFunctions?.test(calleeLabel(call)) === true &&
      (call.dests.includes(place) || copiesInto(fn, place).some(({ span }) => isSameSpan(span, call.span))),
  );
}

function copiesInto({ blocks }: IrFunction, place: PlaceId): readonly Copy[] {
  return blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) =>
      one.op === 'assign' && one.dest === place && one.source.kind === 'place'
        ? [{ source: one.source.place, span: one.span }]
        : [],
    ),
  );
}

function isSameSpan(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end;
}

const known = new Answers<IrFunction, readonly Listening[]>();

/** Of all that is made in the outermost function around, and of the methods of its class that remove anything; found once for all of these. */
function relatedTo(demand: Demand, scope: Scope): readonly Listening[] {
  const outermost = outermostOf(scope);
  return known.of(outermost.fn, () => {
    const scopes = new Set<Scope>([outermost]);
    for (const one of scopes) for (const { inner } of demand.closuresOf(one)) scopes.add(inner);
    for (const one of removingMethods(outermost)) for (const body of demand.body(scope.file, one)) scopes.add(body);
    return [...scopes].flatMap((one) => callsOf(one.fn).flatMap((call) => listening(one, call) ?? []));
  });
}

function removingMethods({ fn: { owner }, file, world }: Scope): readonly Declaration[] {
  if (owner === null) return [];
  const { removingMembers } = world.models;
  return file.index.declarations.filter(
    (one) => one.owner === owner && [...one.calls].some((name) => removingMembers.has(name)),
  );
}

function outermostOf(scope: Scope): Scope {
  const around = scope.around?.scope;
  return around === undefined || around.fn.kind === 'module' ? scope : outermostOf(around);
}

function listening(scope: Scope, call: CallInstruction): Listening | null {
  const { listening: slots } = scope.world.models.conventions;
  const event = slots === null ? undefined : call.args[slots.event];
  if (slots === null || event === undefined) return null;
  // Most calls have nothing of the kind, and names take longer to find.
  const said = textOf(scope, event.value);
  if (said === null) return null;
  const object = call.receiver === null ? globalOf(call) : nameOf(scope, call.receiver);
  if (object === null) return null;
  const label = calleeLabel(call);
  const listener = call.args[slots.listener];
  const given = listener === undefined ? null : textOf(scope, listener.value);
  if (listener !== undefined && given === null) return null;
  return {
    object,
    event: said,
    listener: given,
    isCapturing: isCapturing(call.args[slots.phase]?.value),
    label,
    span: call.span,
    scope,
    receiver: call.receiver,
  };
}

function globalOf({ callee }: CallInstruction): string | null {
  return callee.kind === 'function' ? callee.scope : null;
}

function isCapturing(how: Operand | undefined): boolean | null {
  if (how === undefined) return false;
  return how.kind === 'literal' && how.literal.kind === 'boolean' ? how.literal.value : null;
}

function textOf(scope: Scope, value: Operand): string | null {
  if (value.kind === 'place') return nameOf(scope, value.place);
  return value.kind === 'literal' && value.literal.kind === 'string' ? `'${value.literal.text}'` : null;
}

/** The same for all functions that mean the same variable, or the same field of an object of the class. */
function nameOf(scope: Scope, id: PlaceId): string | null {
  const { fn } = scope;
  if (isReceiver(fn, id)) return 'this';
  const place = fn.places[id];
  if (place === undefined || place.kind === 'predicate') return null;
  if (place.kind === 'global') return place.name;
  if (place.kind === 'path') {
    const root = nameOf(scope, place.root);
    return root === null ? null : [root, ...place.fields].join('.');
  }
  // `listener as EventListener` is the listener; `listener.bind(this)` is another.
  const [copy, ...others] = place.name === null ? copiesInto(fn, id) : [];
  const isBound = copy !== undefined && callsOf(fn).some(({ span }) => isSameSpan(span, copy.span));
  if (copy !== undefined && others.length === 0 && !isBound) return nameOf(scope, copy.source);
  const outer = outwards(scope, id);
  return outer === null ? `${String(fn.span.start)}:${String(id)}` : nameOf(outer.scope, outer.place);
}
