/**
 * Fields that are released where one would not look for it: by a finalizer, or by a superclass, where attributes belong
 * to the object and not to the class that names them:
 *
 *     class ImageFile(Image):        Image.close() closes self.fp
 *         def __init__(self, path): self.fp = open(path)
 */
import { ownField } from '../../engine/receiver.ts';
import type { PlaceId } from '../../ir/ir.ts';
import type { TypeShape } from '../../languages/language.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import { isTestOrExample } from '../callers/callers-in-scan.ts';

/** `def __del__(self): self.close()`: runs also where the constructor failed. */
export function releasedByFinalizer({ fieldReleases, world }: Demand, { file, owner }: Scope, field: string): boolean {
  const { finalizers } = world.models.conventions;
  const releasing = fieldReleases.by(file, field);
  if (finalizers === null) return false;
  return file.index.declarations.some(
    ({ name, owner: declaring, calls }) =>
      declaring === owner &&
      finalizers.test(name) &&
      (releasing.has(name) || [...calls].some((called) => releasing.has(called))),
  );
}

/**
 * `unknown`: a superclass is not part of the scan, or is one of the platform's that can be closed itself. Where classes declare
 * their fields, a superclass has to declare this one, and what is had of another of its fields is gone with that.
 */
export function releasedAbove(demand: Demand, scope: Scope, field: string): 'yes' | 'no' | 'unknown' {
  const { file, world, ownerType } = scope;
  const { releaseMethods } = world.models.conventions;
  if (ownerType === null) return 'no';
  if (world.isTyped && file.index.types.some((one) => declares(one, field))) return 'no';
  let isKnown = true;
  for (const ancestor of world.superclasses(ownerType).slice(1)) {
    const found = world.project.type(ancestor);
    if (found !== null && demand.fieldReleases.of(found.file).has(field)) return 'yes';
    if (found !== null && world.isTyped && declares(found.shape, field))
      return holdersOf(demand, found.file, found.shape.name, field).some((one) =>
        demand.fieldReleases.of(found.file).has(one),
      )
        ? 'yes'
        : 'no';
    if (found !== null) continue;
    // Rules and signatures know what a class is, not what its methods do.
    const platform = world.api.type(ancestor);
    if (platform === null || [...releaseMethods].some((name) => platform.methods(name).length > 0)) isKnown = false;
  }
  return isKnown ? 'no' : 'unknown';
}

/**
 * Methods of a type may stand in several files of its package, and a type that is embedded has some of its own:
 *
 *     type OrderStore struct { base.Store }              Store.Shutdown() { s.DB.Close() }
 *     func (s *OrderStore) Open() { s.DB, err = sql.Open(driver, source) }
 */
export function releasedInOtherFile(demand: Demand, { file, ownerType, world }: Scope, field: string): boolean {
  const isApart = isTestOrExample(world.models.conventions);
  const types = ownerType === null ? [] : world.ancestors(ownerType).flatMap((name) => world.project.type(name) ?? []);
  return types.some(({ file: declaring, shape }) =>
    [declaring, ...world.project.othersMentioning(declaring, field)].some(
      (one) => one !== file && !isApart(one.path) && releasesOwn(demand, one, shape.name, field),
    ),
  );
}

/** By a method of the type, or a function of none: those of other types have fields of that name as well. */
function releasesOwn({ fieldReleases }: Demand, file: IndexedFile, type: string, field: string): boolean {
  const releasing = fieldReleases.by(file, field);
  return file.index.declarations.some(({ name, owner }) => releasing.has(name) && (owner === type || owner === null));
}

function declares({ fields }: TypeShape, field: string): boolean {
  return fields.some(({ name }) => name === field);
}

/** `session = connection.createSession();`: the fields that what the class puts into this one is had of. */
function holdersOf(demand: Demand, file: IndexedFile, type: string, field: string): readonly string[] {
  const setters = file.index.declarations.filter(({ owner, hasBody }) => owner === type && hasBody);
  return setters
    .flatMap((one) => demand.body(file, one).slice(0, 1))
    .flatMap((setter) => {
      const groups = demand.groups(setter);
      const places = setter.fn.places.map((_, index) => index as PlaceId); // places are numbered by position
      return places
        .filter((place) => ownField(setter.fn, place) === field)
        .flatMap((place) => groups.holders(place))
        .flatMap((holder) => ownField(setter.fn, holder) ?? []);
    });
}
