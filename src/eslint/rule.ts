/** A check as an ESLint rule: options, and findings as reports at their acquisition. Finds nothing by itself. */
import type { Rule, SourceCode } from 'eslint';
import type { CheckDescription } from '../findings/check-catalogue.ts';
import { isAtLeast } from '../findings/confidence.ts';
import type { CheckId, Confidence, Finding } from '../findings/finding.ts';
import { printable } from '../report/printable.ts';
import { analysisOf } from './analysis.ts';

export interface RuleOptions {
  readonly minConfidence: Confidence;
  /** YAML files, relative to ESLint's working directory. */
  readonly models: readonly string[];
  readonly path: 'omit' | 'append';
}

const presets: RuleOptions = { minConfidence: 'medium', models: [], path: 'omit' };

const schema: Rule.RuleMetaData['schema'] = {
  type: 'object',
  properties: {
    minConfidence: { enum: ['high', 'medium', 'low'], description: 'Report findings from this level on.' },
    models: {
      type: 'array',
      items: { type: 'string' },
      uniqueItems: true,
      description: 'Further resource models: YAML files, relative to the working directory.',
    },
    path: { enum: ['omit', 'append'], description: 'Whether the steps of the path follow the message, a line each.' },
  },
  additionalProperties: false,
};

export function ruleOf({ id, title }: CheckDescription): Rule.RuleModule {
  return {
    meta: {
      type: 'problem',
      docs: {
        description: `disallow: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
        recommended: true,
        url: `https://github.com/closewait/closewait/blob/main/docs/checks/${id}.md`,
      },
      // A rule that names its languages makes ESLint refuse a config that has files of another one.
      languages: ['*'],
      schema: [schema],
      defaultOptions: [presets],
      messages: { found: '{{message}}', incomplete: '{{message}}' },
    },
    create: (context) => listen(id, context),
  };
}

function listen(check: CheckId, context: Rule.RuleContext): Rule.RuleListener {
  if (!isEcmaScript(context.sourceCode)) return {};
  return {
    Program() {
      // Validated by the schema; releases of ESLint 9 before 9.15 do not fill in the presets.
      const options: RuleOptions = { ...presets, ...(context.options[0] as Partial<RuleOptions> | undefined) };
      const analysis = analysisOf(context, options.models);
      for (const message of analysis.takeProblems()) {
        context.report({ loc: { line: 1, column: 0 }, messageId: 'incomplete', data: { message } });
      }
      for (const finding of analysis.findings) {
        if (finding.check !== check || !isAtLeast(finding.confidence, options.minConfidence)) continue;
        report(context, finding, options);
      }
    },
  };
}

/** Languages of other plugins have source code of their own, whatever the types say. */
function isEcmaScript(sourceCode: Partial<Pick<SourceCode, 'ast' | 'getLocFromIndex'>>): boolean {
  return sourceCode.ast?.type === 'Program' && Array.isArray(sourceCode.ast.range) && 'getLocFromIndex' in sourceCode;
}

function report(context: Rule.RuleContext, finding: Finding, options: RuleOptions): void {
  const { sourceCode } = context;
  const { start, end } = finding.acquiredAt;
  const steps = options.path === 'append' ? pathLines(finding, sourceCode) : [];
  context.report({
    loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
    messageId: 'found',
    data: { message: [finding.message, ...steps].join('\n') },
  });
}

function pathLines({ trace }: Finding, sourceCode: SourceCode): string[] {
  const lines = trace.map(({ span }) => String(sourceCode.getLocFromIndex(span.start).line));
  const width = Math.max(...lines.map((line) => line.length));
  return trace.map((step, index) => `  ${(lines[index] ?? '').padStart(width)}  ${printable(step.text)}`);
}
