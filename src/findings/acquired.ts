/** What a finding says of the resource, whatever check it is of. */
import type { ResourceKind, Resolution } from '../effects/effect.ts';
import type { Remedy } from '../effects/remedy.ts';
import type { Language, Span, SymbolName } from '../ir/ir.ts';
import { confidenceOf } from './confidence.ts';
import type { Evidence, Finding, Ownership } from './finding.ts';

export interface Acquired {
  readonly language: Language;
  readonly path: string;
  readonly symbol: SymbolName;
  readonly resource: ResourceKind;
  readonly title: string;
  readonly typeName: string;
  /** The acquiring call as it is written: `new FileInputStream`, `openStream`. */
  readonly acquiredBy: string;
  /** What the language writes before the type it makes one of; null: nothing. */
  readonly constructionKeyword: string | null;
  /** The acquiring call makes an object of the type. */
  readonly isConstructed: boolean;
  /** It is released by calling it: a function that cancels. */
  readonly isCalled: boolean;
  readonly variable: string | null;
  /** What a message calls it by: `lock.writeLock()` of the variable `writeLock`. */
  readonly shownAs: string | null;
  readonly wrappers: readonly string[];
  readonly field: string | null;
  /** The method that ends the owner's life and does not release the field; null: no method does. */
  readonly forgottenIn: string | null;
  readonly span: Span;
  readonly resolution: Resolution;
  readonly ownership: Ownership | null;
  readonly isPresumed: boolean;
  readonly isFromDoubtfulSource: boolean;
  readonly isAddedOnce: boolean;
  readonly endsWithProcess: boolean;
  readonly ownerReleasesNothing: boolean;
  readonly endsByItself: boolean;
  readonly failsTest: boolean;
  readonly remedy: Remedy | null;
}

/** Fingerprints are given when all findings of a file are known. */
export function findingAbout(
  acquired: Acquired,
  said: Pick<Finding, 'check' | 'leaksAt' | 'message' | 'trace'>,
  evidence: Evidence,
): Finding {
  return {
    ...said,
    language: acquired.language,
    resource: acquired.resource,
    resourceTitle: acquired.title,
    resourceType: acquired.typeName,
    variable: acquired.variable,
    symbol: acquired.symbol,
    path: acquired.path,
    acquiredAt: acquired.span,
    evidence,
    confidence: confidenceOf(evidence),
    remedy: acquired.remedy,
    fingerprint: '',
  };
}

/** Of a finding that rests on no path: what it says is so whenever the function runs. */
export function pathlessEvidence(
  stated: Pick<Evidence, 'resolution'> & Partial<Pick<Evidence, 'ownership' | 'isOnlyCostly' | 'isPresumed'>>,
): Evidence {
  return {
    weakest: null,
    ownership: null,
    usesMay: false,
    isCoarse: false,
    isOnlyCostly: false,
    isPresumed: false,
    isFromDoubtfulSource: false,
    isAddedOnce: false,
    endsWithProcess: false,
    ownerReleasesNothing: false,
    endsByItself: false,
    failsTest: false,
    ...stated,
  };
}
