/**
 * What goes to a field that the class releases when its life ends is the class's own, whatever call it came from:
 * evidence for a duty until it is in that field, and where a constructor fails afterwards.
 *
 *     Watcher(Config config) throws IOException { this.keeper = Keepers.connect(config); register(); }
 *     void close() { keeper.close(); }
 */
import { ownField } from '../../engine/receiver.ts';
import type { CallInstruction, IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { FoundDeclaration } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import { successGuard } from '../calls/success-guard.ts';
import { Answers } from '../answers.ts';
import type { Demand } from '../demand.ts';

export function isReleasedByOwner(demand: Demand, scope: Scope, place: PlaceId): boolean {
  const { fn, file, world } = scope;
  if (fn.receiver === null || world.models.conventions.tellingReleases.size === 0) return false;
  const fields = demand
    .groups(scope)
    .forward(place)
    .flatMap((one) => ownField(fn, one) ?? []);
  return fields.some((field) => demand.fieldReleases.ends(file, field).some((name) => name !== fn.name));
}

/**
 * The same where an object is made by what it has, in whatever function: one that fails before has still to release it.
 *
 *     func Open(name string) (*Shelf, error) { index, err := tree.Open(name); …; return &Shelf{index: index}, nil }
 *     func (s *Shelf) Close() error { return s.index.Close() }
 */
export function isPutInOwner(demand: Demand, scope: Scope, place: PlaceId): boolean {
  const { conventions } = scope.world.models;
  if (!conventions.constructsByFields || conventions.tellingReleases.size === 0) return false;
  const groups = demand.groups(scope);
  const owned = placesPutInOwners(demand, scope);
  return owned.size > 0 && groups.forward(place).some((one) => owned.has(groups.group(one)));
}

const owned = new Answers<IrFunction, ReadonlySet<PlaceId>>(new Set());

/** Groups of what the function puts into literals of classes that release that very field when their life ends. */
function placesPutInOwners(demand: Demand, scope: Scope): ReadonlySet<PlaceId> {
  return owned.of(scope.fn, () => {
    const groups = demand.groups(scope);
    const found = new Set<PlaceId>();
    for (const call of callsOf(scope.fn)) {
      if (call.callee.kind !== 'construct') continue;
      for (const { value, name } of call.args)
        if (name !== null && value.kind === 'place' && isEndedWith(demand, scope, call, name))
          found.add(groups.group(value.place));
    }
    return found;
  });
}

/** Does the class of the literal release the field in a method of its own that ends its life? */
function isEndedWith(demand: Demand, scope: Scope, literal: CallInstruction, field: string): boolean {
  const { ownerType } = scope.resolved(literal);
  const found = ownerType === null ? null : scope.world.project.type(ownerType);
  if (found === null) return false;
  const { file, shape } = found;
  const ends = demand.fieldReleases.ends(file, field);
  return file.index.declarations.some(
    (one) => one.owner === shape.name && ends.includes(one.name) && isToldIn(demand, { file, declaration: one }, field),
  );
}

/** `s.index.Close()`, and not `s.lock.Unlock()`, which may never have been locked. */
function isToldIn(demand: Demand, { file, declaration }: FoundDeclaration, field: string): boolean {
  const { tellingReleases } = demand.world.models.conventions;
  return demand.body(file, declaration).some((scope) =>
    demand.releases(scope).some(({ place, written }) => {
      const released = scope.fn.places[place];
      const isField = released?.kind === 'path' && released.fields.at(-1) === field;
      return isField && [...tellingReleases].some((name) => written === `$.${name}()`);
    }),
  );
}

/**
 * A call that by its name makes something, or asks nobody in particular for it: what a getter hands out is as likely kept.
 * `conn, err := db.LogConn()` is none, as what is kept would not fail.
 */
export function mayOpen(scope: Scope, call: CallInstruction): boolean {
  const { factories, accessors } = scope.world.models.conventions;
  const name = calleeLabel(call);
  if (call.callee.kind === 'function' && call.callee.scope !== null)
    return call.args.length > 0 || (!accessors.test(name) && mayFail(scope, call));
  if (call.callee.kind !== 'method' && call.callee.kind !== 'function') return false;
  return factories.test(name) && !accessors.test(name);
}

function mayFail(scope: Scope, call: CallInstruction): boolean {
  return call.dests.length === 2 && successGuard(scope, call, scope.resolved(call))?.is === 'null';
}
