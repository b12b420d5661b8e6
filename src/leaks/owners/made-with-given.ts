/**
 * What listens is made beside what it listens to, by one object that keeps both: they go together, and nobody has to take
 * the listener back.
 *
 *     this.pool = new ConnectionPool(options);
 *     this.subscriber = new Subscriber(this.pool); // constructor(pool) { pool.on('added', () => this.select()); }
 *
 * Asked of listeners that a constructor leaves, which are about to be told, alone.
 */
import { ownPath } from '../../engine/receiver.ts';
import { construction } from '../../ir/construction.ts';
import type { CallInstruction, PlaceId } from '../../ir/ir.ts';
import { callsOf } from '../../ir/operands.ts';
import { reaches } from '../../ir/walk.ts';
import type { Scope } from '../../resolve/scope.ts';
import { calleeLabel } from '../../summaries/call-names.ts';
import type { Demand } from '../../summaries/demand.ts';
import type { Obligation } from '../../summaries/obligations/obligations.ts';
import { isTestOrExample } from '../callers/callers-in-scan.ts';

/** A name that more files have says too little of who makes such an object. */
const MOST_FILES = 24;

interface Making {
  readonly scope: Scope;
  readonly call: CallInstruction;
}

export function isMadeWithGiven(demand: Demand, scope: Scope, { family, call }: Obligation): boolean {
  const { owner, kind } = scope.fn;
  if (family !== 'listener' || owner === null || kind !== 'constructor' || call.receiver === null) return false;
  const index = parameterBehind(scope, call.receiver);
  if (index < 0) return false;
  const makings = makingsOf(demand, scope, owner);
  return makings.length > 0 && makings.every((one) => isKeptWith(demand, one, index));
}

/** Of what a constructor listens to: the argument itself, or the field that it is kept in. */
function parameterBehind({ fn }: Scope, receiver: PlaceId): number {
  const given = fn.params.indexOf(receiver);
  const field = ownPath(fn, receiver)?.join('.');
  if (given >= 0 || field === undefined) return given;
  const kept = fn.blocks.flatMap(({ instructions }) =>
    instructions.flatMap((one) =>
      one.op === 'assign' && one.source.kind === 'place' && ownPath(fn, one.dest)?.join('.') === field
        ? [one.source.place]
        : [],
    ),
  );
  const [only, ...others] = kept;
  return only === undefined || others.length > 0 ? -1 : fn.params.indexOf(only);
}

/** In all files of the scan but those of tests and examples; none: nobody can tell. */
function makingsOf(demand: Demand, { world: { project, models } }: Scope, owner: string): readonly Making[] {
  const isApart = isTestOrExample(models.conventions);
  const paths = project.filesWith([owner]).filter((path) => !isApart(path));
  if (paths.length > MOST_FILES) {
    demand.noteLimit('files that may make an object');
    return [];
  }
  const name = construction(owner);
  return paths.flatMap((path) => {
    const file = project.file(path);
    const makers = file?.index.declarations.filter((one) => one.hasBody && one.calls.has(name)) ?? [];
    return makers.flatMap((maker) =>
      (file === null ? [] : demand.body(file, maker)).flatMap((scope) =>
        callsOf(scope.fn).flatMap((call) => (calleeLabel(call) === name ? [{ scope, call }] : [])),
      ),
    );
  });
}

/** The same constructor makes both, once, and keeps what listens; what it listens to nobody else had before. */
function isKeptWith(demand: Demand, { scope, call }: Making, index: number): boolean {
  const { fn } = scope;
  const given = call.args[index]?.value;
  const [made] = call.dests;
  if (fn.kind !== 'constructor' || given?.kind !== 'place' || made === undefined) return false;
  const block = fn.blocks.find(({ instructions }) => instructions.includes(call));
  if (block === undefined || reaches(fn, block.id, block.id)) return false;
  const groups = demand.groups(scope);
  const isOwnMaking = callsOf(fn).some(
    ({ callee, dests }) =>
      callee.kind === 'construct' && dests.some((dest) => groups.group(dest) === groups.group(given.place)),
  );
  return isOwnMaking && groups.forward(made).some((one) => ownPath(fn, one) !== null);
}
