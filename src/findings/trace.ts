/** The path of a finding as steps a reader can check by eye. */
import type { OpenExit, TraceEvent } from '../engine/state.ts';
import { assertNever } from '../errors.ts';
import { callAsWritten } from '../ir/construction.ts';
import type { Acquired } from './acquired.ts';
import type { PathCheckId, TraceStep } from './finding.ts';

/** How the beginning and the end of a path are told. */
interface Wording {
  acquired(by: string, variable: string | null): string;
  readonly open: string;
}

const ofResources: Wording = {
  acquired: (by, variable) => `\`${by}\` acquires it${variable === null ? '' : ` into \`${variable}\``}`,
  open: 'still open',
};

const ofCancelling: Wording = { ...ofResources, open: 'not called' };

const ofTransactions: Wording = { ...ofResources, acquired: (by) => `\`${by}\` begins it`, open: 'unfinished' };

const ofLocks: Wording = { ...ofResources, acquired: (by) => `\`${by}\` takes it`, open: 'still held' };

const ofListeners: Wording = {
  acquired: (by, variable) => `\`${by}\` adds ${variable === null ? 'it' : `\`${variable}\``}`,
  open: 'still listening',
};

export function traceOf(
  exit: OpenExit,
  text: string,
  {
    variable,
    shownAs,
    constructionKeyword,
    isCalled,
  }: Pick<Acquired, 'variable' | 'shownAs' | 'constructionKeyword' | 'isCalled'>,
  check: PathCheckId,
): readonly TraceStep[] {
  const wording = isCalled && wordingOf(check) === ofResources ? ofCancelling : wordingOf(check);
  const steps: TraceStep[] = [];
  for (let event: TraceEvent | null = exit.state.cause; event !== null; event = event.previous) {
    const told = isSource(event) ? event : { ...event, detail: callAsWritten(event.detail, constructionKeyword) };
    const step = stepOf(told, text, variable, wording);
    if (step !== null) steps.push(step);
  }
  steps.reverse();
  const shown = check === 'unreleased-lock' ? shownAs : variable;
  const name = shown === null ? 'it' : `\`${shown}\``;
  const way = wayOut(exit);
  if (way !== null) steps.push({ kind: 'leaks', span: exit.span, text: `${way}, ${name} ${wording.open}` });
  return withoutRepeats(steps);
}

function wayOut({ kind, state: { cause } }: OpenExit): string | null {
  // What fails later, while events arrive, is no exception of this function.
  if (cause.kind === 'fails') return 'nobody ends it then';
  if (kind === 'return') return 'the function ends here';
  return kind === 'throw' ? 'the exception leaves the function' : null;
}

/** Told by the text itself; others are told by what is called. */
function isSource({ kind }: TraceEvent): boolean {
  return kind === 'branch';
}

function wordingOf(check: PathCheckId): Wording {
  if (check === 'unremoved-listener') return ofListeners;
  if (check === 'unfinished-transaction') return ofTransactions;
  return check === 'unreleased-lock' ? ofLocks : ofResources;
}

function stepOf(event: TraceEvent, text: string, variable: string | null, wording: Wording): TraceStep | null {
  const { span } = event;
  switch (event.kind) {
    case 'acquired': {
      if (event.detail === '')
        return {
          kind: 'acquired',
          span,
          text: `${variable === null ? 'it' : `\`${variable}\``} is to be released here`,
        };
      return { kind: 'acquired', span, text: wording.acquired(event.detail, variable) };
    }
    case 'wrapped':
      return { kind: 'wrapped', span, text: `\`${event.detail}\` wraps it` };
    case 'derived':
      return { kind: 'wrapped', span, text: `\`${event.detail}\` gives what stands for it` };
    case 'given':
      return { kind: 'called', span, text: `\`${event.detail}\` has it from here on` };
    case 'branch': {
      const condition = shorten(text.slice(span.start, span.end));
      if (/^case\b/.test(condition))
        return isTaken(event) ? { kind: 'branch', span, text: `\`${condition}\` is taken` } : null;
      return condition === '' ? null : { kind: 'branch', span, text: `\`${condition}\`${outcomeOf(event)}` };
    }
    case 'throws':
      return {
        kind: 'throws',
        span,
        text: event.detail === 'throw' ? 'an exception is thrown' : `\`${event.detail}\` throws`,
      };
    case 'fails':
      return { kind: 'throws', span, text: `the other end of \`${event.detail}\` fails` };
    case 'skipped':
      return { kind: 'called', span, text: `so \`${event.detail}\` does not call its function` };
    case 'caught':
      return { kind: 'caught', span, text: 'the exception is caught' };
    case 'overwritten':
      return { kind: 'overwritten', span, text: `the last reference is overwritten while it is open` };
    case 'dropped':
      return { kind: 'leaks', span, text: 'nothing refers to it after this' };
    case 'settled':
      return { kind: 'called', span, text: `\`${event.detail}\` says that all is done` };
    default:
      return assertNever(event.kind);
  }
}

/** Of several cases, each asked in turn, the first may stand at the beginning of a loop. */
function isTaken({ detail }: TraceEvent): boolean {
  return detail === 'true' || detail === 'round';
}

/** Which way a branch went, after its condition. */
function outcomeOf({ detail }: TraceEvent): string {
  switch (detail) {
    case 'true':
      return ' is true';
    case 'false':
      return ' is false';
    case 'round':
      return ': the loop goes on';
    case 'end':
      return ': the loop ends';
    case 'default':
      return ' takes the default';
    case 'case':
      return ' takes a case';
    default:
      return ` takes the case \`${shorten(detail.replace(/^case /, ''))}\``;
  }
}

function shorten(condition: string): string {
  const line = condition.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}…`;
}

/**
 * A loop tells its condition once. Of a value that is there and yet empty, so that it is false, both is asked in turn: the
 * last answer is the value's.
 */
function withoutRepeats(steps: readonly TraceStep[]): readonly TraceStep[] {
  return steps.filter((step, index) => {
    const next = steps[index + 1];
    if (next?.kind !== step.kind || next.span.start !== step.span.start) return true;
    return next.text !== step.text && !(isOutcome(step) && isOutcome(next) && next.span.end === step.span.end);
  });
}

function isOutcome({ kind, text }: TraceStep): boolean {
  return kind === 'branch' && /` is (?:true|false)$/.test(text);
}
