/**
 * A function that keeps account of whose duty something is says itself when it has handed it on:
 *
 *     boolean free = true;
 *     try {
 *       listener.handle(buffer);
 *       free = false;
 *     } finally {
 *       if (free) buffer.close();
 *     }
 *
 * So it does where it asks another object before it cleans up: `if (options.closesInput()) in.close()`. And where it offers it to
 * one that may not want it: `if (!promise.settle(socket)) socket.close()`.
 */
import { functionFacts } from '../../engine/function-facts.ts';
import type { Seed } from '../../engine/simulate.ts';
import type { OpenExit } from '../../engine/state.ts';
import type { BasicBlock, BlockId, Instruction, IrFunction, PlaceId, Span } from '../../ir/ir.ts';
import { placesWritten } from '../../ir/operands.ts';
import { successors, walkBlocks } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { groupsOf } from '../../summaries/functions/flow-groups.ts';
import { calleeLabel } from '../../summaries/call-names.ts';

/** The ways out on which the function has not said so. */
export function withoutDisowned(
  demand: Demand,
  scope: Scope,
  { seed }: Obligation,
  open: readonly OpenExit[],
): readonly OpenExit[] {
  if (open.length === 0) return open;
  const groups = demand.groups(scope);
  const own = groupsOf(groups, seed.places);
  const isOwn = (place: PlaceId): boolean => own.has(groups.group(place));
  const releasing = releasingBlocks(demand, scope, isOwn);
  if (releasing.size === 0) return open;
  const duty = dutyOf(scope, releasing, isOwn);
  return open.filter((exit) => !isDisowned(scope.fn, seed, exit, duty));
}

interface Duty {
  /** Flags that a cleanup region asks before it releases, with the value at which it does not, and where it asks. */
  readonly flags: ReadonlyMap<PlaceId, { readonly value: boolean; readonly askedAt: Span }>;
  /** Blocks of such a region that ask another object, and any that offer it to one, with where they go if it is not to be released. */
  readonly questions: ReadonlyMap<BlockId, BlockId>;
}

type IsOwn = (place: PlaceId) => boolean;

function releasingBlocks(demand: Demand, scope: Scope, isOwn: IsOwn): ReadonlySet<BlockId> {
  const spans = new Set(demand.releases(scope).flatMap(({ place, span }) => (isOwn(place) ? [span] : [])));
  const isRelease = ({ instructions }: BasicBlock): boolean =>
    instructions.some((one) => one.op === 'call' && spans.has(one.span));
  return new Set(scope.fn.blocks.filter(isRelease).map(({ id }) => id));
}

function dutyOf(scope: Scope, releasing: ReadonlySet<BlockId>, isOwn: IsOwn): Duty {
  const { fn } = scope;
  const flags = new Map<PlaceId, { readonly value: boolean; readonly askedAt: Span }>();
  const questions = new Map<BlockId, BlockId>();
  const { cleanups } = functionFacts(fn);
  for (const { id, instructions, terminator } of fn.blocks) {
    if (terminator.op !== 'branch' || terminator.when === 'unknown' || terminator.when.test !== 'true') continue;
    const { when } = terminator;
    const isOffered = instructions.some((one) => isOffer(scope, one, when.place, isOwn));
    if (!cleanups.has(id) && !isOffered) continue;
    const onThen = leadsTo(fn, terminator.then, terminator.else, releasing);
    if (onThen === leadsTo(fn, terminator.else, terminator.then, releasing)) continue;
    if (isFlag(fn, when.place)) flags.set(when.place, { value: onThen === when.negated, askedAt: terminator.span });
    if (isOffered || instructions.some((one) => isQuestion(fn, one, when.place, isOwn)))
      questions.set(id, onThen ? terminator.else : terminator.then);
  }
  return { flags, questions };
}

/** `promise.settle(socket)`: to another object, by a method nobody knows that by its name does more than look at it. */
function isOffer(scope: Scope, instruction: Instruction, answer: PlaceId, isOwn: IsOwn): boolean {
  if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || !instruction.dests.includes(answer))
    return false;
  const { receiver, args } = instruction;
  if (receiver === null || receiver === scope.fn.receiver || isOwn(receiver)) return false;
  if (!args.some(({ value }) => value.kind === 'place' && isOwn(value.place))) return false;
  const { borrowFunctions, accessors } = scope.world.models.conventions;
  const name = calleeLabel(instruction);
  const { models, declarations } = scope.resolved(instruction);
  return models.length === 0 && declarations.length === 0 && !borrowFunctions.test(name) && !accessors.test(name);
}

/** Of an object this function has by a name of its own; what its own fields say is the class's business. */
function isQuestion(fn: IrFunction, instruction: Instruction, answer: PlaceId, isOwn: IsOwn): boolean {
  if (instruction.op !== 'call' || instruction.receiver === null || !instruction.dests.includes(answer)) return false;
  const place = fn.places[instruction.receiver];
  return (
    place?.kind === 'local' &&
    place.name !== null &&
    !isOwn(instruction.receiver) &&
    instruction.receiver !== fn.receiver
  );
}

/** A local that is only ever set to `true` and to `false`. */
function isFlag(fn: IrFunction, id: PlaceId): boolean {
  const place = fn.places[id];
  if (place?.kind !== 'local' || place.name === null || fn.params.includes(id)) return false;
  const written = fn.blocks.flatMap(({ instructions }) =>
    instructions.filter((one) => placesWritten(one).includes(id)),
  );
  const values = new Set(written.map(booleanAssigned));
  return values.size === 2 && !values.has(null);
}

function booleanAssigned(instruction: Instruction): boolean | null {
  if (instruction.op !== 'assign' || instruction.source.kind !== 'literal') return null;
  const { literal } = instruction.source;
  return literal.kind === 'boolean' ? literal.value : null;
}

/** At once, or behind further questions (`if (free && buffer != null)`), before both ways meet at `meeting`. */
function leadsTo(fn: IrFunction, from: BlockId, meeting: BlockId, releasing: ReadonlySet<BlockId>): boolean {
  for (const { id } of walkBlocks(fn, [from], (block) => (block.id === meeting ? [] : successors(block))))
    if (id !== meeting && releasing.has(id)) return true;
  return false;
}

/** The last that was said of the flag since there is something to have. What fails after the cleanup is not what it provided for. */
function isDisowned(fn: IrFunction, seed: Seed, { kind, span, state }: OpenExit, { flags, questions }: Duty): boolean {
  const isProvidedFor = (askedAt: Span | undefined): boolean =>
    askedAt !== undefined && (kind !== 'throw' || span.start < askedAt.end);
  const said = new Set<PlaceId>();
  for (let link = state.path; link !== null; link = link.previous) {
    const before = link.previous === null ? null : link.previous.block;
    if (before !== null && questions.get(before) === link.block)
      return isProvidedFor(fn.blocks[before]?.terminator.span);
    const isStart = link.block === seed.block;
    const { instructions = [] } = fn.blocks[link.block] ?? {};
    for (const one of instructions.slice(isStart ? seed.index : 0).reverse()) {
      const value = booleanAssigned(one);
      if (one.op !== 'assign' || value === null || said.has(one.dest)) continue;
      const flag = flags.get(one.dest);
      if (flag?.value === value && isProvidedFor(flag.askedAt)) return true;
      said.add(one.dest);
    }
    if (isStart) return false;
  }
  return false;
}
