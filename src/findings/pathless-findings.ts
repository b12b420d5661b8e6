/** Findings that are no matter of open exits: what they tell of is so whenever the function runs. */
import type { Resolution } from '../effects/effect.ts';
import type { Language, Span, SymbolName } from '../ir/ir.ts';
import { findingAbout, pathlessEvidence, type Acquired } from './acquired.ts';
import type { Evidence, Finding, TraceStep } from './finding.ts';
import { subjectOf } from './message.ts';

/** Something meant to be shared was made for one call. */
export function perCallFinding(acquired: Acquired, cost: string): Finding {
  return ofAcquired(
    acquired,
    { ownership: 'released-here', isOnlyCostly: true },
    {
      check: 'client-per-call',
      message: `${subjectOf(acquired)} is made for every call, and costs ${cost} each time; make one and share it.`,
      trace: [acquires(acquired, 'makes it, and it is released in this function')],
    },
  );
}

/** Every round of a loop acquires one, and none is released before the function returns. */
export function deferredInLoopFinding(acquired: Acquired): Finding {
  return ofAcquired(
    acquired,
    { ownership: 'released-here' },
    {
      check: 'defer-in-loop',
      message: `${subjectOf(acquired)} is released by a \`defer\` in a loop: those of all rounds stay open until the function returns.`,
      trace: [acquires(acquired, 'acquires it in every round of the loop')],
    },
  );
}

/** A lock is taken again by the deferred call that was meant to release it: `acquired.span` is that call. */
export function wrongTargetFinding(acquired: Acquired, first: Span): Finding {
  const { variable, acquiredBy, span } = acquired;
  return ofAcquired(
    acquired,
    { ownership: 'locked-twice' },
    {
      check: 'wrong-target',
      message: `\`${variable ?? ''}\` is locked again by this deferred \`${acquiredBy}\`, and never unlocked; its release was probably meant.`,
      trace: [
        { kind: 'acquired', span: first, text: `\`${acquiredBy}\` locks it` },
        { kind: 'leaks', span, text: `\`${acquiredBy}\` locks it again when the function ends` },
      ],
    },
  );
}

function acquires({ acquiredBy, span }: Acquired, how: string): TraceStep {
  return { kind: 'acquired', span, text: `\`${acquiredBy}\` ${how}` };
}

function ofAcquired(
  acquired: Acquired,
  stated: Partial<Pick<Evidence, 'ownership' | 'isOnlyCostly'>>,
  said: Pick<Finding, 'check' | 'message' | 'trace'>,
): Finding {
  const { resolution, isPresumed } = acquired;
  const evidence = pathlessEvidence({ resolution, isPresumed, ...stated });
  return findingAbout(acquired, { ...said, leaksAt: [acquired.span] }, evidence);
}

export interface BlockingFacts {
  readonly language: Language;
  readonly path: string;
  readonly symbol: SymbolName;
  /** The function on the loop, as people call it. */
  readonly functionName: string | null;
  /** Nothing says that it holds up anybody else. */
  readonly isOnlyCostly: boolean;
  readonly span: Span;
  readonly resolution: Resolution;
  /** From the call to the one that waits; `path` is the finding's own for calls in the same file. */
  readonly chain: readonly { readonly path: string; readonly span: Span; readonly label: string }[];
}

/** A call that waits where nothing may wait, told along the chain of calls. */
export function blockingFinding({ chain, span, resolution, isOnlyCostly, ...facts }: BlockingFacts): Finding {
  const names = chain.map(({ label }) => `\`${label}\``);
  const runner = facts.functionName === null ? 'this function' : `\`${facts.functionName}\``;
  const through = names.length > 1 ? ` (through ${names.slice(0, -1).join(', ')})` : '';
  const acquired: Acquired = {
    language: facts.language,
    path: facts.path,
    symbol: facts.symbol,
    resource: `${facts.language}/event-loop`,
    title: 'event loop',
    typeName: chain.at(-1)?.label ?? '',
    acquiredBy: '',
    constructionKeyword: null,
    isConstructed: false,
    isCalled: false,
    variable: null,
    shownAs: null,
    wrappers: [],
    field: null,
    forgottenIn: null,
    span,
    resolution,
    ownership: null,
    isPresumed: false,
    isFromDoubtfulSource: false,
    isAddedOnce: false,
    endsWithProcess: false,
    ownerReleasesNothing: false,
    endsByItself: false,
    failsTest: false,
    remedy: null,
  };
  return findingAbout(
    acquired,
    {
      check: 'blocking-call-in-async',
      leaksAt: [span],
      message: `${names.at(-1) ?? ''} blocks the event loop that ${runner} runs on${through}.`,
      trace: chain.map((step, index) => stepOf(step, index === chain.length - 1, facts.path, span)),
    },
    pathlessEvidence({ resolution, isOnlyCostly }),
  );
}

/** A step in another file is told with its file, at the call that leads there. */
function stepOf(step: BlockingFacts['chain'][number], isLast: boolean, path: string, span: Span): TraceStep {
  const what = isLast ? `\`${step.label}\` waits` : `calls \`${step.label}\``;
  if (step.path === path) return { kind: 'called', span: step.span, text: what };
  return { kind: 'called', span, text: `${what} (${step.path})` };
}
