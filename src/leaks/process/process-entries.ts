/** Functions that a process starts with: when one has ended, so has the process, or soon will. */
import type { CallInstruction, IrFunction } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import type { Declaration } from '../../languages/language.ts';
import type { ProcessTarget } from '../../models/conventions.ts';
import type { IndexedFile } from '../../project/project.ts';
import type { Scope } from '../../resolve/scope.ts';
import { erase, simpleName } from '../../resolve/type-names.ts';
import type { World } from '../../resolve/world.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import { placeName } from '../../summaries/place-names.ts';
import { valueUses } from '../../summaries/value-uses.ts';
import { declarationOf } from '../callers/callers.ts';
import { isMadeCommand } from './made-command.ts';

export function isProcessEntry(demand: Demand, scope: Scope, functionName: string): boolean {
  const { fn, world } = scope;
  if (world.models.conventions.scriptPaths?.test(scope.file.path) === true) return true;
  const isNamedSo = fn.isStatic || fn.kind === 'function';
  if (isNamedSo && world.models.conventions.processEntries.test(functionName)) return true;
  if (isCommand(scope) || isCalledByModule(scope) || isHandler(scope)) return true;
  const own = fn.kind === 'closure' ? null : declarationOf(scope);
  if (own === null) return false;
  if (isAnnotated(scope, own) || isMethodOfCommand(scope, own) || isTarget(demand, scope, own)) return true;
  return isMadeCommand(demand, scope, own, isCommand);
}

/** `(async () => { … })()` as a statement of a module: `main`, without the name. */
function isCalledByModule({ around, fn }: Scope): boolean {
  if (around?.scope.fn.kind !== 'module' || fn.params.length > 0) return false;
  const { dest } = around.closure;
  return callsOf(around.scope.fn).some(({ callee }) => callee.kind === 'value' && callee.place === dest);
}

/** `func run(cmd *cobra.Command, args []string) error`: whoever takes the error ends the process with it. */
function isCommand(scope: Scope): boolean {
  const { processParameters, errorResult } = scope.world.models.conventions;
  const { returns, params } = scope.fn;
  if (processParameters === null || (returns !== null && errorResult?.test(returns) !== true)) return false;
  return params.some((place) => processParameters.test(erase(scope.typeOf(place) ?? '')));
}

/** `@click.command()`. One that is asynchronous is run by a loop, which goes on. */
function isAnnotated({ world }: Scope, { annotations, isAsync }: Declaration): boolean {
  const { processAnnotations } = world.models.conventions;
  return !isAsync && processAnnotations !== null && annotations.some(({ name }) => processAnnotations.test(name));
}

/** `class Shop extends Application { run(…) }`: a framework's own `main` calls it, and ends the process after it. */
function isMethodOfCommand({ world, file, owner, ownerType }: Scope, { name, isStatic }: Declaration): boolean {
  if (ownerType === null || isStatic) return false;
  const candidates = world.models.conventions.processMethods.filter((one) => one.names.test(name));
  if (candidates.length === 0) return false;
  const shape = file.index.types.find((one) => one.name === owner);
  return candidates.some(
    ({ types, annotations, fieldAnnotations }) =>
      (types !== null && world.ancestors(ownerType).some((one) => types.test(one))) ||
      (annotations !== null && shape?.annotations.some((one) => annotations.test(one.name)) === true) ||
      (fieldAnnotations !== null &&
        shape?.fields.some((field) => field.annotations.some((one) => fieldAnnotations.test(one.name))) === true),
  );
}

/** `Process(target=serve)`, `parser.set_defaults(func=serve)`, `program.command('serve').action(serve)`: somewhere in its file. */
function isTarget(demand: Demand, { file, world }: Scope, { name, owner }: Declaration): boolean {
  const targets = targetsIn(file, world);
  if (targets.length === 0 || owner !== null) return false;
  return world.project.declarationsNaming(file, name).some((declaration) =>
    demand.body(file, declaration).some(({ fn }) =>
      callsOf(fn).some((call) =>
        call.args.some(({ value }, index) => {
          const place = value.kind === 'place' ? fn.places[value.place] : undefined;
          return (
            place?.kind === 'global' && place.name === name && targets.some((one) => isGivenTo(one, fn, call, index))
          );
        }),
      ),
    ),
  );
}

/** `program.command('serve').action(() => { … })` */
function isHandler({ around, file, world }: Scope): boolean {
  const targets = around === null ? [] : targetsIn(file, world);
  if (around === null || targets.length === 0) return false;
  const { dest } = around.closure;
  return callsOf(around.scope.fn).some((call) =>
    call.args.some(
      ({ value }, index) =>
        value.kind === 'place' &&
        value.place === dest &&
        targets.some((one) => isGivenTo(one, around.scope.fn, call, index)),
    ),
  );
}

/** Those of libraries that the file imports. */
function targetsIn({ index }: IndexedFile, { models }: World): readonly ProcessTarget[] {
  return models.conventions.processTargets.filter(
    ({ imports }) => imports === null || index.imports.some(({ target }) => imports.test(target)),
  );
}

function isGivenTo(
  { calls, argument, on }: ProcessTarget,
  fn: IrFunction,
  call: CallInstruction,
  index: number,
): boolean {
  const isThere = typeof argument === 'number' ? argument === index : call.args[index]?.name === argument;
  return isThere && calls.test(calleeLabel(call)) && (on === null || isReachedBy(fn, call, on));
}

/** More steps than this no sentence has. */
const MOST_STEPS = 32;

/** `new Command('deploy').option('-f').action(…)` */
function isReachedBy(fn: IrFunction, { receiver }: CallInstruction, on: RegExp): boolean {
  let place = receiver;
  for (let step = 0; step < MOST_STEPS && place !== null; step++) {
    if (on.test(placeName(fn, place) ?? '')) return true;
    const [maker] = valueUses(fn).makers(place);
    if (maker === undefined) return false;
    if (on.test(maker.callee.kind === 'construct' ? simpleName(maker.callee.type) : calleeLabel(maker))) return true;
    place = maker.receiver;
  }
  return false;
}
