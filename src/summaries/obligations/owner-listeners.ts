/** Listeners that call the object that left them with another one: they are to be taken back when that object ends. */
import type { ResourceKind } from '../../effects/effect.ts';
import { ownPath } from '../../engine/receiver.ts';
import type { PlaceId } from '../../ir/ir.ts';
import { construction } from '../../ir/construction.ts';
import type { Declaration } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import type { HandedOn } from './left-behind.ts';
import { isMounting } from './mounting.ts';
import { originsOf } from './origins.ts';
import { endsOfListening } from '../classes/owner-ends.ts';
import { isItself, isShortLived, mentionsOwner } from './what-listens.ts';

const nothing: ReadonlySet<string> = new Set();

/**
 * The class has a method that ends its objects' lives, an object of it listens, and that method does not stop it. A
 * function that nothing keeps cannot be taken back at all.
 */
export function endsWithOwner(
  demand: Demand,
  scope: Scope,
  place: PlaceId,
  resource: ResourceKind,
  where: 'constructor' | 'any',
): boolean {
  const { owner, kind } = scope.fn;
  if (owner === null || (where === 'constructor' && kind !== 'constructor')) return false;
  if ((endsOfListening(scope, owner).length === 0 && !isMounting(scope)) || !mentionsOwner(scope, place)) return false;
  if (endsOwner(demand, scope, place)) return false;
  return !mayOwnerTakeBack(scope, place, resource);
}

/** It is kept in a field, and something here takes such listeners back. */
export function mayOwnerTakeBack({ fn, file, world }: Scope, place: PlaceId, resource: ResourceKind): boolean {
  if (fn.owner === null || (fn.places[place]?.kind === 'local' && place !== fn.receiver)) return false;
  const removers = world.models.releasingMembers(resource);
  return file.index.declarations.some((one) => [...one.calls].some((name) => removers.has(name)));
}

/**
 * A constructor is given an object, or a method has one as old as the program, that calls the owner; nothing takes that
 * back when the owner ends:
 *
 *     constructor(private readonly store: Store) { store.on('removed', (id) => this.forget(id)); }
 *     close() { this.entries.clear(); }
 */
export function isForgottenByOwner(demand: Demand, scope: Scope, handed: HandedOn): boolean {
  const { owner, kind } = scope.fn;
  const { receiver } = handed.call;
  if (owner === null || handed.isOnce || !mentionsOwner(scope, handed.place)) return false;
  if (endsOwner(demand, scope, handed.place)) return false;
  const ends = endsOfListening(scope, owner);
  if (ends.length === 0 && !isMounting(scope)) return false;
  const isAsOldAsProgram = receiver === null || isGlobal(scope, receiver);
  if (isAsOldAsProgram && isForOneOnly(scope, owner)) return false;
  const given = isAsOldAsProgram ? nothing : kind === 'constructor' ? givenTo(scope, receiver) : null;
  if (given === null) return false;
  if (!isAsOldAsProgram && isShortLived(scope, receiver, originsOf(scope, receiver))) return false;
  if (mayBeRemoved(scope, owner, handed)) return false;
  return !ends.some((end) => endsField(demand, scope, end, given));
}

/** `const uploads = new Uploads();` in the module, which sets itself up once: it lives as long as the program, too. */
function isForOneOnly({ fn, file, world }: Scope, owner: string): boolean {
  const isSetUp = fn.kind === 'constructor' || world.models.conventions.initMethods?.test(fn.name) === true;
  const makers = file.index.declarations.filter(({ calls }) => calls.has(construction(owner)));
  return (
    isSetUp &&
    makers.length > 0 &&
    makers.every(({ kind, ...one }) => kind === 'static-initializer' && one.owner === null)
  );
}

/** Something here takes a listener back by its function, and some name keeps this one; or takes back all of them. */
function mayBeRemoved({ fn, file, world }: Scope, owner: string, { place }: HandedOn): boolean {
  const { removingMembers, conventions } = world.models;
  const held = fn.places[place];
  const isKept = held?.kind !== 'local' || held.name !== null;
  const removers = file.index.declarations
    .filter((one) => one.owner === owner || one.owner === null)
    .flatMap(({ calls }) => [...calls].filter((name) => removingMembers.has(name)));
  return removers.some((name) => isKept || conventions.removesAll?.test(name) === true);
}

/** `process.once('beforeExit', () => this.dispose())`: what listens is the end. */
function endsOwner(demand: Demand, scope: Scope, place: PlaceId): boolean {
  const { lifecycleEnd } = scope.world.models.conventions;
  const made = demand.closuresOf(scope).filter(({ closure }) => closure.dest === place);
  return made.some(({ inner }) =>
    inner.fn.blocks.some(({ instructions }) =>
      instructions.some(
        (one) =>
          one.op === 'call' &&
          one.receiver !== null &&
          isItself(inner, one.receiver) &&
          lifecycleEnd.test(calleeLabel(one)),
      ),
    ),
  );
}

/** Whether the class's ends end the object in one of these fields: then it goes with its listeners. */
function endsField(demand: Demand, scope: Scope, end: Declaration, fields: ReadonlySet<string>): boolean {
  const { file, world } = scope;
  // Listening to what is read to its end releases that; it is no end of what is listened to.
  if ([...fields].some((field) => demand.fieldReleases.ends(file, field).length > 0)) return true;
  const { lifecycleEnd } = world.models.conventions;
  return demand.body(file, end).some(({ fn }) =>
    fn.blocks.some(({ instructions }) =>
      instructions.some((one) => {
        if (one.op !== 'call' || one.receiver === null || !lifecycleEnd.test(calleeLabel(one))) return false;
        const path = fn.places[one.receiver];
        return path?.kind === 'path' && path.fields.some((field) => fields.has(field));
      }),
    ),
  );
}

/** The fields that a constructor keeps its argument in, where the place is one or comes from one; null: it is nobody's argument. */
function givenTo(scope: Scope, receiver: PlaceId): ReadonlySet<string> | null {
  const { fn } = scope;
  const kept = fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      if (one.op !== 'assign' || one.source.kind !== 'place') return [];
      const field = ownPath(fn, one.dest)?.[0];
      return field === undefined ? [] : [{ field, source: one.source.place }];
    }),
  );
  const own = ownPath(fn, receiver)?.[0];
  const from = own === undefined ? receiver : kept.find(({ field }) => field === own)?.source;
  if (from === undefined) return null;
  const parameters = originsOf(scope, from).filter((one) => one.kind === 'parameter' && one.scope === scope);
  if (parameters.length === 0) return null;
  const isSame = (place: PlaceId): boolean =>
    originsOf(scope, place).some((one) => parameters.some((known) => known.place === one.place));
  return new Set(kept.filter(({ source }) => isSame(source)).map(({ field }) => field));
}

/** A variable of a module, or what is in it. */
export function isGlobal({ fn }: Scope, id: PlaceId): boolean {
  const place = fn.places[id];
  return place?.kind === 'global' || (place?.kind === 'path' && fn.places[place.root]?.kind === 'global');
}
