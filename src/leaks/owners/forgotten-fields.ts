/** Fields that the method which ends an object's life forgets: those that other methods of the class release, and those that none does. */
import { ownPath } from '../../engine/receiver.ts';
import type { IrFunction, PlaceId } from '../../ir/ir.ts';
import { callsOf, literalAssigned, placesRead } from '../../ir/operands.ts';
import { elementField } from '../../ir/places.ts';
import type { Declaration, TypeShape } from '../../languages/language.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import { endsFor, isHook } from '../../summaries/classes/owner-ends.ts';

/**
 * The method that ends the life and leaves the field alone; null: there is none, or another end may see to it.
 *
 *     connected() { clearTimeout(this.timer); }
 *     close() { this.socket.destroy(); }
 */
export function forgottenBy(demand: Demand, scope: Scope, field: string): string | null {
  const { file, fn } = scope;
  const releasing = [...demand.fieldReleases.by(file, field)];
  const { declarations } = file.index;
  // What a constructor sets up may run whenever the object ends.
  const isSetUp = declarations.some(
    (one) =>
      releasing.includes(one.name) &&
      ((one.kind !== 'function' && one.kind !== 'method') || releasesInTask(demand, scope, one, field)),
  );
  if (fn.owner === null || releasing.length === 0 || isSetUp) return null;
  const ends = endsFor(scope, fn.owner).filter(({ calls }) => calls.size > 0);
  const [first] = ends;
  if (first === undefined) return null;
  // Another end may have come before, but no framework waits for that.
  if (!isHook(scope, first) && demand.fieldReleases.ends(file, field).length > 0) return null;
  // What an end sets up itself may run after it, and what it looks at it may release in a way nobody knows.
  if (ends.some((end) => releasing.includes(end.name) || end.name === fn.name || mentions(demand, scope, end, field)))
    return null;
  const called = calledFrom(ends, declarations);
  return releasing.some((name) => called.has(name)) ? null : first.name;
}

/** `go func() { <-stopped; s.conn.Close() }()`: what a task releases in the end, it may wait for the end of the object to do. */
function releasesInTask(demand: Demand, { file }: Scope, one: Declaration, field: string): boolean {
  const [own] = one.hasBody ? demand.body(file, one) : [];
  const startsTask = own?.fn.blocks.some(({ instructions }) => instructions.some(({ op }) => op === 'spawn'));
  if (own === undefined || startsTask !== true) return false;
  // A function made here releases it, and no call of this one.
  return !demand.releases(own).some(({ place, span }) => span !== null && ownPath(own.fn, place)?.includes(field));
}

/**
 * The end of an object that ends other fields of it, where nothing but the function that sets it ever speaks of this one:
 *
 *     start() { this.timer = setInterval(() => this.poll(), 1000); }
 *     stop() { this.socket.close(); }
 */
export function forgottenByAll(demand: Demand, scope: Scope, field: string): string | null {
  const { file, fn } = scope;
  if (fn.owner === null) return null;
  const released = [...demand.fieldReleases.of(file)].filter(([one]) => one !== elementField);
  const end = endsFor(scope, fn.owner).find(({ name }) => released.some(([, functions]) => functions.has(name)));
  if (end === undefined || end.name === fn.name) return null;
  const others = file.index.declarations.filter((one) => one.owner === fn.owner && one.hasBody && one.name !== fn.name);
  return others.some((one) => mentions(demand, scope, one, field) || mentions(demand, scope, one, elementField))
    ? null
    : end.name;
}

/**
 * Has the class an end, `close() { this.isRunning = false; }`, that does not even name the field, which nobody else gets to end
 * it? What a class with an end opens is its own to end there.
 */
export function endForgets(demand: Demand, scope: Scope, field: string): boolean {
  const { file, owner } = scope;
  const shape = file.index.types.find(({ name }) => name === owner);
  if (shape === undefined) return false;
  const ends = endsFor(scope, shape.name).filter(({ params }) => params.length === 0);
  if (ends.length === 0 || ends.some((end) => mentions(demand, scope, end, field))) return false;
  return !mayBeHandedOut(demand, scope, shape, field);
}

/** By annotations, and by the types of methods where the language has types; else by what the methods do. */
function mayBeHandedOut(demand: Demand, scope: Scope, shape: TypeShape, field: string): boolean {
  const { file, world } = scope;
  const { givesFields } = world.models.conventions;
  const declared = shape.fields.find(({ name }) => name === field);
  if (declared === undefined || declared.isStatic || givesFields === null) return true;
  if (world.isAnnotatedLike(shape, givesFields) || world.isAnnotatedLike(declared, givesFields)) return true;
  const own = file.index.declarations.filter((one) => one.owner === shape.name && one.kind === 'method');
  return own.some((one) => (world.isTyped ? one.returnType === declared.type : handsOut(demand, scope, one, field)));
}

/** `return self.connection`, `register(self.connection)`: whoever has it then may end it. */
function handsOut(demand: Demand, { file }: Scope, method: Declaration, field: string): boolean {
  return demand.body(file, method).some(({ fn }) => {
    const isField = (place: PlaceId): boolean => ownPath(fn, place)?.[0] === field;
    return fn.blocks.some(
      ({ instructions, terminator }) =>
        (terminator.op === 'return' && terminator.values.some((one) => one.kind === 'place' && isField(one.place))) ||
        instructions.some(
          (one) => one.op === 'call' && one.args.some(({ value }) => value.kind === 'place' && isField(value.place)),
        ),
    );
  });
}

/**
 * A method that ends something lets go of the field, and does nothing else with it, which another method releases:
 *
 *     stop() { clearTimeout(this.timer); this.timer = null; }
 *     reset() { this.entries.clear(); this.timer = null; }
 */
export function letGoBy(demand: Demand, scope: Scope, field: string, run: IrFunction | null): string | null {
  const { file, fn, world } = scope;
  const releasing = [...demand.fieldReleases.by(file, field)];
  if (fn.owner === null || releasing.length === 0) return null;
  const { declarations } = file.index;
  const own = declarations.filter((one) => one.owner === fn.owner && one.hasBody && one.kind === 'method');
  const found = own.find((one) => {
    if (!world.models.conventions.lifecycleEnd.test(one.name) || one.name === fn.name) return false;
    // What the timer itself runs lets go of what is over.
    if (run !== null && callsOf(run).some((call) => calleeLabel(call) === one.name)) return false;
    const called = calledFrom([one], declarations);
    if (releasing.some((name) => name === one.name || called.has(name))) return false;
    return onlyLetsGo(demand, scope, one, field);
  });
  return found?.name ?? null;
}

function onlyLetsGo(demand: Demand, { file }: Scope, method: Declaration, field: string): boolean {
  const uses = demand.body(file, method).flatMap(({ fn }) =>
    fn.blocks.flatMap(({ instructions, terminator }) => {
      const isField = (place: PlaceId): boolean => ownPath(fn, place)?.[0] === field;
      const isTested = terminator.op === 'branch' && terminator.when !== 'unknown' && isField(terminator.when.place);
      const own = instructions.flatMap((one) => {
        if (placesRead(one).some(isField)) return [false];
        return one.op === 'assign' && isField(one.dest) ? [literalAssigned(one)?.kind === 'null'] : [];
      });
      return isTested ? [...own, false] : own;
    }),
  );
  return uses.length > 0 && uses.every((one) => one);
}

function mentions(demand: Demand, { file }: Scope, end: Declaration, field: string): boolean {
  return demand
    .body(file, end)
    .some(({ fn }) => fn.places.some((place) => place.kind === 'path' && place.fields.includes(field)));
}

/** By name, through functions of the file. */
function calledFrom(starts: readonly Declaration[], declarations: readonly Declaration[]): ReadonlySet<string> {
  const names = new Set(starts.flatMap((one) => [...one.calls]));
  for (const name of names) {
    for (const one of declarations) if (one.name === name) for (const next of one.calls) names.add(next);
  }
  return names;
}
