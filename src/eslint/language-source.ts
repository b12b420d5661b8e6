/**
 * Source code of the languages that ESLint has no parser for. ESLint itself needs little of it: where lines
 * are, and which comments switch rules off. So its tree is a root without children, of a type that rules for
 * other languages do not listen to; the text is parsed when a rule of ours, or a comment, asks for it.
 */
import type { FileProblem, LanguageOptions, RulesConfig, SourceLocation, TraversalStep } from '@eslint/core';
import { ConfigCommentParser, Directive, TextSourceCodeBase, VisitNodeStep } from '@eslint/plugin-kit';
import type { Comment, LanguageFrontend, ParsedFile } from '../languages/language.ts';

interface Located {
  readonly range: [number, number];
  readonly loc: SourceLocation;
}

export interface LanguageRoot extends Located {
  readonly type: typeof rootType;
}

/** As ESLint has comments of JavaScript, for rules that look at those of any language. */
export interface LanguageComment extends Located {
  readonly type: 'Line' | 'Block';
  readonly value: string;
}

/** What rules listen to. */
export const rootType = 'SourceFile';

const comments = new ConfigCommentParser();
const directivePattern = /^(eslint(?:-enable|-disable(?:-(?:next-)?line)?)?)(?:\s|$)/;
/** A text without the word has no comment that concerns ESLint. */
const directiveWord = 'eslint';

interface InlineConfig {
  readonly config: { readonly rules: RulesConfig };
  readonly loc: SourceLocation;
}

export class LanguageSource extends TextSourceCodeBase<{
  LangOptions: LanguageOptions;
  RootNode: LanguageRoot;
  SyntaxElementWithLoc: Located;
  ConfigNode: LanguageComment;
}> {
  readonly frontend: LanguageFrontend;
  /** Rules for JavaScript look here for types before they know what they were given. */
  readonly parserServices: object = {};
  readonly visitorKeys: Record<string, string[]> = { [rootType]: [] };
  #parsed: ParsedFile | null = null;
  #comments: LanguageComment[] | null = null;

  constructor(frontend: LanguageFrontend, text: string, ast: LanguageRoot) {
    super({ text, ast, lineEndingPattern });
    this.frontend = frontend;
  }

  parse(path: string): ParsedFile {
    this.#parsed ??= this.frontend.parse(path, this.text);
    return this.#parsed.path === path ? this.#parsed : { ...this.#parsed, path };
  }

  get comments(): LanguageComment[] {
    this.#comments ??= this.frontend.comments(this.parse('')).map((comment) => this.#commentFrom(comment));
    return this.#comments;
  }

  getAllComments(): LanguageComment[] {
    return this.comments;
  }

  /** Some rules for JavaScript ask for the global scope before they see a tree. There is nothing in it. */
  getScope(): object {
    return { type: 'global', isStrict: true, block: this.ast, set: new Map(), variables: [], references: [] };
  }

  override getParent(): undefined {
    return undefined;
  }

  override traverse(): TraversalStep[] {
    return [1 as const, 2 as const].map((phase) => new VisitNodeStep({ target: this.ast, phase, args: [this.ast] }));
  }

  getInlineConfigNodes(): LanguageComment[] {
    if (!this.text.includes(directiveWord)) return [];
    return this.comments.filter(({ value }) => directivePattern.test(value.trim()));
  }

  getDisableDirectives(): { directives: Directive[]; problems: FileProblem[] } {
    const directives: Directive[] = [];
    const problems: FileProblem[] = [];
    for (const comment of this.getInlineConfigNodes()) {
      const directive = comments.parseDirective(comment.value);
      const type = directiveTypes.get(directive?.label ?? '');
      if (directive === undefined || type === undefined) continue;
      const { label, value, justification } = directive;
      if (type === 'disable-line' && comment.loc.start.line !== comment.loc.end.line) {
        const message = `${label} comment should not span multiple lines.`;
        problems.push({ ruleId: null, message, loc: comment.loc });
      } else {
        directives.push(new Directive({ type, node: comment, value, justification }));
      }
    }
    return { directives, problems };
  }

  applyInlineConfig(): { configs: InlineConfig[]; problems: FileProblem[] } {
    const configs: InlineConfig[] = [];
    const problems: FileProblem[] = [];
    for (const { value: said, loc } of this.getInlineConfigNodes()) {
      const directive = comments.parseDirective(said);
      if (directive?.label !== 'eslint') continue;
      const parsed = comments.parseJSONLikeConfig(directive.value);
      if (parsed.ok) configs.push({ config: { rules: parsed.config }, loc });
      else problems.push({ ruleId: null, message: parsed.error.message, loc });
    }
    return { configs, problems };
  }

  #commentFrom({ kind, start, end, text }: Comment): LanguageComment {
    return {
      type: kind === 'line' ? 'Line' : 'Block',
      value: text,
      range: [start, end],
      loc: { start: this.getLocFromIndex(start), end: this.getLocFromIndex(end) },
    };
  }
}

const directiveTypes = new Map<string, Directive['type']>([
  ['eslint-disable', 'disable'],
  ['eslint-enable', 'enable'],
  ['eslint-disable-line', 'disable-line'],
  ['eslint-disable-next-line', 'disable-next-line'],
]);

/** The lines of `findings/line-map.ts`. */
const lineEndingPattern = /\r\n|\r|\n/u;

export function rootOf(text: string): LanguageRoot {
  const lines = text.split(lineEndingPattern);
  const end = { line: lines.length, column: lines.at(-1)?.length ?? 0 };
  return { type: rootType, range: [0, text.length], loc: { start: { line: 1, column: 0 }, end } };
}
