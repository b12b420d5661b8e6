/** The one sentence of a finding, names first; the path is told elsewhere. */
import type { OpenExit } from '../engine/state.ts';
import { assertNever } from '../errors.ts';
import { callAsWritten } from '../ir/construction.ts';
import type { Acquired } from './acquired.ts';
import type { PathCheckId } from './finding.ts';
import type { LineMap } from './line-map.ts';

export interface MessageFacts extends Pick<
  Acquired,
  | 'variable'
  | 'shownAs'
  | 'wrappers'
  | 'acquiredBy'
  | 'constructionKeyword'
  | 'isCalled'
  | 'isConstructed'
  | 'typeName'
  | 'field'
  | 'forgottenIn'
> {
  readonly check: PathCheckId;
  /** The exit shown first. */
  readonly exit: OpenExit;
}

export function messageOf(facts: MessageFacts, lines: LineMap): string {
  const { check, exit } = facts;
  const who = subjectOf(facts);
  const line = lines.position(exit.span.start).line;
  const released = facts.isCalled ? 'called' : 'released';
  switch (check) {
    case 'leak':
      return `${who} is not ${released} on the path that ends in line ${line}.`;
    case 'leak-on-exception':
      return `${who} is not ${released} when ${thrower(facts, lines)}.`;
    case 'lost-reference':
      if (exit.kind === 'dropped') return `${who} is never stored, so nothing can release it.`;
      return `${who} is still open when line ${line} overwrites the last reference to it.`;
    case 'inline-open':
      return `The file from \`${facts.acquiredBy}\` is used and never stored: when it is closed is up to the garbage collector.`;
    case 'unreleased-field':
      return `Field \`${facts.field ?? facts.variable ?? ''}\` keeps the ${facts.typeName} from \`${facts.acquiredBy}\`, and ${facts.forgottenIn === null ? 'no method here releases it' : `\`${facts.forgottenIn}\` does not release it`}.`;
    case 'unfinished-transaction':
      return `The transaction that \`${facts.acquiredBy}\` begins on \`${facts.variable ?? ''}\` is neither committed nor rolled back ${ending(facts, lines)}.`;
    case 'unreleased-lock':
      return `${locked(facts)} is not unlocked ${ending(facts, lines)}.`;
    case 'unremoved-listener':
      return unremoved(facts, lines);
    default:
      return assertNever(check);
  }
}

/** The lock, or what taking it gave; a promise of it that nobody keeps has no name. */
function locked({ shownAs, acquiredBy }: MessageFacts): string {
  return shownAs === null ? `What \`${acquiredBy}\` locks` : `\`${shownAs}\`, locked by \`${acquiredBy}\`,`;
}

function unremoved(facts: MessageFacts, lines: LineMap): string {
  const { variable, typeName, acquiredBy } = facts;
  const by = `the ${typeName} that \`${acquiredBy}\` adds`;
  if (variable !== null) return `\`${variable}\`, ${by}, is not removed ${ending(facts, lines)}.`;
  return `The ${typeName} that \`${acquiredBy}\` adds stays behind: nothing keeps the function to remove it by.`;
}

export function subjectOf({
  variable,
  wrappers,
  typeName,
  acquiredBy,
  isConstructed,
}: Pick<Acquired, 'variable' | 'wrappers' | 'typeName' | 'acquiredBy' | 'isConstructed'>): string {
  if (variable === null) {
    if (typeName !== acquiredBy) return `The ${typeName} from \`${acquiredBy}\``;
    return isConstructed ? `The ${typeName}` : `What \`${acquiredBy}\` returns`;
  }
  const from = acquiredBy === '' ? '' : ` from \`${acquiredBy}\``;
  const inside = wrappers.length === 0 ? '' : ` (in ${wrappers.map((name) => `\`${name}\``).join(', ')})`;
  return `\`${variable}\`${inside}${from}`;
}

function ending(facts: MessageFacts, lines: LineMap): string {
  const { exit } = facts;
  if (exit.state.weakest !== null) return `when ${thrower(facts, lines)}`;
  return `on the path that ends in line ${lines.position(exit.span.start).line}`;
}

/** The last exception of the path: the one that leads past the release. */
function thrower({ exit, constructionKeyword }: MessageFacts, lines: LineMap): string {
  for (let event: OpenExit['state']['cause'] | null = exit.state.cause; event !== null; event = event.previous) {
    if (event.kind === 'fails')
      return `the other end of \`${event.detail}\` fails (line ${lines.position(event.span.start).line})`;
    if (event.kind !== 'throws') continue;
    const { line } = lines.position(event.span.start);
    const thrower = callAsWritten(event.detail, constructionKeyword);
    return event.detail === 'throw' ? `line ${line} throws` : `\`${thrower}\` throws (line ${line})`;
  }
  return 'an exception is thrown';
}
