/**
 * Is a function given to one of the scan that makes a command of it? `newCommand('print', runPrint)`, whose result calls what it
 * was given with a process to end after it. Values kept in a variable or a list on the way are not followed.
 */
import type { Operand, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Declaration } from '../../languages/language.ts';
import type { IndexedFile } from '../../project/project.ts';
import { inwards } from '../../resolve/captures.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';

/** Does the process end after the function, as a framework runs it for a command? */
type IsCommand = (scope: Scope) => boolean;

/** From the function that names it to the one that runs it. */
const MOST_HANDS = 3;
/** A name that more files of a package have says too little of who is meant. */
const MOST_FILES = 16;

export function isMadeCommand(demand: Demand, { file, world }: Scope, own: Declaration, isCommand: IsCommand): boolean {
  if (world.models.conventions.processParameters === null || own.owner !== null) return false;
  const others = own.isPrivate ? world.project.othersMentioning(file, own.name) : [];
  if (others.length > MOST_FILES) {
    demand.noteLimit('files that may make a command');
    return false;
  }
  return [file, ...others].some((one) =>
    world.project
      .declarationsNaming(one, own.name)
      .some((declaration) =>
        demand
          .body(one, declaration)
          .some((scope) => isRun(demand, scope, (value) => isNamed(scope, value, own.name), isCommand, MOST_HANDS)),
      ),
  );
}

function isNamed({ fn }: Scope, value: Operand, name: string): boolean {
  const place = value.kind === 'place' ? fn.places[value.place] : undefined;
  return place?.kind === 'global' && place.name === name;
}

/** Is it given to a function that runs it as a command, or hands it on to one that does? */
function isRun(
  demand: Demand,
  scope: Scope,
  isIt: (value: Operand) => boolean,
  isCommand: IsCommand,
  left: number,
): boolean {
  if (left === 0) {
    demand.noteLimit('hands that a command goes through');
    return false;
  }
  return callsOf(scope.fn).some((call) => {
    const index = call.args.findIndex(({ value }) => isIt(value));
    if (index < 0) return false;
    return scope
      .resolved(call)
      .declarations.some(({ file, declaration }) => runs(demand, file, declaration, index, isCommand, left));
  });
}

function runs(
  demand: Demand,
  file: IndexedFile,
  declaration: Declaration,
  index: number,
  isCommand: IsCommand,
  left: number,
): boolean {
  const scopes = demand.body(file, declaration);
  return scopes.some((scope) => {
    const place = parameterIn(scope, declaration, index);
    if (place === null) return false;
    const isCalled = callsOf(scope.fn).some(({ callee }) => callee.kind === 'value' && callee.place === place);
    if (isCalled && isCommand(scope)) return true;
    return isRun(demand, scope, (value) => value.kind === 'place' && value.place === place, isCommand, left - 1);
  });
}

/** The parameter of the function, in it or in one made in it; null: it is of no use there. */
function parameterIn(scope: Scope, declaration: Declaration, index: number): PlaceId | null {
  const { fn, around } = scope;
  if (fn.id === declaration.id) return fn.params[index] ?? null;
  if (around === null) return null;
  const outer = parameterIn(around.scope, declaration, index);
  return outer === null ? null : inwards(scope, outer);
}
