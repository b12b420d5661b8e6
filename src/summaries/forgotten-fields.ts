/** Fields that methods of a class release, but not the one that ends an object's life. */
import type { Declaration } from '../languages/language.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from './demand.ts';

/**
 * The method that ends the life and leaves the field alone; null: there is none, or another end may see to it.
 *
 *     connected() { clearTimeout(this.timer); }
 *     close() { this.socket.destroy(); }
 */
export function forgottenBy(demand: Demand, { file, fn, world }: Scope, field: string): string | null {
  const releasing = [...(demand.classes.fieldReleases(file).get(field) ?? [])];
  const { declarations } = file.index;
  const { releaseMethods, lifecycleEnd } = world.models.conventions;
  // What a constructor sets up may run whenever the object ends.
  const isSetUp = declarations.some(
    ({ kind, name }) => kind !== 'function' && kind !== 'method' && releasing.includes(name),
  );
  if (releasing.length === 0 || isSetUp || releasing.some((name) => lifecycleEnd.test(name))) return null;
  const ends = declarations.filter(
    (one) => one.owner === fn.owner && one.hasBody && one.calls.size > 0 && releaseMethods.has(one.name),
  );
  const [first] = ends;
  if (fn.owner === null || first === undefined) return null;
  const called = calledFrom(ends, declarations);
  return releasing.some((name) => called.has(name)) ? null : first.name;
}

/** By name, through functions of the file. */
function calledFrom(starts: readonly Declaration[], declarations: readonly Declaration[]): ReadonlySet<string> {
  const names = new Set(starts.flatMap((one) => [...one.calls]));
  for (const name of names) {
    for (const one of declarations) if (one.name === name) for (const next of one.calls) names.add(next);
  }
  return names;
}
