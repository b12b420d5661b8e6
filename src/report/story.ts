/** One finding told step by step with code: the output of `explain`. */
import type { Evidence, Finding, Ownership } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import { codeFrame } from './code-frame.ts';
import type { Colors } from './colors.ts';
import { printable } from './printable.ts';

export function story(finding: Finding, map: LineMap, colors: Colors): string {
  const { line, column } = map.position(finding.acquiredAt.start);
  const head = `${colors.bold(`${printable(finding.path)}:${String(line)}:${String(column)}`)}  ${finding.check}  ${printable(finding.message)}`;
  const steps = finding.trace.map((step, index) => {
    const at = map.position(step.span.start).line;
    const title = `${String(index + 1)}. line ${String(at)}: ${printable(step.text)}`;
    return `${colors.bold(title)}\n${codeFrame(map, step.span, { context: 1, colors })}\n`;
  });
  return [head, '', ...steps, ...closing(finding, map)].join('\n') + '\n';
}

function closing(finding: Finding, map: LineMap): string[] {
  const lines = new Set(finding.leaksAt.slice(1).map((span) => map.position(span.start).line));
  const others = [...lines].sort((a, b) => a - b);
  return [
    ...(others.length === 0 ? [] : [`Also left open at line ${others.join(', ')}.`]),
    `In ${finding.symbol}. Confidence: ${finding.confidence} (${reasons(finding.evidence).join('; ')}).`,
    `Fingerprint: ${finding.fingerprint}`,
  ];
}

/** A sentence for every fact that the confidence rests on; null where it says nothing. */
function reasons(evidence: Evidence): string[] {
  const { resolution, weakest, ownership } = evidence;
  const sentences: Readonly<Record<keyof Evidence, string | null>> = {
    resolution: resolutionText(resolution),
    weakest: weakest === null ? null : `the exception on the path is ${exceptionText(weakest)}`,
    ownership: ownership === null ? null : ownershipTexts[ownership],
    usesMay: evidence.usesMay ? 'a call on the path may have taken it over' : null,
    isCoarse: evidence.isCoarse ? 'many paths were merged to get here' : null,
    isPresumed: evidence.isPresumed ? 'the type is only presumed to need a release' : null,
    isFromDoubtfulSource: evidence.isFromDoubtfulSource ? 'nobody knows the call, and few such need a release' : null,
    isAddedOnce: evidence.isAddedOnce ? 'of most such components there is one, for as long as the page' : null,
    endsWithProcess: evidence.endsWithProcess ? 'it ends with the process' : null,
    ownerReleasesNothing: evidence.ownerReleasesNothing ? 'no method of the class releases anything' : null,
    endsByItself: evidence.endsByItself ? 'it ends by itself, or is left to end what failed' : null,
    failsTest: evidence.failsTest ? 'what throws fails a test' : null,
    isOnlyCostly: evidence.isOnlyCostly ? 'nothing stays open; it only costs more' : null,
  };
  return Object.values(sentences).filter((sentence) => sentence !== null);
}

const ownershipTexts: Readonly<Record<Ownership, string>> = {
  'released-on-another-path': 'the function releases it on another path',
  'released-here': 'the function itself releases it',
  'released-by-others': 'other code of the file releases what it gets alike',
  'forgotten-by-owner': 'the method that ends the life of its owner forgets it',
  'adds-up': 'one more stays behind every time',
  'outlives-its-end': 'what it is to end may be over long before, which the function hears of',
  'locked-twice': 'the function has locked it before',
};

function resolutionText(resolution: Evidence['resolution']): string {
  switch (resolution) {
    case 'exact':
      return 'the acquiring call is known exactly';
    case 'typed':
      return 'the acquiring call is known by its type';
    case 'name-only':
      return 'the acquiring call is known by its name only';
    case 'unknown':
      return 'the acquiring call is not known';
  }
}

function exceptionText(tier: NonNullable<Evidence['weakest']>): string {
  switch (tier) {
    case 'explicit':
      return 'thrown explicitly';
    case 'declared':
      return 'declared by the call';
    case 'likely':
    case 'possible':
      return `${tier}, not declared`;
    case 'never':
      return 'improbable';
  }
}
