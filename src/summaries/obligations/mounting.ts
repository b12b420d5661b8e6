/**
 * Functions that a framework runs whenever something appears, and that have to undo what they did when it goes:
 * `componentDidMount() { … }`, `useEffect(() => { … })`. What one of them leaves, each further time adds to. A component
 * that a page shows from its start on appears once and never goes.
 */
import type { CallInstruction } from '../../ir/ir.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../call-names.ts';
import { endsFor } from '../classes/owner-ends.ts';

export function isMounting(scope: Scope): boolean {
  const { startHooks } = scope.world.models.conventions;
  const { owner, name } = scope.fn;
  if (owner !== null && startHooks?.test(name) === true) return !isRoot(scope, owner);
  const call = effectOf(scope);
  if (call === null) return false;
  const component = isRunOnce(scope, call) ? componentAround(scope) : null;
  return component === null || !isRoot(scope, component);
}

/**
 * A component that does something as it appears, and has nothing that would undo it: many of these are there for as long
 * as the page, wherever they are rendered. What runs again each time something changes is another matter.
 */
export function appearsOnce(scope: Scope): boolean {
  const { startHooks } = scope.world.models.conventions;
  const { owner, name } = scope.fn;
  if (owner !== null && startHooks?.test(name) === true) return endsFor(scope, owner).length === 0;
  const call = effectOf(scope);
  return call !== null && isRunOnce(scope, call) && !givesUndo(scope);
}

/** `return () => window.removeEventListener('resize', update)` */
function givesUndo({ fn }: Scope): boolean {
  return fn.blocks.some(
    ({ terminator }) => terminator.op === 'return' && terminator.values.some(({ kind }) => kind === 'place'),
  );
}

/** The call that says when the function is to run. */
function effectOf(scope: Scope): CallInstruction | null {
  const { startEffects } = scope.world.models.conventions;
  const call = startEffects === null ? null : scope.handedTo();
  if (call === null || startEffects?.calls.test(calleeLabel(call)) !== true) return null;
  const effect = call.args[startEffects.runs];
  return effect?.value.kind === 'place' && effect.value.place === scope.around?.closure.dest ? call : null;
}

/** `useEffect(() => { … }, [])`: it depends on nothing. */
function isRunOnce({ world }: Scope, { args }: CallInstruction): boolean {
  const { startEffects } = world.models.conventions;
  return startEffects !== null && args[startEffects.dependsOn]?.value.kind === 'fresh';
}

function componentAround({ around }: Scope): string | null {
  const fn = around?.scope.fn;
  return fn?.kind === 'function' ? fn.name : null;
}

function isRoot({ file, world }: Scope, name: string): boolean {
  if (file.index.roots?.has(name) === true) return true;
  return world.project.filesRendering(name).some((other) => other !== file && rendersOf(world, other, file, name));
}

/** What it renders for good by this name is what it imports from the file. */
function rendersOf(world: Scope['world'], other: IndexedFile, { index }: IndexedFile, name: string): boolean {
  if (other.index.roots?.has(name) !== true) return false;
  return other.index.imports.some(({ local, target }) => {
    const origin = local === name ? world.origin(target) : '';
    return origin.slice(0, origin.lastIndexOf('.')) === index.package;
  });
}
