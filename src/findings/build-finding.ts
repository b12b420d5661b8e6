/** Puts a finding together from a verdict. Fingerprints are given when all of a file are known. */
import type { Verdict } from '../checks/check.ts';
import type { ResourceKind, Resolution } from '../effects/effect.ts';
import type { Remedy } from '../effects/remedy.ts';
import type { Language, Span, SymbolName } from '../ir/ir.ts';
import { confidenceOf } from './confidence.ts';
import { fingerprint } from './fingerprint.ts';
import type { Evidence, Finding } from './finding.ts';
import type { LineMap } from './line-map.ts';
import { messageOf } from './message.ts';
import { traceOf } from './trace.ts';

export interface Acquired {
  readonly language: Language;
  readonly path: string;
  readonly symbol: SymbolName;
  readonly resource: ResourceKind;
  readonly title: string;
  readonly typeName: string;
  readonly acquiredBy: string;
  readonly variable: string | null;
  readonly wrappers: readonly string[];
  readonly field: string | null;
  /** The method that ends the owner's life and does not release the field; null: no method does. */
  readonly forgottenIn: string | null;
  readonly span: Span;
  readonly resolution: Resolution;
  readonly hasSiblingRelease: boolean;
  readonly isPresumed: boolean;
  readonly endsWithProcess: boolean;
  readonly ownerReleasesNothing: boolean;
  readonly remedy: Remedy | null;
}

export function buildFinding(acquired: Acquired, verdict: Verdict, text: string, lines: LineMap): Finding | null {
  const [exit] = verdict.exits;
  if (exit === undefined) return null;
  const evidence: Evidence = {
    resolution: acquired.resolution,
    weakest: exit.state.weakest,
    hasSiblingRelease: acquired.hasSiblingRelease,
    usesMay: exit.state.usesMay,
    isCoarse: exit.state.isCoarse,
    isOnlyCostly: false,
    isPresumed: acquired.isPresumed,
    endsWithProcess: acquired.endsWithProcess,
    ownerReleasesNothing: acquired.ownerReleasesNothing,
  };
  const { variable, wrappers, acquiredBy, typeName, field, forgottenIn } = acquired;
  return {
    check: verdict.check,
    language: acquired.language,
    resource: acquired.resource,
    resourceTitle: acquired.title,
    resourceType: typeName,
    variable,
    symbol: acquired.symbol,
    path: acquired.path,
    acquiredAt: acquired.span,
    leaksAt: verdict.exits.map((one) => one.span),
    message: messageOf(
      { check: verdict.check, variable, wrappers, acquiredBy, typeName, exit, field, forgottenIn },
      lines,
    ),
    trace: traceOf(exit, text, variable, verdict.check),
    evidence,
    confidence: confidenceOf(evidence),
    remedy: acquired.remedy,
    fingerprint: '',
  };
}

/** Something meant to be shared was made for one call. */
export function perCallFinding(acquired: Acquired, cost: string): Finding {
  return settledFinding(acquired, {
    check: 'client-per-call',
    isOnlyCostly: true,
    message: `${subjectOf(acquired)} is made for every call, and costs ${cost} each time; make one and share it.`,
    trace: [
      {
        kind: 'acquired',
        span: acquired.span,
        text: `\`${acquired.acquiredBy}\` makes it, and it is released in this function`,
      },
    ],
  });
}

/** Every round of a loop acquires one, and none is released before the function returns. */
export function deferredInLoopFinding(acquired: Acquired): Finding {
  return settledFinding(acquired, {
    check: 'defer-in-loop',
    isOnlyCostly: false,
    message: `${subjectOf(acquired)} is released by a \`defer\` in a loop: those of all rounds stay open until the function returns.`,
    trace: [
      {
        kind: 'acquired',
        span: acquired.span,
        text: `\`${acquired.acquiredBy}\` acquires it in every round of the loop`,
      },
    ],
  });
}

/** A lock is taken again by the deferred call that was meant to release it: `acquired.span` is that call. */
export function wrongTargetFinding(acquired: Acquired, first: Span): Finding {
  const { variable, acquiredBy } = acquired;
  return settledFinding(acquired, {
    check: 'wrong-target',
    isOnlyCostly: false,
    message: `\`${variable ?? ''}\` is locked again by this deferred \`${acquiredBy}\`, and never unlocked; its release was probably meant.`,
    trace: [
      { kind: 'acquired', span: first, text: `\`${acquiredBy}\` locks it` },
      { kind: 'leaks', span: acquired.span, text: `\`${acquiredBy}\` locks it again when the function ends` },
    ],
  });
}

function subjectOf({ variable, acquiredBy, typeName }: Acquired): string {
  return variable === null ? `The ${typeName} from \`${acquiredBy}\`` : `\`${variable}\` from \`${acquiredBy}\``;
}

/** A finding about something that is released, after all. */
function settledFinding(
  acquired: Acquired,
  said: Pick<Finding, 'check' | 'message' | 'trace'> & Pick<Evidence, 'isOnlyCostly'>,
): Finding {
  const { check, message, trace, isOnlyCostly } = said;
  const evidence: Evidence = {
    resolution: acquired.resolution,
    weakest: null,
    hasSiblingRelease: true,
    usesMay: false,
    isCoarse: false,
    endsWithProcess: false,
    ownerReleasesNothing: false,
    isOnlyCostly,
    isPresumed: acquired.isPresumed,
  };
  return {
    check,
    language: acquired.language,
    resource: acquired.resource,
    resourceTitle: acquired.title,
    resourceType: acquired.typeName,
    variable: acquired.variable,
    symbol: acquired.symbol,
    path: acquired.path,
    acquiredAt: acquired.span,
    leaksAt: [acquired.span],
    message,
    trace,
    evidence,
    confidence: confidenceOf(evidence),
    remedy: acquired.remedy,
    fingerprint: '',
  };
}

/** Sorted by position, each with its identity. */
export function identify(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  const sorted = [...findings].sort((a, b) => a.acquiredAt.start - b.acquiredAt.start || (a.check < b.check ? -1 : 1));
  return sorted.map((finding) => {
    const first = fingerprint(finding, 0);
    const ordinal = counts.get(first) ?? 0;
    counts.set(first, ordinal + 1);
    return { ...finding, fingerprint: ordinal === 0 ? first : fingerprint(finding, ordinal) };
  });
}
