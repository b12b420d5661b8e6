/** A call that waits where nothing may wait: its finding, told along the chain of calls. */
import type { Resolution } from '../effects/effect.ts';
import type { Language, Span, SymbolName } from '../ir/ir.ts';
import { confidenceOf } from './confidence.ts';
import type { Evidence, Finding, TraceStep } from './finding.ts';

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

export function blockingFinding(facts: BlockingFacts): Finding {
  const { chain, span, path } = facts;
  const names = chain.map(({ label }) => `\`${label}\``);
  const runner = facts.functionName === null ? 'this function' : `\`${facts.functionName}\``;
  const through = names.length > 1 ? ` (through ${names.slice(0, -1).join(', ')})` : '';
  const evidence: Evidence = {
    resolution: facts.resolution,
    weakest: null,
    hasSiblingRelease: false,
    usesMay: false,
    isCoarse: false,
    isOnlyCostly: facts.isOnlyCostly,
    isPresumed: false,
    endsWithProcess: false,
    ownerReleasesNothing: false,
  };
  return {
    check: 'blocking-call-in-async',
    language: facts.language,
    resource: `${facts.language}/event-loop`,
    resourceTitle: 'event loop',
    resourceType: chain.at(-1)?.label ?? '',
    variable: null,
    symbol: facts.symbol,
    path,
    acquiredAt: span,
    leaksAt: [span],
    message: `${names.at(-1) ?? ''} blocks the event loop that ${runner} runs on${through}.`,
    trace: chain.map((step, index) => stepOf(step, index === chain.length - 1, facts)),
    evidence,
    confidence: confidenceOf(evidence),
    remedy: null,
    fingerprint: '',
  };
}

/** A step in another file is told with its file, at the call that leads there. */
function stepOf(step: BlockingFacts['chain'][number], isLast: boolean, { path, span }: BlockingFacts): TraceStep {
  const what = isLast ? `\`${step.label}\` waits` : `calls \`${step.label}\``;
  if (step.path === path) return { kind: 'called', span: step.span, text: what };
  return { kind: 'called', span, text: `${what} (${step.path})` };
}
