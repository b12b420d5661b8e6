/** What findings say of an obligation, and of a lock taken again. */
import type { Acquired } from '../findings/acquired.ts';
import type { Ownership } from '../findings/finding.ts';
import { callAsWritten } from '../ir/construction.ts';
import type { Scope } from '../resolve/scope.ts';
import type { Demand } from '../summaries/demand.ts';
import type { Leak } from '../leaks/leak.ts';
import type { Obligation } from '../summaries/obligations/obligations.ts';
import { remedyOf, remedyOfRelock } from '../leaks/remedies/remedy.ts';
import type { WrongTarget } from '../leaks/wrong-targets.ts';

/** `leak`: null where nothing stays open. */
export function describeObligation(demand: Demand, scope: Scope, obligation: Obligation, leak: Leak | null): Acquired {
  const { fn, file } = scope;
  const { constructionKeyword } = scope.world.models.conventions;
  const field = leak?.unreleasedField ?? null;
  return {
    language: fn.language,
    path: file.path,
    symbol: fn.symbol,
    resource: obligation.resource,
    title: obligation.title,
    typeName: obligation.typeName,
    acquiredBy: callAsWritten(obligation.seed.label, constructionKeyword),
    constructionKeyword,
    isConstructed: obligation.call.callee.kind === 'construct',
    isCalled: isFunction(scope, obligation),
    variable: obligation.variable,
    shownAs: obligation.shownAs,
    wrappers: obligation.wrappers,
    field,
    span: obligation.span,
    resolution: obligation.resolution,
    ownership: ownershipOf(obligation, leak),
    forgottenIn: leak?.forgottenIn ?? null,
    isPresumed: obligation.isPresumed,
    isFromDoubtfulSource: obligation.isFromDoubtfulSource,
    isAddedOnce: obligation.isAddedOnce,
    endsWithProcess: leak?.endsWithProcess === true,
    ownerReleasesNothing: leak?.ownerReleasesNothing === true,
    endsByItself: leak?.endsByItself === true,
    failsTest: leak?.failsTest === true,
    remedy: remedyOf(demand, scope, obligation, leak),
  };
}

/** What is released by calling it, unless it is in a field of what there is. */
function isFunction({ world }: Scope, { resource, carrier }: Obligation): boolean {
  return carrier.parts.length === 0 && world.models.resource(resource).isFunction;
}

function ownershipOf(obligation: Obligation, leak: Leak | null): Ownership | null {
  if ((leak?.forgottenIn ?? null) !== null) return 'forgotten-by-owner';
  if (!obligation.hasSiblingRelease && leak?.outlivesItsEnd === true) return 'outlives-its-end';
  if (!obligation.hasSiblingRelease) return leak?.addsUp === true ? 'adds-up' : null;
  const isByOthers = obligation.isToldElsewhere || obligation.isBalancedElsewhere;
  return isByOthers ? 'released-by-others' : 'released-on-another-path';
}

/** The deferred call that takes a lock for the second time. */
export function describeRelock({ fn, file, world }: Scope, wrong: WrongTarget): Acquired {
  const { call, resource, variable, acquiredBy, isPresumed } = wrong;
  const { title } = world.models.resource(resource);
  return {
    language: fn.language,
    path: file.path,
    symbol: fn.symbol,
    resource,
    title,
    typeName: title,
    acquiredBy,
    constructionKeyword: null,
    isConstructed: false,
    isCalled: false,
    variable,
    shownAs: variable,
    wrappers: [],
    field: null,
    forgottenIn: null,
    span: call.span,
    resolution: 'typed',
    ownership: 'locked-twice',
    isPresumed,
    isFromDoubtfulSource: false,
    isAddedOnce: false,
    endsWithProcess: false,
    ownerReleasesNothing: false,
    endsByItself: false,
    failsTest: false,
    remedy: remedyOfRelock(world, wrong),
  };
}
