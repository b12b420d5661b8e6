/**
 * All that is known of types: the scan's own declarations, the models and the platform's index, asked
 * through one door. Names that cannot be resolved stay simple names.
 */
import type { CallTypes, Declaration, FileIndex, LanguageFrontend, TypeShape } from '../languages/language.ts';
import type { TypeHint } from '../ir/ir.ts';
import type { AnnotationMeaning, ApiIndex, ModelSet } from '../models/model-set.ts';
import type { FoundDeclaration, FoundType, IndexedFile, Project } from '../project/project.ts';
import { ImportedNames } from './imported-names.ts';
import { erase, isArray, isQualified, simpleName, typeArguments } from './type-names.ts';

/** More say little of a call, and cost a lot. */
const MOST_SUBTYPES = 24;

export class World {
  readonly project: Project;
  readonly models: ModelSet;
  readonly api: ApiIndex;
  /** Of the language. */
  readonly isTyped: boolean;
  readonly callsMembersByName: boolean;
  readonly #isPrivateToType: boolean;
  readonly implicitPackages: readonly string[];
  /** What a type checker says, if one was asked to. */
  readonly checked: CallTypes | null;
  /** Types of what a function without declared result returns, by result; empty: not known. Set by whoever lowers bodies. */
  returnTypes: (found: FoundDeclaration) => readonly (string | null)[] = () => [];
  /**
   * The type of what a module's variable, or with `owner` a field of that class, is set to where it begins; null: not known.
   * Set by whoever lowers bodies.
   */
  beginsAs: (file: IndexedFile, owner: string | null, name: string) => string | null = () => null;
  #aboveWrappers: ReadonlySet<string> | null = null;
  readonly #ancestors = new Map<string, readonly string[]>();
  readonly #closeable = new Map<string, boolean>();
  readonly #subtypes = new Map<string, readonly FoundType[] | null>();
  readonly #imported: ImportedNames | null;
  readonly #resolved = new Map<FileIndex, Map<string | null, Map<TypeHint, string>>>();

  constructor(
    project: Project,
    models: ModelSet,
    api: ApiIndex,
    language: Pick<
      LanguageFrontend,
      'implicitPackages' | 'isPrivateToType' | 'isTyped' | 'callsMembersByName' | 'sharesImports' | 'types'
    >,
  ) {
    this.project = project;
    this.models = models;
    this.api = api;
    this.implicitPackages = language.implicitPackages;
    this.isTyped = language.isTyped;
    this.checked = language.types ?? null;
    this.callsMembersByName = language.callsMembersByName;
    this.#isPrivateToType = language.isPrivateToType;
    this.#imported = language.sharesImports ? new ImportedNames(project) : null;
  }

  exists(qualified: string): boolean {
    return (
      this.models.type(qualified) !== null || this.api.type(qualified) !== null || this.project.mayHaveType(qualified)
    );
  }

  /** Is it surely one? */
  isType(qualified: string): boolean {
    return (
      this.models.type(qualified) !== null || this.api.type(qualified) !== null || this.project.type(qualified) !== null
    );
  }

  /** The type a name means inside `owner` of a file, with its arguments resolved as well. */
  resolve(file: FileIndex, owner: string | null, hint: TypeHint): string {
    const names = this.#namesIn(file, owner);
    let resolved = names.get(hint);
    if (resolved === undefined) {
      const args = typeArguments(hint).map((arg) => this.resolve(file, owner, arg.replace(/^\?(extends|super)?/, '')));
      const named = this.origin(this.#resolveName(file, owner, erase(hint)));
      const base = this.isTyped ? named : (this.#givenBy(named) ?? named);
      resolved = base + (args.length > 0 ? `<${args.join(',')}>` : '') + (isArray(hint) ? '[]' : '');
      names.set(hint, resolved);
    }
    return resolved;
  }

  /** `redis.from_url`, which is called as a class is: what rules say the function gives; null: it is none they know. */
  #givenBy(qualified: string): string | null {
    const module = outerOf(qualified);
    if (module === null || this.exists(qualified) || this.models.calls(qualified, '<init>').length > 0) return null;
    const given =
      this.models.calls(module, simpleName(qualified)).find(({ returns }) => returns !== null)?.returns ?? null;
    return given?.startsWith('(') === true ? null : given;
  }

  /** What a qualified name means that a module only imports; else the name itself. */
  origin(qualified: string): string {
    return this.#imported?.origin(qualified) ?? qualified;
  }

  /** What hints mean there, so far. */
  #namesIn(file: FileIndex, owner: string | null): Map<TypeHint, string> {
    let owners = this.#resolved.get(file);
    if (owners === undefined) {
      owners = new Map();
      this.#resolved.set(file, owners);
    }
    let names = owners.get(owner);
    if (names === undefined) {
      names = new Map();
      owners.set(owner, names);
    }
    return names;
  }

  #resolveName(file: FileIndex, owner: string | null, name: string): string {
    const dot = name.indexOf('.');
    if (dot >= 0) {
      const first = name.slice(0, dot);
      const head = this.#resolveName(file, owner, first);
      return isQualified(head) || head !== first ? head + name.slice(dot) : name;
    }
    const inFile = this.#lexical(file, owner, name);
    if (inFile !== null) return qualify(file.package, inFile);
    for (const one of file.imports) {
      if (one.local === name) return one.target;
    }
    const packages = [
      ...(file.package === '' ? [] : [file.package]),
      ...this.implicitPackages,
      ...file.imports.filter((one) => one.local === '*' && one.kind === 'type').map((one) => one.target),
    ];
    for (const candidate of packages) {
      const qualified = `${candidate}.${name}`;
      // Of some types rules know only what is called on them.
      if (this.exists(qualified) || this.models.typesNamed(name).includes(qualified)) return qualified;
    }
    if (file.package === '' && this.project.type(name) !== null) return name;
    return this.#inheritedType(file, owner, name) ?? name;
  }

  /** A nested type of a supertype of a type around. */
  #inheritedType(file: FileIndex, owner: string | null, name: string): string | null {
    for (let scope = owner; scope !== null; scope = outerOf(scope)) {
      for (const ancestor of this.ancestors(qualify(file.package, scope))) {
        const nested = `${ancestor}.${name}`;
        if (this.project.type(ancestor) !== null && this.project.type(nested) !== null) return nested;
      }
    }
    return null;
  }

  /** Nested types of the types around, innermost first, then the file's own. */
  #lexical(file: FileIndex, owner: string | null, name: string): string | null {
    for (let scope = owner; scope !== null; scope = outerOf(scope)) {
      const shape = file.types.find((type) => type.name === scope);
      if (shape?.typeParameters.includes(name) === true) return null;
      const nested = `${scope}.${name}`;
      if (file.types.some((type) => type.name === nested)) return nested;
    }
    return file.types.some((type) => type.name === name) ? name : null;
  }

  /** The type itself first, then its supertypes, breadth first. */
  ancestors(type: string): readonly string[] {
    const start = erase(type);
    const known = this.#ancestors.get(start);
    if (known !== undefined) return known;
    const found = [start];
    this.#ancestors.set(start, found); // who asks on the way gets what was found so far
    climb(found, (one) => this.supertypes(one));
    return found;
  }

  /** The type itself first, then those of its supertypes that it may get bodies from. */
  superclasses(type: string): readonly string[] {
    const found = [erase(type)];
    climb(found, (one) => {
      const interfaces = this.#interfaces(one);
      return this.supertypes(one).filter((supertype) => !interfaces.has(erase(supertype)));
    });
    return found;
  }

  #interfaces(type: string): ReadonlySet<string> {
    const declared = this.project.type(type);
    if (declared === null) return new Set();
    const { file, shape } = declared;
    return new Set((shape.interfaces ?? []).map((hint) => erase(this.resolve(file.index, shape.name, hint))));
  }

  supertypes(type: string): readonly string[] {
    const declared = this.project.type(type);
    const modelled = this.models.type(type)?.supertypes ?? [];
    if (declared !== null) {
      const { index } = declared.file;
      return [...declared.shape.supertypes.map((hint) => this.resolve(index, declared.shape.name, hint)), ...modelled];
    }
    const platform = this.api.type(type)?.supertypes ?? [];
    return modelled.length === 0 ? platform : [...modelled, ...platform];
  }

  /** Types of the scan that are declared as its subtypes, at any distance; null: too many to look at. */
  subtypes(type: string): readonly FoundType[] | null {
    const start = erase(type);
    const known = this.#subtypes.get(start);
    if (known !== undefined) return known;
    const subtypes = this.#findSubtypes(start);
    this.#subtypes.set(start, subtypes);
    return subtypes;
  }

  #findSubtypes(start: string): readonly FoundType[] | null {
    const names = [start];
    const found: FoundType[] = [];
    for (let i = 0; i < names.length && found.length <= MOST_SUBTYPES; i++) {
      const supertype = names[i] ?? '';
      const files = this.project.filesExtending(simpleName(supertype), MOST_SUBTYPES);
      if (files === null) return null;
      for (const file of files) {
        for (const shape of file.index.types) {
          const name = qualifiedType(file.index, shape);
          if (names.includes(name) || !this.#extends(file.index, shape, supertype)) continue;
          names.push(name);
          found.push({ file, shape });
        }
      }
    }
    return found.length > MOST_SUBTYPES ? null : found;
  }

  #extends(file: FileIndex, { name, supertypes }: TypeShape, supertype: string): boolean {
    const simple = simpleName(supertype);
    return supertypes.some(
      (hint) => simpleName(erase(hint)) === simple && erase(this.resolve(file, name, hint)) === supertype,
    );
  }

  /** null: a supertype is not known, so we cannot tell. */
  isSubtype(type: string, of: string): boolean | null {
    const ancestors = this.ancestors(type);
    if (ancestors.includes(erase(of))) return true;
    return ancestors.every((name) => this.exists(name)) ? false : null;
  }

  /** Does releasing mean something for values of this type? null: nobody knows the type. */
  isCloseable(type: string): boolean | null {
    const known = this.#closeable.get(type);
    if (known !== undefined) return known;
    const isCloseable = this.#findCloseable(type);
    // What nobody knows yet may be known once its file was looked at.
    if (isCloseable !== null) this.#closeable.set(type, isCloseable);
    return isCloseable;
  }

  #findCloseable(type: string): boolean | null {
    const awaited = this.awaited(type);
    if (awaited !== type) return awaited === null ? null : this.isCloseable(awaited);
    const { closeableTypes, valueTypes } = this.models.conventions;
    if (valueTypes.test(erase(type)) || this.project.isPlain(erase(type))) return false;
    const ancestors = this.ancestors(type);
    for (const ancestor of ancestors) {
      const model = this.models.type(ancestor);
      if (model !== null && model.exempt !== null) return false;
      if (model !== null && (model.resource !== null || model.wraps !== null)) return true;
    }
    if (ancestors.some((name) => closeableTypes.includes(name) || this.#declaresRelease(name))) return true;
    return ancestors.every((name) => this.exists(name)) ? false : null;
  }

  /** `new InputSource(name)`: it may carry a resource, and is none itself. */
  isMereCarrier(type: string): boolean {
    const { closeableTypes } = this.models.conventions;
    const ancestors = this.ancestors(type);
    if (this.project.type(type) !== null || ancestors.some((name) => closeableTypes.includes(name))) return false;
    return ancestors.every((name) => (this.models.type(name)?.resource ?? null) === null);
  }

  /** A type of the scan with a release method of its own, whatever it implements. */
  #declaresRelease(type: string): boolean {
    const found = this.project.type(type);
    if (found === null) return false;
    const { releaseMethods, scopeEnds } = this.models.conventions;
    return found.file.index.declarations.some(
      (declaration) =>
        declaration.owner === found.shape.name &&
        (declaration.params.length === 0 || scopeEnds?.test(declaration.name) === true) &&
        releaseMethods.has(declaration.name) &&
        !this.unlocks(declaration.name) &&
        this.isForUsers(declaration),
    );
  }

  /** Does a function of that name end the life of its object? By its name, or by what a framework is told of it. */
  endsLife({ declarations }: FileIndex, name: string): boolean {
    if (this.models.conventions.lifecycleEnd.test(name)) return true;
    return declarations.some((one) => one.name === name && this.isAnnotated(one, 'lifecycle-end'));
  }

  isAnnotated({ annotations }: Pick<Declaration, 'annotations'>, meaning: AnnotationMeaning): boolean {
    return annotations.some(({ name }) => this.models.annotation(simpleName(name)) === meaning);
  }

  /** Does one go by such a name, wherever it is from? null: no name is one. */
  isAnnotatedLike({ annotations }: Pick<Declaration, 'annotations'>, names: RegExp | null): boolean {
    return annotations.some(({ name }) => names?.test(simpleName(name)) === true);
  }

  /** Can whoever has an object of the type call it? */
  isForUsers({ isPrivate }: Declaration): boolean {
    return !isPrivate || !this.#isPrivateToType;
  }

  /** `unlock()` ends a state something is in for a while; nothing that was made is released by it. */
  unlocks(method: string): boolean {
    const kinds = this.models.releasedBy(method).map((kind) => this.models.resource(kind));
    return kinds.length > 0 && kinds.every(({ family }) => family === 'lock');
  }

  /**
   * `Readable`, which readers implement and others: nothing to close by its type, but what is wrapped is of the kind
   * that wrappers are themselves.
   */
  mayBeWrapped(type: string): boolean {
    this.#aboveWrappers ??= new Set(this.models.wrappers.flatMap((name) => this.ancestors(name)));
    return this.#aboveWrappers.has(erase(type)) && this.#isInterfaceLike(type);
  }

  /** Values of this type may be or hold something to release. */
  mayNeedRelease(type: string): boolean {
    return this.isCloseable(type) !== false || this.isTopType(type) || this.#mayBeHeld(type);
  }

  /** `Optional<InputStream>` stands for what it holds. */
  #mayBeHeld(type: string): boolean {
    const [held] = this.isHolder(type) ? typeArguments(type) : [];
    return held !== undefined && this.isCloseable(held) === true;
  }

  /** It is there or not, and has no method that would release it. */
  isHolder(type: string): boolean {
    return this.models.conventions.holderTypes.includes(erase(type));
  }

  /** What waiting for a value of this type gives: `Pool` of `Promise<Pool>`. */
  awaited(type: string): string | null {
    const { promiseTypes } = this.models.conventions;
    if (promiseTypes?.test(simpleName(erase(type))) !== true || isArray(type)) return type;
    return typeArguments(type)[0] ?? null;
  }

  /** A rule says that values of this type need no release. */
  isExempt(type: string): boolean {
    return this.ancestors(type).some((name) => (this.models.type(name)?.exempt ?? null) !== null);
  }

  /** Of a type that can be closed, and needs not be. */
  isInMemory(type: string): boolean {
    const { closeableTypes } = this.models.conventions;
    return this.isExempt(type) && this.ancestors(type).some((one) => closeableTypes.includes(one));
  }

  /** A type everything has: what is declared so may be anything. */
  isTopType(type: string): boolean {
    if (this.project.isPlain(erase(type))) return false;
    return (
      this.supertypes(erase(type)).length === 0 && this.api.type(erase(type)) !== null && !this.#isInterfaceLike(type)
    );
  }

  #isInterfaceLike(type: string): boolean {
    return this.api.type(erase(type))?.methods('<init>').length === 0;
  }

  /** A name that reads like something to release, where nothing better is known. */
  isPresumedCloseable(type: string): boolean {
    const name = simpleName(type);
    const { presumedCloseable, presumedHarmless } = this.models.conventions;
    return presumedCloseable.test(name) && !presumedHarmless.test(name);
  }

  /** As it is declared, or as those begin it who make the object. */
  fieldType(type: string, field: string): string | null {
    return this.#fieldType(type, field, (declared) => this.beginsAs(declared.file, declared.shape.name, field));
  }

  /** As it is declared; null: nobody states it. */
  statedFieldType(type: string, field: string): string | null {
    return this.#fieldType(type, field, () => null);
  }

  #fieldType(type: string, field: string, unstated: (declared: FoundType) => string | null): string | null {
    for (const ancestor of this.ancestors(type)) {
      const declared = this.project.type(ancestor);
      const shape = declared?.shape.fields.find((one) => one.name === field);
      if (declared !== null && shape !== undefined) {
        if (shape.type === null) return unstated(declared);
        return this.resolve(declared.file.index, declared.shape.name, shape.type);
      }
      const platform = this.api.type(ancestor)?.field(field);
      if (platform !== undefined && platform !== null) return platform;
    }
    return null;
  }

  /** Of a part that its object hands out, read as though it were a field: `rw.writeLock()`; null: nobody states it. */
  partType(type: string, getter: string): string | null {
    if (this.models.conventions.steadyGetters?.test(getter) !== true) return null;
    return this.methodWithoutArguments(type, getter)?.returns ?? null;
  }

  /** The nearest declaration of it, its types resolved; null: nobody declares one. */
  methodWithoutArguments(type: string, name: string): MethodWithoutArguments | null {
    for (const ancestor of this.ancestors(type)) {
      const found = this.project.type(ancestor);
      const declared = found?.file.index.declarations.find(
        (one) => one.owner === found.shape.name && one.name === name && one.params.length === 0,
      );
      if (found !== null && declared !== undefined) {
        const resolve = (hint: TypeHint): string => this.resolve(found.file.index, found.shape.name, hint);
        return {
          returns: declared.returnType === null ? null : resolve(declared.returnType),
          throws: declared.throws.map(resolve),
        };
      }
      const platform = this.api.type(ancestor)?.methods(name) ?? [];
      const without = platform.find(({ params }) => params.length === 0);
      if (without !== undefined) return without;
    }
    return null;
  }

  /** Of a variable outside any type; null: nobody states it. */
  variableType(packageName: string, name: string): string | null {
    const found = this.project.variable(packageName, name);
    return found === null ? null : this.resolve(found.file.index, null, found.type);
  }
}

/** No class has more above it; a hierarchy that goes round in growing names ends here. */
const MOST_ANCESTORS = 200;

/** Adds what is above the types there, breadth first. */
function climb(found: string[], supertypesOf: (type: string) => readonly string[]): void {
  for (let i = 0; i < found.length && found.length < MOST_ANCESTORS; i++) {
    for (const supertype of supertypesOf(found[i] ?? '').map(erase))
      if (!found.includes(supertype)) found.push(supertype);
  }
}

/** `returns`: null where the source does not say. */
interface MethodWithoutArguments {
  readonly returns: string | null;
  readonly throws: readonly string[];
}

export function outerOf(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? null : name.slice(0, dot);
}

export function qualify(packageName: string, name: string): string {
  return packageName === '' ? name : `${packageName}.${name}`;
}

export function qualifiedType(file: FileIndex, shape: Pick<TypeShape, 'name'>): string {
  return qualify(file.package, shape.name);
}
