/** What a call goes by, and which resource a type stands for: questions that need no summary. */
import { GENERIC_RESOURCE, type ResourceKind, type Slot } from '../effects/effect.ts';
import type { CallInstruction, PlaceId } from '../ir/ir.ts';
import { construction } from '../ir/construction.ts';
import type { Declaration } from '../languages/language.ts';
import { simpleName } from '../resolve/type-names.ts';
import type { Scope } from '../resolve/scope.ts';
import type { World } from '../resolve/world.ts';

export function calleeLabel(call: CallInstruction): string {
  const { callee } = call;
  switch (callee.kind) {
    case 'construct':
      return construction(simpleName(callee.type));
    case 'delegate':
      return callee.to;
    case 'method':
    case 'function':
      return callee.name;
    case 'value':
      return 'call';
    case 'aggregate':
      return 'literal';
  }
}

export function slotPlace(call: CallInstruction, slot: Slot): PlaceId | null {
  if (slot.at === 'receiver') return call.receiver;
  // One name for several results stands for each of them.
  if (slot.at === 'result') return call.dests[slot.index] ?? (call.dests.length === 1 ? (call.dests[0] ?? null) : null);
  if (slot.at === 'param') {
    const value = call.args[slot.index]?.value;
    return value?.kind === 'place' ? value.place : null;
  }
  return null;
}

/** `pair = open_connection(host)`: which of several results the slot is, where one name stands for all of them. */
export function indexInOne(call: CallInstruction, slot: Slot): number | null {
  return slot.at === 'result' && call.dests.length === 1 && slot.index > 0 ? slot.index : null;
}

/** The kind a type's values are, from the nearest model up its supertypes; null: nothing to release. */
export function resourceOfType(world: World, type: string): ResourceKind | null {
  for (const ancestor of world.ancestors(type)) {
    const model = world.models.type(ancestor);
    if (model === null) continue;
    if (model.exempt !== null) return null;
    if (model.resource !== null) return model.resource;
  }
  return GENERIC_RESOURCE;
}

export function isReleaseMethod({ models }: World, name: string): boolean {
  return models.conventions.releaseMethods.has(name) || models.releasedBy(name).length > 0;
}

/** Is there something to release in values of this type, or do rules say that one of its methods releases something? */
export function isReleasable(world: World, type: string): boolean {
  if (world.isCloseable(type) !== false) return true;
  const { models } = world;
  return world
    .ancestors(type)
    .some((ancestor) =>
      [...models.conventions.releaseMethods].some((name) =>
        models
          .calls(ancestor, name)
          .some(({ summary }) => summary.effects.some((one) => one.kind === 'release' && one.slot.at === 'receiver')),
      ),
    );
}

/** The function's own name, or one it calls, is a release word. */
export function speaksOfRelease(world: World, declaration: Declaration): boolean {
  if (isReleaseName(world, declaration.name)) return true;
  for (const name of declaration.calls) if (isReleaseName(world, name)) return true;
  return false;
}

/** Does a function of that name release something, or end the life of something? */
export function isReleaseName(world: World, name: string): boolean {
  const { releaseFunctions, lifecycleEnd } = world.models.conventions;
  return isReleaseMethod(world, name) || releaseFunctions.test(name) || lifecycleEnd.test(name);
}

/** Of a plain function, or a method of the object itself. */
export function isOwnCall({ fn }: Scope, { callee, receiver }: CallInstruction): boolean {
  return callee.kind === 'function' || callee.kind === 'delegate' || receiver === fn.receiver;
}
