/** A check as an ESLint rule: options, and findings as reports at their acquisition. Finds nothing by itself. */
import type { JSONSchema, TSESLint } from '@typescript-eslint/utils';
import { RuleCreator } from '@typescript-eslint/utils/eslint-utils';
import type { Rule } from 'eslint';
import { pageOf } from '../findings/addresses.ts';
import type { CheckDescription } from '../findings/check-catalogue.ts';
import { isAtLeast } from '../findings/confidence.ts';
import { describeFix, type Fix } from '../findings/edit.ts';
import type { CheckId, Confidence, Finding } from '../findings/finding.ts';
import { joined } from '../fixes/apply-edits.ts';
import { printable } from '../report/printable.ts';
import { analysisOf } from './analysis.ts';
import { rootType } from './language-source.ts';
import { lintedTextOf } from './linted-text.ts';
import type { LintedText } from './linted-text.ts';

export interface RuleOptions {
  readonly minConfidence: Confidence;
  /** YAML files, relative to ESLint's working directory. */
  readonly models: readonly string[];
  readonly path: 'omit' | 'append';
}

/** ESLint lets a user leave options out. */
type GivenOptions = readonly [Partial<RuleOptions>];
type MessageId = 'found' | 'incomplete' | 'suggestion';
type Context = Readonly<TSESLint.RuleContext<MessageId, GivenOptions>>;

interface RuleDocs {
  readonly recommended: boolean;
}

const presets: RuleOptions = { minConfidence: 'medium', models: [], path: 'omit' };

const schema: JSONSchema.JSONSchema4 = {
  type: 'object',
  properties: {
    minConfidence: {
      type: 'string',
      enum: ['high', 'medium', 'low'],
      description: 'Report findings from this level on.',
    },
    models: {
      type: 'array',
      items: { type: 'string' },
      uniqueItems: true,
      description: 'Further resource models: YAML files, relative to the working directory.',
    },
    path: {
      type: 'string',
      enum: ['omit', 'append'],
      description: 'Whether the steps of the path follow the message, a line each.',
    },
  },
  additionalProperties: false,
};

const createRule = RuleCreator<RuleDocs>(pageOf);

export function ruleOf({ id, title }: CheckDescription): Rule.RuleModule {
  const rule: object = createRule<GivenOptions, MessageId>({
    name: id,
    meta: {
      type: 'problem',
      docs: {
        description: `disallow: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
        recommended: true,
      },
      fixable: 'code',
      hasSuggestions: true,
      schema: [schema],
      defaultOptions: [presets],
      messages: { found: '{{message}}', incomplete: '{{message}}', suggestion: '{{message}}' },
      // A rule that names its languages makes ESLint refuse a config that has files of another one.
      languages: ['*'],
    },
    create: (context, [options]) => listen(id, context, { ...presets, ...options }),
  });
  // typescript-eslint and ESLint each have types of their own for the same things.
  return rule as Rule.RuleModule;
}

function listen(check: CheckId, context: Context, options: RuleOptions): TSESLint.RuleListener {
  const source = lintedTextOf(context.sourceCode);
  if (source === null) return {};
  const checkFile = (): void => reportAll(check, context, source, options);
  return { Program: checkFile, [rootType]: checkFile };
}

function reportAll(check: CheckId, context: Context, source: LintedText, options: RuleOptions): void {
  const analysis = analysisOf(context, source, options.models);
  for (const finding of analysis.findings) {
    if (finding.check !== check || !isAtLeast(finding.confidence, options.minConfidence)) continue;
    report(context, finding, analysis.fixFor(finding), options);
  }
  // Last, as looking for fixes may add to them.
  for (const message of analysis.takeProblems()) {
    context.report({ loc: { line: 1, column: 0 }, messageId: 'incomplete', data: { message } });
  }
}

function report(context: Context, finding: Finding, fix: Fix | null, options: RuleOptions): void {
  const { sourceCode } = context;
  const { start, end } = finding.acquiredAt;
  const steps = options.path === 'append' ? pathLines(finding, sourceCode) : [];
  context.report({
    loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
    messageId: 'found',
    data: { message: [finding.message, ...steps].join('\n') },
    fix: fix?.isSafe === true ? asRuleFix(fix, sourceCode.text) : null,
    // What may change more than the leak is for people to choose.
    suggest: fix === null || fix.isSafe ? [] : [suggestionOf(fix, sourceCode.text)],
  });
}

function suggestionOf(fix: Fix, text: string): TSESLint.SuggestionReportDescriptor<MessageId> {
  return { messageId: 'suggestion', data: { message: describeFix(fix) }, fix: asRuleFix(fix, text) };
}

/** All edits as one, since what ESLint is given in parts it joins anyway. */
function asRuleFix({ edits }: Fix, text: string): (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix | null {
  const edit = joined(edits, text);
  return (fixer) => (edit === null ? null : fixer.replaceTextRange([edit.start, edit.end], edit.text));
}

function pathLines({ trace }: Finding, sourceCode: Context['sourceCode']): string[] {
  const lines = trace.map(({ span }) => String(sourceCode.getLocFromIndex(span.start).line));
  const width = Math.max(...lines.map((line) => line.length));
  return trace.map((step, index) => `  ${(lines[index] ?? '').padStart(width)}  ${printable(step.text)}`);
}
