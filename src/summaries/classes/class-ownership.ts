/** Is a class a resource itself? One that acquires a resource into a field it releases has to be released by whoever makes it. */
import type { Effect } from '../../effects/effect.ts';
import type { Inputs } from '../../effects/inputs.ts';
import { isReceiver } from '../../engine/receiver.ts';
import { simulate } from '../../engine/simulate.ts';
import type { CallInstruction } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Declaration } from '../../languages/language.ts';
import type { FoundDeclaration, FoundType, IndexedFile } from '../../project/project.ts';
import type { ResolvedCall } from '../../resolve/resolve-call.ts';
import type { Scope } from '../../resolve/scope.ts';
import { takesBack } from './owner-ends.ts';
import { erase } from '../../resolve/type-names.ts';
import { qualifiedType } from '../../resolve/world.ts';
import { givesBack } from '../calls/argument-effects.ts';
import { speaksOfRelease } from '../call-names.ts';
import type { Demand } from '../demand.ts';
import { obligations } from '../obligations/obligations.ts';

export class ClassOwnership {
  readonly #demand: Demand;
  readonly #owns = new Map<string, boolean>();
  readonly #ownsAfter = new WeakMap<Declaration, boolean>();
  /** How many of these questions are being answered, one on the way to the other. */
  #asked = 0;

  constructor(demand: Demand) {
    this.#demand = demand;
  }

  /** By its own file, or by that of a class it extends: `super(socket)`. */
  #isReleasedByType(type: FoundType, field: string): boolean {
    const { world } = this.#demand;
    if (this.#demand.fieldReleases.has(type.file, field)) return true;
    const inherited = world.ancestors(qualifiedType(type.file.index, type.shape)).slice(1);
    return inherited.some((name) => {
      const ancestor = world.project.type(erase(name));
      return ancestor !== null && ancestor.file !== type.file && this.#demand.fieldReleases.has(ancestor.file, field);
    });
  }

  /** False where releasing an instance does nothing: its close is empty, or only sets a flag. */
  hasDuty({ file, shape }: FoundType): boolean {
    const { releaseMethods } = this.#demand.world.models.conventions;
    const closers = file.index.declarations.filter(
      (declaration) =>
        declaration.owner === shape.name && releaseMethods.has(declaration.name) && declaration.params.length === 0,
    );
    return closers.length === 0 || closers.some((declaration) => !declaration.hasBody || declaration.calls.size > 0);
  }

  /** `def __next__` that closes at the end: who goes through it has nothing left to release. */
  endsWithIteration(type: FoundType): boolean {
    const { world } = this.#demand;
    const { iterationSteps } = world.models.conventions;
    return declaredIn(type, ['method']).some(
      ({ declaration }) => iterationSteps?.test(declaration.name) === true && speaksOfRelease(world, declaration),
    );
  }

  /** Does constructing an instance acquire something that a method of the class releases? */
  ownsResources(type: FoundType): boolean {
    const key = qualifiedType(type.file.index, type.shape);
    const known = this.#owns.get(key);
    if (known !== undefined) return known;
    this.#owns.set(key, false);
    const owns = this.#asking(() => this.#computeOwns(type));
    this.#owns.set(key, owns);
    return owns;
  }

  /** All that constructing an instance makes is of kinds that hold nothing before they are told to start, and none is. */
  isStartedLater(type: FoundType): boolean {
    if (this.#superclasses(type).some((one) => this.ownsResources(one))) return false;
    const made = declaredIn(type, ['constructor', 'initializer']);
    const kinds = made.flatMap(({ file, declaration }) => {
      const [scope] = this.#demand.body(file, declaration);
      if (scope === undefined) return [];
      return obligations(this.#demand, scope, 'function').flatMap(({ family, resource }) =>
        family === 'resource' ? { info: this.#demand.world.models.resource(resource), declaration } : [],
      );
    });
    return (
      kinds.length > 0 &&
      kinds.every(
        ({ info: { startedBy, isStartedByUse }, declaration }) =>
          startedBy.size > 0 && !isStartedByUse && ![...startedBy].some((name) => declaration.calls.has(name)),
      )
    );
  }

  #asking<T>(compute: () => T): T {
    this.#asked++;
    try {
      return compute();
    } finally {
      this.#asked--;
    }
  }

  #computeOwns(type: FoundType): boolean {
    const ends = this.ends(type);
    if (ends.length === 0) return false;
    const made = declaredIn(type, ['constructor', 'initializer']);
    if (made.some(({ file, declaration }) => this.#acquiresOwned(file, declaration, ends))) return true;
    if (!made.some(({ declaration }) => declaration.kind === 'constructor')) return this.#inheritsOwned(type);
    return made
      .flatMap((one) => this.#withDelegates(one).slice(1))
      .some(({ file, declaration }) => this.#acquiresOwned(file, declaration, ends));
  }

  /** `class Log(Writer)` without a constructor of its own: what its superclass opens, and its superclass releases. */
  #inheritsOwned(type: FoundType): boolean {
    return this.hasDuty(type) && this.#superclasses(type).some((one) => this.ownsResources(one));
  }

  #superclasses({ file, shape }: FoundType): readonly FoundType[] {
    const { world } = this.#demand;
    return world.supertypes(qualifiedType(file.index, shape)).flatMap((name) => world.project.type(erase(name)) ?? []);
  }

  /** As `ownsResources`, of one of its constructors: `new Report(path)` opens what `new Report(writer)` is given. */
  ownsAfter(type: FoundType, { declarations: [first, ...others] }: ResolvedCall): boolean {
    if (!this.ownsResources(type)) return false;
    if (first === undefined || others.length > 0 || first.declaration.kind !== 'constructor') return true;
    const known = this.#ownsAfter.get(first.declaration);
    if (known !== undefined) return known;
    this.#ownsAfter.set(first.declaration, false);
    const owns = this.#asking(() => this.#computeOwnsAfter(type, first));
    // An answer found on the way to another one may be incomplete, as that one is still open: it is not kept.
    if (this.#asked === 0) this.#ownsAfter.set(first.declaration, owns);
    else this.#ownsAfter.delete(first.declaration);
    return owns;
  }

  #computeOwnsAfter(type: FoundType, first: FoundDeclaration): boolean {
    if (this.#withDelegates(first).some((one) => this.#isKeptByItself(one))) return false;
    const ends = this.ends(type);
    const initializers = declaredIn(type, ['initializer']);
    if (initializers.some(({ file, declaration }) => this.#acquiresOwned(file, declaration, ends))) return true;
    return this.#withDelegates(first).some(({ file, declaration }) => this.#acquiresOwned(file, declaration, ends));
  }

  /** `instance = this;`, where everybody finds it: it is not left to who made it. */
  #isKeptByItself({ file, declaration }: FoundDeclaration): boolean {
    const fn = this.#demand.body(file, declaration)[0]?.fn;
    if (fn === undefined) return false;
    return fn.blocks.some(({ instructions }) =>
      instructions.some(
        (one) =>
          one.op === 'assign' &&
          one.source.kind === 'place' &&
          isReceiver(fn, one.source.place) &&
          fn.places[one.dest]?.kind === 'global',
      ),
    );
  }

  /** `Page() { super(new StringWriter()); }`: what it is a wrapper of needs no release. */
  isMadeInMemory({ declarations: [first, ...others] }: ResolvedCall): boolean {
    if (first === undefined || others.length > 0 || first.declaration.kind !== 'constructor') return false;
    return this.#delegatesFrom(first).some(({ scope, call: { args } }) => {
      const types = args.map(({ value }) => (value.kind === 'place' ? scope.typeOf(value.place) : null));
      return types.some((type) => type !== null && scope.world.isInMemory(type));
    });
  }

  /** `Spare() { super(0, 4, …); }`: a rule says of what its superclass is made with that there is nothing to release. */
  isExemptBySuper({ declarations: [first, ...others] }: ResolvedCall): boolean {
    if (first === undefined || others.length > 0 || first.declaration.kind !== 'constructor') return false;
    return this.#delegatesFrom(first).some(({ scope, call }) => {
      const [rule] = scope.resolved(call).models;
      return rule?.summary.effects.length === 0;
    });
  }

  /** Calls by which a constructor, and those it leaves work to, leave work to others. */
  #delegatesFrom(constructor: FoundDeclaration): readonly { scope: Scope; call: CallInstruction }[] {
    return this.#withDelegates(constructor).flatMap(({ file, declaration }) => {
      const [scope] = this.#demand.body(file, declaration);
      const calls = scope === undefined ? [] : callsOf(scope.fn).filter(({ callee }) => callee.kind === 'delegate');
      return calls.flatMap((call) => (scope === undefined ? [] : [{ scope, call }]));
    });
  }

  /** The constructor, and those it leaves work to: `this(path, true)`, `super().__init__(path)`. */
  #withDelegates(constructor: FoundDeclaration): readonly FoundDeclaration[] {
    const found = [constructor];
    for (const { file, declaration } of found) {
      const [scope] = this.#demand.body(file, declaration);
      for (const { instructions } of scope?.fn.blocks ?? []) {
        for (const call of instructions) {
          if (call.op !== 'call' || call.callee.kind !== 'delegate') continue;
          const next = scope?.resolved(call).declarations ?? [];
          found.push(...next.filter((one) => !found.some((known) => known.declaration === one.declaration)));
        }
      }
    }
    return found;
  }

  /** Methods that end an object's life, its own and those it inherits. */
  ends({ file, shape }: FoundType): readonly FoundDeclaration[] {
    const { world } = this.#demand;
    const found = new Map<string, FoundDeclaration>();
    for (const ancestor of world.ancestors(qualifiedType(file.index, shape))) {
      const type = world.project.type(erase(ancestor));
      const methods = type === null ? [] : declaredIn(type, ['method']);
      const own = methods.map(({ declaration }) => declaration);
      for (const one of methods) {
        const { hasBody, name } = one.declaration;
        if (!hasBody || !world.endsLife(one.file.index, name) || takesBack(world, own, one.declaration)) continue;
        // What a class says itself hides what it inherits.
        if (!found.has(name)) found.set(name, one);
      }
    }
    return [...found.values()].filter(({ declaration }) => !declaration.isEmpty && world.isForUsers(declaration));
  }

  /** Does it acquire into a field that one of these releases? */
  #acquiresOwned(file: IndexedFile, declaration: Declaration, ends: readonly FoundDeclaration[]): boolean {
    const scope = this.#demand.body(file, declaration)[0];
    if (scope === undefined) return false;
    const released = this.#demand.fieldReleases.of(file);
    return [...this.fieldsAcquiredIn(scope)].some((field) =>
      ends.some(({ declaration: { name } }) => released.get(field)?.has(name) === true),
    );
  }

  /** Does it release a field that is surely something to release, whoever opened it? */
  holdsResource({ file, shape }: FoundType): boolean {
    const { world } = this.#demand;
    return shape.fields.some(({ name, type }) => {
      if (type === null || !this.#demand.fieldReleases.has(file, name)) return false;
      const known = world.resolve(file.index, shape.name, type);
      return world.project.type(erase(known)) === null && world.isCloseable(known) === true;
    });
  }

  /** Fields of the receiver that hold a resource acquired here when the function returns. */
  fieldsAcquiredIn(scope: Scope): ReadonlySet<string> {
    const fields = new Set<string>();
    for (const obligation of obligations(this.#demand, scope, 'function')) {
      if (obligation.family !== 'resource') continue;
      const { open, settled } = simulate(scope.fn, this.#demand.context(scope), obligation.seed);
      for (const exit of open) if (exit.kind === 'return') for (const field of exit.fields) fields.add(field);
      // `this(new FileWriter(path))`
      for (const { settlement } of settled)
        if (settlement.kind === 'transferred' && settlement.isOwn === true && settlement.field !== null)
          fields.add(settlement.field);
    }
    return fields;
  }

  /**
   * What the constructor does to its arguments. An argument kept in a field the class releases is wrapped:
   * releasing the object releases it. One kept in another field may be anybody's: it escapes.
   */
  constructorEffects(type: FoundType, resolved: ResolvedCall, inputs: Inputs): readonly Effect[] | null {
    const [first] = resolved.declarations;
    if (first === undefined && type.shape.kind === 'record') return this.#canonicalEffects(type);
    if (first === undefined || resolved.declarations.length > 1) return null;
    return this.#demand
      .summary(first)
      .effectsOn(inputs)
      .flatMap((effect): Effect[] => {
        if (effect.kind === 'release' && effect.slot.at === 'receiver') return [];
        if (effect.kind !== 'transfer' || typeof effect.to === 'string' || effect.to.at !== 'receiver') return [effect];
        const field = effect.to.fields?.[0];
        if (field !== undefined && this.#isReleasedByType(type, field)) {
          return [givesBack(effect.from)];
        }
        return [{ kind: 'escape', slot: effect.from, on: 'return', certainty: 'may' }];
      });
  }

  /** The constructor nobody wrote: each argument goes to the component at its position. */
  #canonicalEffects({ file, shape }: FoundType): readonly Effect[] {
    return shape.fields
      .filter((field) => !field.isStatic)
      .map(({ name }, index): Effect => {
        const from = { at: 'param', index } as const;
        if (!this.#demand.fieldReleases.has(file, name))
          return { kind: 'transfer', from, to: 'field', on: 'return', certainty: 'may' };
        return givesBack(from);
      });
  }
}

function declaredIn({ file, shape }: FoundType, kinds: readonly Declaration['kind'][]): readonly FoundDeclaration[] {
  return file.index.declarations
    .filter((declaration) => declaration.owner === shape.name && kinds.includes(declaration.kind))
    .map((declaration) => ({ file, declaration }));
}
