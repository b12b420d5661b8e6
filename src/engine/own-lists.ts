/**
 * Lists that a function makes, puts things in and hands out or drops, and does nothing else with: what was put there is
 * its own until the list is handed out, as nobody else has the list and nobody here takes anything from it.
 *
 *     for _, address := range addresses {
 *         conn, err := net.Dial("tcp", address)
 *         if err != nil { return nil, err }
 *         conns = append(conns, conn)
 *     }
 *     return conns, nil
 */
import type { CallInstruction, Instruction, IrFunction, PlaceId } from '../ir/ir.ts';
import { placesLeaving, placesRead, placesTested, placesWritten } from '../ir/operands.ts';

export interface OwnLists {
  /** By call that puts something in a list: the place of the list. */
  readonly additions: ReadonlyMap<CallInstruction, PlaceId>;
  /** The lists, and copies of them that are only returned. */
  readonly places: ReadonlySet<PlaceId>;
}

const NONE: OwnLists = { additions: new Map(), places: new Set() };

/** `fields`: of objects that nobody else has. */
export function ownLists(fn: IrFunction, fields: Iterable<PlaceId>): OwnLists {
  const found = allAdditions(fn, new Set([...localsMade(fn), ...fields]));
  const lists = new Set(found.values());
  if (lists.size === 0) return NONE;
  const returned = returnedOnly(fn);
  for (const { instructions, terminator } of fn.blocks) {
    for (const [at, one] of instructions.entries()) {
      const added = addedBy(found, one.op === 'assign' ? instructions[at - 1] : one);
      for (const place of placesWritten(one)) if (place !== added && !isMade(one)) lists.delete(place);
      for (const place of placesRead(one)) if (place !== added && !isHandingOn(one, returned)) lists.delete(place);
      if (one.op === 'call' && one.receiver !== null && added === undefined) lists.delete(one.receiver);
    }
    for (const place of placesTested(terminator)) lists.delete(place);
    if (terminator.op === 'throw') for (const place of placesLeaving(terminator)) lists.delete(place);
  }
  for (const place of fn.places) if (place.kind === 'path') lists.delete(place.root);
  return {
    additions: new Map([...found].filter(([, list]) => lists.has(list))),
    places: new Set([...lists, ...copiesOf(fn, lists)]),
  };
}

/** Variables of this function alone that nothing is ever put in but a new list, and what adds to one. */
function localsMade(fn: IrFunction): readonly PlaceId[] {
  const outer = new Set([...fn.params, ...fn.captures, ...(fn.receiver === null ? [] : [fn.receiver])]);
  const made = fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) => (isMade(one) ? placesWritten(one) : [])),
  );
  return made.filter((place) => fn.places[place]?.kind === 'local' && !outer.has(place));
}

/** `files = []`, `new ArrayList<>()`, a slice that is null to begin with. */
function isMade(one: Instruction): boolean {
  if (one.op === 'assign') return one.source.kind === 'fresh' || isNull(one);
  const isMaker = one.op === 'call' && (one.callee.kind === 'construct' || one.callee.kind === 'aggregate');
  return isMaker && one.args.every(({ value }) => value.kind !== 'place');
}

function isNull({ source }: Extract<Instruction, { op: 'assign' }>): boolean {
  return source.kind === 'literal' && source.literal.kind === 'null';
}

/** `conns = append(conns, conn)`; `files.add(file)`, by one method alone. */
function allAdditions(fn: IrFunction, lists: ReadonlySet<PlaceId>): ReadonlyMap<CallInstruction, PlaceId> {
  const additions = new Map<CallInstruction, PlaceId>();
  const methods = new Map<PlaceId, string>();
  for (const { instructions } of fn.blocks) {
    for (const [at, one] of instructions.entries()) {
      if (one.op !== 'call') continue;
      const list = one.callee.kind === 'aggregate' ? listGrown(one, instructions[at + 1]) : one.receiver;
      if (list === null || !lists.has(list) || one.args.length === 0) continue;
      if (one.callee.kind === 'method' && (methods.get(list) ?? one.callee.name) !== one.callee.name) continue;
      if (one.callee.kind === 'method') methods.set(list, one.callee.name);
      additions.set(one, list);
    }
  }
  return additions;
}

/** The list that a call takes, and gives with more in it, at once or by the copy that comes next. */
function listGrown({ args: [first], dests: [dest] }: CallInstruction, next: Instruction | undefined): PlaceId | null {
  if (first?.value.kind !== 'place' || dest === undefined) return null;
  const list = first.value.place;
  const copied = next?.op === 'assign' && next.dest === list ? next.source : null;
  return dest === list || (copied?.kind === 'place' && copied.place === dest) ? list : null;
}

function addedBy(additions: ReadonlyMap<CallInstruction, PlaceId>, one: Instruction | undefined): PlaceId | undefined {
  return one?.op === 'call' ? additions.get(one) : undefined;
}

/** Given to a call, or copied to be returned. */
function isHandingOn(one: Instruction, returned: ReadonlySet<PlaceId>): boolean {
  return one.op === 'call' || (one.op === 'assign' && returned.has(one.dest));
}

/** Variables that are set, and of which nothing but a `return` makes use. */
function returnedOnly(fn: IrFunction): ReadonlySet<PlaceId> {
  const used = new Set(fn.captures);
  for (const { instructions, terminator } of fn.blocks) {
    for (const one of instructions) for (const place of placesRead(one)) used.add(place);
    for (const place of placesTested(terminator)) used.add(place);
  }
  for (const place of fn.places) if (place.kind === 'path') used.add(place.root);
  const written = fn.blocks.flatMap(({ instructions }) => instructions.flatMap(placesWritten));
  return new Set(written.filter((place) => fn.places[place]?.kind === 'local' && !used.has(place)));
}

function copiesOf({ blocks }: IrFunction, lists: ReadonlySet<PlaceId>): readonly PlaceId[] {
  return blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) =>
      one.op === 'assign' && one.source.kind === 'place' && lists.has(one.source.place) ? [one.dest] : [],
    ),
  );
}
