/** Gathers what a fixer has to know of a resource: how it is released, and where the function does so already. */
import { GENERIC_RESOURCE } from '../../effects/effect.ts';
import type { Remedy } from '../../effects/remedy.ts';
import type { CallInstruction, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Scope } from '../../resolve/scope.ts';
import { simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { drainsOf } from './drain-sites.ts';
import type { Leak } from '../leak.ts';
import type { WrongTarget } from '../wrong-targets.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { releasesOf } from '../../summaries/obligations/release-sites.ts';
import { groupsOf } from '../../summaries/functions/flow-groups.ts';

/** null: nothing that could be written would be right. */
export function remedyOf(demand: Demand, scope: Scope, obligation: Obligation, leak: Leak | null): Remedy | null {
  if (isHidden(scope, obligation)) return null;
  const { resource, type, family } = obligation;
  const { models } = scope.world;
  const known = resource === GENERIC_RESOURCE ? null : models.resource(resource);
  const sites = sitesOf(demand, scope, obligation);
  // How what nobody knows the type of is released only its function can say.
  const isForeign = type === null && sites.length > 0;
  const stated = known === null ? (isForeign ? [] : unmodelledReleases(scope.world, type)) : known.releases;
  const carried = carriedReleases(demand, scope, obligation, stated);
  const written = carried === null ? (known?.written ?? null) : null;
  const releases = carried ?? stated.flatMap(templateOf);
  const calls = [
    ...(written === null ? [] : [written]),
    // What the function itself does on another path is how its authors do it; a commit is no way out, though.
    ...(family === 'transaction' ? [] : sites.flatMap((site) => site.written ?? [])),
    // Of a transaction's ends only the rules can say which one undoes it.
    ...(family === 'transaction' ? [] : releases),
  ];
  const [first] = calls;
  // What the rules name first is the release itself, whatever it is called.
  const primary = written ?? (known === null ? null : (releases[0] ?? null));
  const isPrimary = (one: string | null): boolean => one !== null && one === primary;
  return {
    style: known?.fix ?? null,
    styleSince: known?.fixSince ?? null,
    declared: type === null ? [] : declaredReleases(scope.world, type),
    family,
    calls: [...new Set(calls)],
    // What only some paths do, the others leave out on purpose, perhaps: waiting for a process that nobody ends may never end.
    releaseAlso: known?.releaseAlso ?? null,
    takesEmpty: known?.takesEmpty === true,
    isOnce: known === null ? family === 'lock' : known.isOnce,
    undo: known?.undo ?? null,
    mayBeAnothers: mayBeAnothers(demand, scope, obligation),
    isGuess:
      resource === GENERIC_RESOURCE && obligation.resolution === 'unknown' && type === null && sites.length === 0,
    givesResource: givesResource(scope),
    lazyCalls: lazyCallsOf(demand, scope, obligation),
    isSync: known?.isSync === true,
    takenBack: known?.takenBack.get(calleeLabel(obligation.call)) ?? null,
    through: known?.through ?? [],
    type,
    isScoped: type === null ? null : isScoped(scope.world, type),
    isReceiver: obligation.isOnReceiver,
    throws: type === null || first === undefined ? null : checkedOf(scope.world, announcedBy(scope.world, type, first)),
    mayAnnounceLess: type !== null && scope.world.project.type(type) === null && scope.world.api.type(type) === null,
    releasedAt: sites.flatMap(({ span, isAfterFailure, isPlain, written, args }) => {
      if (span === null) return [];
      // What it is told by its arguments a release without them is not.
      const isKept = args === 'other' && first?.endsWith('()') === true;
      return [
        { span, isAfterFailure, isPlain: (isPlain && !isKept) || isPrimary(written), hasArguments: args === 'literal' },
      ];
    }),
    endings: endingsOf(demand, scope),
    isTransferred: leak?.isTransferred === true,
    mayBeKept: leak?.mayBeKept === true,
    exits: (leak?.exits ?? []).map((exit) => ({
      kind: exit.kind,
      span: exit.span,
      isShared: leak?.shared.has(exit) === true,
    })),
    drains: leak === null ? [] : drainsOf(demand, scope, leak),
    field: leak?.unreleasedField ?? null,
    forgottenIn: leak?.forgottenIn ?? null,
  };
}

/** Of a lock that a deferred call takes again: the release that was meant is all there is to know. */
export function remedyOfRelock(world: World, { resource }: Pick<WrongTarget, 'resource'>): Remedy {
  const { models } = world;
  const { written, releases, family } = models.resource(resource);
  const calls = written === null ? releases.flatMap(templateOf) : [written];
  return { ...plainRemedy, family, calls, isOnce: true, isSync: true, isReceiver: true };
}

const plainRemedy: Omit<Remedy, 'family'> = {
  style: null,
  styleSince: null,
  declared: [],
  calls: [],
  releaseAlso: null,
  takesEmpty: false,
  isOnce: false,
  undo: null,
  mayBeAnothers: false,
  isGuess: false,
  givesResource: false,
  lazyCalls: [],
  isSync: false,
  takenBack: null,
  through: [],
  type: null,
  isScoped: null,
  isReceiver: false,
  throws: null,
  mayAnnounceLess: false,
  releasedAt: [],
  endings: [],
  isTransferred: false,
  mayBeKept: false,
  exits: [],
  drains: [],
  field: null,
  forgottenIn: null,
};

/** `Object content = part.getContent()`, `Optional<Reader> found = open()`: it has no method that would release it. */
function isHidden(scope: Scope, { seed }: Obligation): boolean {
  const [place] = seed.places;
  const isLocal = place !== undefined && scope.fn.places[place]?.kind === 'local';
  const declared = isLocal ? scope.typeOf(place) : null;
  return declared !== null && (scope.world.isTopType(declared) || scope.world.isHolder(declared));
}

/** `in = given != null ? given : open()`: a release of the variable would be one of what somebody else has, too. */
function mayBeAnothers(demand: Demand, scope: Scope, { seed, isOnReceiver }: Obligation): boolean {
  if (isOnReceiver) return false;
  const { fn } = scope;
  const groups = demand.groups(scope);
  const own = new Set(seed.places.flatMap((place) => groups.forward(place)));
  return fn.blocks.some(({ instructions }) =>
    instructions.some((one) => {
      if (one.op !== 'assign' || !own.has(one.dest)) return false;
      const { source } = one;
      if (source.kind === 'literal') return source.literal.kind === 'number' || source.literal.kind === 'string';
      return source.kind === 'place' && !own.has(source.place) && !isOpenedHere(fn, source.place);
    }),
  );
}

/** By its declared type. */
function givesResource({ fn, world, file, owner }: Scope): boolean {
  const type = fn.returns === null ? null : world.resolve(file.index, owner, fn.returns);
  return type !== null && world.isCloseable(type) === true;
}

/** Calls of generators of the scan that are given it. */
function lazyCallsOf(demand: Demand, scope: Scope, { seed }: Obligation): Span[] {
  const groups = demand.groups(scope);
  const own = groupsOf(groups, seed.places);
  const isGiven = ({ args }: CallInstruction): boolean =>
    args.some(({ value }) => value.kind === 'place' && own.has(groups.group(value.place)));
  const isLazy = (call: CallInstruction): boolean => {
    const { declarations } = scope.resolved(call);
    const bodies = declarations.map(({ file, declaration }) => demand.body(file, declaration)[0]);
    return bodies.length > 0 && bodies.every((body) => body?.fn.isGenerator === true);
  };
  return callsOf(scope.fn)
    .filter((call) => isGiven(call) && isLazy(call))
    .map(({ span }) => span);
}

/** The result of a call of this function. */
function isOpenedHere(fn: IrFunction, place: PlaceId): boolean {
  return callsOf(fn).some(({ dests }) => dests.includes(place));
}

/** Without those a program need not announce. */
function checkedOf(world: World, announced: readonly string[] | null): readonly string[] | null {
  const { unchecked } = world.models.exceptions;
  return announced?.filter((type) => !world.ancestors(type).some((one) => unchecked.has(simpleName(one)))) ?? null;
}

function endingsOf(demand: Demand, scope: Scope): Span[] {
  return callsOf(scope.fn)
    .filter((call) => demand.knowledge(scope, call).neverReturns)
    .map(({ span }) => span);
}

function sitesOf(demand: Demand, scope: Scope, { seed, resource }: Obligation): ReturnType<typeof releasesOf> {
  const seen = new Set<number>();
  return seed.places
    .flatMap((place) => releasesOf(demand, scope, place, resource))
    .filter(({ span, isByAnswer }) => {
      if (isByAnswer) return false;
      // A cleanup region is lowered once for each way out.
      if (span === null || seen.has(span.start)) return false;
      seen.add(span.start);
      return true;
    });
}

/**
 * Of what is in a field of the result: an end of the result's own, or else the release of the field, where that can be named from
 * here. null: the result is the resource.
 */
function carriedReleases(
  demand: Demand,
  scope: Scope,
  { carrier, seed }: Obligation,
  releases: readonly string[],
): readonly string[] | null {
  const [part] = carrier.parts;
  if (part === undefined) return null;
  const [place] = seed.places;
  const type = place === undefined ? null : scope.typeOf(place);
  if (type === null) return [];
  const { world, file } = scope;
  const home = world.project.type(type)?.file;
  const ends = home === undefined ? [] : demand.fieldReleases.ends(home, part);
  const own = [...releases, ...ends].filter((name) => world.methodWithoutArguments(type, name) !== null);
  if (own.length > 0) return own.flatMap(templateOf);
  const isNear = home?.index.package === file.index.package;
  return isNear ? releases.flatMap(templateOf).map((call) => call.replace('$', () => `$.${part}`)) : [];
}

/** Names that are no identifiers, such as symbols, cannot be written as a call. */
function templateOf(release: string): string[] {
  if (release === '()') return ['$()'];
  return /^[A-Za-z_]\w*$/.test(release) ? [`$.${release}()`] : [];
}

/**
 * For a type nobody has a rule for: the first release method it has, by its own declaration or its supertypes'. Of a
 * type nobody knows at all, what such things are usually released with.
 */
function unmodelledReleases(world: World, type: string | null): readonly string[] {
  const { models } = world;
  const own =
    type === null
      ? []
      : [...models.conventions.releaseMethods].filter((name) => announcedBy(world, type, `$.${name}()`) !== null);
  if (own.length > 0) return own.slice(0, 1);
  const { presumedCloseable, surelyCloseable } = models.conventions;
  const isPresumed = (name: string): boolean => presumedCloseable.test(name) || surelyCloseable.test(name);
  // A method nobody has seen is none to call, unless such things always have it.
  if (type !== null && world.isCloseable(type) !== true && !isPresumed(simpleName(type))) return [];
  return models.resource(`${models.language}/${GENERIC_RESOURCE}`).releases;
}

/** Of a class of the project, and of what it extends there. */
function declaredReleases(world: World, type: string): readonly string[] {
  const { releaseMethods } = world.models.conventions;
  const names = world.ancestors(type).flatMap((ancestor) => {
    const found = world.project.type(ancestor);
    const own = found?.file.index.declarations.filter(({ owner }) => owner === found.shape.name) ?? [];
    return own.filter(({ name, params }) => releaseMethods.has(name) && params.length === 0).map(({ name }) => name);
  });
  return [...new Set(names)];
}

function isScoped(world: World, type: string): boolean | null {
  const { closeableTypes } = world.models.conventions;
  const answers = closeableTypes.map((closeable) => world.isSubtype(type, closeable));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

/** What the release announces, by the nearest declaration of it; null: nobody knows it. */
function announcedBy(world: World, type: string, call: string): readonly string[] | null {
  const method = /^\$\.(\w+)\(\)$/.exec(call)?.[1];
  if (method === undefined) return null;
  return world.methodWithoutArguments(type, method)?.throws ?? null;
}
