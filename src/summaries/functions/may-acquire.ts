/**
 * Whether a function is worth lowering, from the names it calls: does one of them speak of acquiring, or of
 * releasing, which is evidence that something is acquired?
 */
import { constructedType } from '../../ir/construction.ts';
import type { Declaration } from '../../languages/language.ts';
import type { FoundDeclaration, IndexedFile } from '../../project/project.ts';
import { erase } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import { isReleaseName, speaksOfRelease } from '../call-names.ts';

/**
 * May whoever makes one have to release it? Surely if it can be closed; and perhaps if a method that ends its life, `stop()`,
 * speaks of releasing anything.
 */
export function mayMakeResource(world: World, type: string): boolean {
  if (world.isCloseable(type) === true) return true;
  const found = world.project.type(type);
  if (found === null) return false;
  const { file, shape } = found;
  return file.index.declarations.some(
    (one) =>
      one.owner === shape.name &&
      one.kind === 'method' &&
      !one.isEmpty &&
      world.endsLife(file.index, one.name) &&
      [...one.calls].some((name) => isReleaseName(world, name)),
  );
}

export class AcquisitionGate {
  readonly #world: World;
  readonly #known = new Map<Declaration, boolean>();

  constructor(world: World) {
    this.#world = world;
  }

  mayAcquire(file: IndexedFile, declaration: Declaration): boolean {
    const known = this.#known.get(declaration);
    if (known !== undefined) return known;
    this.#known.set(declaration, false); // recursion alone acquires nothing
    const may = speaksOfRelease(this.#world, declaration) || this.#callsAcquirer(file, declaration);
    this.#known.set(declaration, may);
    return may;
  }

  #callsAcquirer(file: IndexedFile, declaration: Declaration): boolean {
    for (const name of declaration.calls) {
      const type = constructedType(name);
      const isAcquirer = type === null ? this.#mayReturnFresh(file, name) : this.#mayConstruct(file, declaration, type);
      if (isAcquirer) return true;
    }
    return false;
  }

  #mayConstruct(file: IndexedFile, declaration: Declaration, type: string): boolean {
    const qualified = erase(this.#world.resolve(file.index, declaration.owner, type));
    if (this.#world.project.isPlain(qualified)) return false;
    return (
      this.#world.isPresumedCloseable(qualified) ||
      mayMakeResource(this.#world, qualified) ||
      this.#acquiresByRule(qualified)
    );
  }

  /** Of the constructor, where none says so of the type: a port is open if it is given a name. */
  #acquiresByRule(type: string): boolean {
    const { models } = this.#world;
    return this.#world
      .ancestors(type)
      .some((one) =>
        models.calls(one, '<init>').some(({ summary }) => summary.effects.some(({ kind }) => kind === 'acquire')),
      );
  }

  #mayReturnFresh(file: IndexedFile, name: string): boolean {
    const { models, project } = this.#world;
    if (models.acquiresMember(name)) return true;
    if (models.conventions.presumedCalls.some((one) => one.at === 'param0' && one.name.test(name))) return true;
    if (models.conventions.factories.test(name) || models.conventions.streamGetters.test(name)) return true;
    return (
      project
        .members(file, null, name)
        .concat(file.index.declarations.filter((one) => one.name === name))
        .some((one) => one.hasBody && this.mayAcquire(file, one)) ||
      this.#imported(file, name).some((one) => one.declaration.hasBody && this.mayAcquire(one.file, one.declaration))
    );
  }

  #imported({ index }: IndexedFile, name: string): readonly FoundDeclaration[] {
    return index.imports.flatMap(({ kind, local, target }) => {
      if (kind !== 'member' || local !== name) return [];
      const end = target.lastIndexOf('.');
      return this.#world.project.functions(target.slice(0, end), target.slice(end + 1));
    });
  }
}
