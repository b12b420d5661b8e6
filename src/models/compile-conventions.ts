/** The habits of a language's community, and its exceptions, from the one file that states them. */
import { InvariantError } from '../errors.ts';
import type { Language } from '../ir/ir.ts';
import type { Assertions } from '../languages/habits.ts';
import type { Conventions, ExceptionPolicy } from './model-set.ts';
import type { AssertionRules, RuleSource } from './schema.ts';

export function compileConventions(language: Language, sources: readonly RuleSource[]): Conventions {
  const rules = sources.find((source) => source.document.conventions !== undefined)?.document.conventions;
  if (rules === undefined) throw new InvariantError(`rules/${language} has no conventions`);
  const pattern = (text: string): RegExp => new RegExp(text, 'u');
  const optional = (text: string | undefined): RegExp | null => (text === undefined ? null : pattern(text));
  return {
    releaseMethods: new Set(rules.releaseMethods),
    releaseFunctions: pattern(rules.releaseFunctions),
    borrowFunctions: pattern(rules.borrowFunctions),
    factories: pattern(rules.factories),
    accessors: pattern(rules.accessors),
    presumedCloseable: pattern(rules.presumedCloseable),
    presumedHarmless: pattern(rules.presumedHarmless),
    streamGetters: pattern(rules.streamGetters),
    ownersOfStreams: optional(rules.ownersOfStreams),
    surelyCloseable: pattern(rules.surelyCloseable),
    elementGetters: pattern(rules.elementGetters),
    processEntries: pattern(rules.processEntries),
    programMethods: optional(rules.programMethods),
    processExits: pattern(rules.processExits),
    valueTypes: pattern(rules.valueTypes),
    poolReturns: pattern(rules.poolReturns),
    neverThrows: pattern(rules.neverThrows),
    writing: rules.writing === undefined ? null : { calls: pattern(rules.writing.calls), sink: rules.writing.sink },
    lifecycleEnd: pattern(rules.lifecycleEnd),
    givesFields: optional(rules.givesFields),
    containerMethods: pattern(rules.containerMethods),
    closeableTypes: rules.closeableTypes,
    holderTypes: rules.holderTypes ?? [],
    constructsByFields: rules.constructsByFields === true,
    constructionKeyword: rules.constructionKeyword ?? null,
    textType: rules.textType ?? null,
    errorResult: optional(rules.errorResult),
    successFlags: optional(rules.successFlags),
    tellingReleases: new Set(rules.tellingReleases ?? []),
    openTests: optional(rules.openTests),
    releasedTests: optional(rules.releasedTests),
    releasedStates:
      rules.releasedStates === undefined
        ? null
        : { fields: pattern(rules.releasedStates.fields), words: pattern(rules.releasedStates.words) },
    opensByName: optional(rules.opensByName),
    toldHow:
      rules.toldHow === undefined
        ? null
        : {
            ...rules.toldHow,
            names: pattern(rules.toldHow.names),
            modes: pattern(rules.toldHow.modes),
            resource: `${language}/${rules.toldHow.resource}`,
          },
    wrapsByName: optional(rules.wrapsByName),
    wrappedTypes: optional(rules.wrappedTypes),
    openedTypes: optional(rules.openedTypes),
    errorFields: optional(rules.errorFields),
    closerResource: rules.closerResource === undefined ? null : `${language}/${rules.closerResource}`,
    processParameters: optional(rules.processParameters),
    processMethods: (rules.processMethods ?? []).map(({ names, types, annotations, fieldAnnotations }) => ({
      names: pattern(names),
      types: optional(types),
      annotations: optional(annotations),
      fieldAnnotations: optional(fieldAnnotations),
    })),
    processAnnotations: optional(rules.processAnnotations),
    processTargets: (rules.processTargets ?? []).map(({ calls, argument, imports }) => ({
      calls: pattern(calls),
      argument,
      imports: optional(imports),
    })),
    programTest: rules.programTest ?? null,
    describedBy: optional(rules.describedBy),
    testPaths: optional(rules.testPaths),
    scriptPaths: optional(rules.scriptPaths),
    examplePaths: optional(rules.examplePaths),
    folderModules: optional(rules.folderModules),
    shortLivedNames: optional(rules.shortLivedNames),
    requestNames: optional(rules.requestNames),
    unheardErrors:
      rules.unheardErrors === undefined
        ? null
        : {
            event: rules.unheardErrors.event,
            methods: pattern(rules.unheardErrors.methods),
            types: pattern(rules.unheardErrors.types),
          },
    requestContexts:
      rules.requestContexts === undefined
        ? null
        : {
            names: pattern(rules.requestContexts.names),
            types: pattern(rules.requestContexts.types),
            members: pattern(rules.requestContexts.members),
          },
    developmentServers:
      rules.developmentServers === undefined
        ? null
        : {
            types: pattern(rules.developmentServers.types),
            functions: pattern(rules.developmentServers.functions),
          },
    serializers: optional(rules.serializers),
    completions: optional(rules.completions),
    comesLast: optional(rules.comesLast),
    scopeAnnotations: scopeAnnotations(sources),
    moduleAliases: (rules.moduleAliases ?? []).map(({ name, by }) => ({ name: pattern(name), by })),
    uncheckedNames: optional(rules.uncheckedNames),
    readers: optional(rules.readers),
    readMethods: optional(rules.readMethods),
    plainResults: optional(rules.plainResults),
    lazyResults: optional(rules.lazyResults),
    finishers: optional(rules.finishers),
    noteTakers: optional(rules.noteTakers),
    runsAtOnce: optional(rules.runsAtOnce),
    makers: optional(rules.makers),
    waits: optional(rules.waits),
    keptGetters: optional(rules.keptGetters),
    doubtfulSources: optional(rules.doubtfulSources),
    steadyGetters: optional(rules.steadyGetters),
    removesAll: optional(rules.removesAll),
    tellingMethods: new Map(Object.entries(rules.tellingMethods ?? {})),
    fileNames:
      rules.fileNames === undefined
        ? null
        : { ...rules.fileNames, names: pattern(rules.fileNames.names), takers: pattern(rules.fileNames.takers) },
    openers: optional(rules.openers),
    pathType: rules.pathType ?? null,
    booleanNames: optional(rules.booleanNames),
    numberResults: optional(rules.numberResults),
    collectionResults: optional(rules.collectionResults),
    quietIterables: optional(rules.quietIterables),
    steadyQuestions:
      rules.steadyQuestions === undefined
        ? null
        : {
            functions: pattern(rules.steadyQuestions.functions),
            methods: pattern(rules.steadyQuestions.methods),
          },
    errorTypes: optional(rules.errorTypes),
    errorMakers: optional(rules.errorMakers),
    errorWrappers: optional(rules.errorWrappers),
    finalizers: optional(rules.finalizers),
    gettersKeep: rules.gettersKeep === true,
    caretakerTypes: optional(rules.caretakerTypes),
    harmlessNames: optional(rules.harmlessNames),
    setsUpService: optional(rules.setsUpService),
    commandPaths: optional(rules.commandPaths),
    logNames: optional(rules.logNames),
    iterationSteps: optional(rules.iterationSteps),
    expectsFailure: optional(rules.expectsFailure),
    suppressors: optional(rules.suppressors),
    closingManagers: optional(rules.closingManagers),
    managerMakers: optional(rules.managerMakers),
    scopeEnds: optional(rules.scopeEnds),
    endMethods: optional(rules.endMethods),
    mayEnd: optional(rules.mayEnd),
    endHooks: optional(rules.endHooks),
    startHooks: optional(rules.startHooks),
    startEffects: optional(rules.startEffects),
    renderHooks: optional(rules.renderHooks),
    makesFunctions: optional(rules.makesFunctions),
    openMethods: optional(rules.openMethods),
    leavesHeld: optional(rules.leavesHeld),
    numbersFrom: rules.numbersFrom ?? null,
    errorQuestions: optional(rules.errorQuestions),
    errorTests: optional(rules.errorTests),
    errorComparisons: optional(rules.errorComparisons),
    errorVariables: optional(rules.errorVariables),
    errorValues: optional(rules.errorValues),
    assertions: rules.assertions === undefined ? null : compileAssertions(rules.assertions),
    endlessChannels: optional(rules.endlessChannels),
    methodValues: new Set(rules.methodValues ?? []),
    iteratorTypes: optional(rules.iteratorTypes),
    importWrappers: optional(rules.importWrappers),
    watchdogEnds: optional(rules.watchdogEnds),
    initMethods: optional(rules.initMethods),
    counterparts: new Map(Object.entries(rules.counterparts ?? {})),
    rejectionHandlers: optional(rules.rejectionHandlers),
    pauses: optional(rules.pauses),
    endingOptions: optional(rules.endingOptions),
    joinsPromises: optional(rules.joinsPromises),
    racesPromises: optional(rules.racesPromises),
    promiseTypes: optional(rules.promiseTypes),
    errbacks: optional(rules.errbacks),
    startMethods: optional(rules.startMethods),
    roots:
      rules.roots === undefined
        ? null
        : {
            modules: pattern(rules.roots.modules),
            renderers: pattern(rules.roots.renderers),
            listedIn: rules.roots.listedIn ?? null,
            enders: pattern(rules.roots.enders),
          },
    singletons:
      rules.singletons === undefined
        ? null
        : {
            annotations: pattern(rules.singletons.annotations),
            unless: optional(rules.singletons.unless),
            starts: optional(rules.singletons.starts),
            begins: optional(rules.singletons.begins),
            endless: optional(rules.singletons.endless),
            runs: optional(rules.singletons.runs),
            makers: optional(rules.singletons.makers),
            untilExit: optional(rules.singletons.untilExit),
          },
    lentFields: (rules.lentFields ?? []).map(({ type, madeBy, fields }) => ({
      type,
      madeBy: pattern(madeBy),
      fields: new Set(fields),
    })),
    presumedCalls: (rules.presumedCalls ?? []).map(
      ({ name, arguments: args = null, resource, at = 'result', undoneBy }) => ({
        name: pattern(name),
        args,
        resource: `${language}/${resource}`,
        at,
        undoneBy: optional(undoneBy),
      }),
    ),
  };
}

function scopeAnnotations(sources: readonly RuleSource[]): ReadonlySet<string> {
  const stated = sources.flatMap(({ document }) => Object.entries(document.annotations ?? {}));
  return new Set(stated.flatMap(([name, meaning]) => (meaning === 'scoped' ? [name] : [])));
}

/** A user's list adds to the shipped one. */
export function compileExceptions(sources: readonly RuleSource[]): ExceptionPolicy {
  const all = sources.map((source) => source.document.exceptions);
  return {
    unlikely: new Set(all.flatMap((rules) => rules?.unlikely ?? [])),
    unchecked: new Set(all.flatMap((rules) => rules?.unchecked ?? [])),
    ofOpening: new Set(all.flatMap((rules) => rules?.ofOpening ?? [])),
  };
}

function compileAssertions(rules: AssertionRules): Assertions {
  const pattern = (text: string): RegExp => new RegExp(text, 'u');
  return {
    null: pattern(rules.null),
    set: pattern(rules.set),
    true: pattern(rules.true),
    false: pattern(rules.false),
    ending: pattern(rules.ending),
  };
}
