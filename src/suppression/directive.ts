/**
 * Comments that silence findings: `closewait-disable-next-line leak -- closed by the pool`. Each names its checks and
 * gives a reason; one that does not silences nothing and is reported.
 */
import type { CheckId } from '../findings/finding.ts';
import type { LineMap } from '../findings/line-map.ts';
import type { Span } from '../ir/ir.ts';

/** Found in every text that has a directive; others need not be searched for comments. */
export const directiveWord = 'closewait-';

/** As languages give them: without the signs that make it a comment. */
export interface CommentText extends Span {
  readonly text: string;
}

export interface Directive {
  readonly kind: 'disable-next-line' | 'disable-line' | 'disable' | 'enable';
  /** Empty for an `enable` of all that is disabled. */
  readonly checks: readonly CheckId[];
  readonly reason: string;
  readonly span: Span;
  /** The first line after it that has code, or where the text ends. */
  readonly nextLine: number;
}

/** What is wrong with a comment, as a sentence's end: `line 3: …`. */
export interface DirectiveFault {
  readonly line: number;
  readonly message: string;
}

export interface Directives {
  readonly directives: readonly Directive[];
  readonly faults: readonly DirectiveFault[];
}

/** A line further away is hardly meant. */
const MAX_BLANK_LINES = 3;

/** `/// x`, `## x` and `/** x *` have more signs than they need. */
const form = /^[\s/#*!]*closewait-(\S+)\s*([\s\S]*?)[\s*]*$/;
const kinds: readonly Directive['kind'][] = ['disable-next-line', 'disable-line', 'disable', 'enable'];

export function parseDirectives(
  comments: readonly CommentText[],
  known: readonly CheckId[],
  lines: LineMap,
): Directives {
  const directives: Directive[] = [];
  const faults: DirectiveFault[] = [];
  for (const { start, end, text } of comments) {
    const match = form.exec(text);
    if (match === null) continue;
    const span = { start, end };
    const read = parseOne(match[1] ?? '', match[2] ?? '', known);
    if (typeof read === 'string') faults.push({ line: lines.position(span.start).line, message: read });
    else directives.push({ ...read, span, nextLine: nextCodeLine(span, comments, lines) });
  }
  return { directives, faults };
}

function parseOne(
  word: string,
  rest: string,
  known: readonly CheckId[],
): Pick<Directive, 'kind' | 'checks' | 'reason'> | string {
  const kind = kinds.find((one) => one === word);
  if (kind === undefined) return `there is no closewait-${word}; there are: ${kinds.join(', ')}`;
  const [list = '', ...reasons] = rest.split(/(?:^|\s)--(?=\s|$)/);
  const reason = reasons.join(' -- ').replace(/\s+/g, ' ').trim();
  const names = list.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.find((name) => !known.some((id) => id === name));
  if (unknown !== undefined) return `closewait-${word}: unknown check '${unknown}'; there are: ${known.join(', ')}`;
  const checks = known.filter((id) => names.includes(id));
  if (kind === 'enable') return { kind, checks, reason };
  if (checks.length === 0) return `closewait-${word} names no check; write: closewait-${word} CHECK -- REASON`;
  if (reason === '')
    return `closewait-${word} gives no reason; write: closewait-${word} ${checks.join(', ')} -- REASON`;
  return { kind, checks, reason };
}

/** Blank lines and further comments may stand between. */
function nextCodeLine(span: Span, comments: readonly CommentText[], lines: LineMap): number {
  let line = lines.position(span.end).line + 1;
  const skipBlank = (before: number): void => {
    while (line < before && lines.line(line).trim() === '') line++;
  };
  for (const comment of comments) {
    if (comment.start <= span.start) continue;
    const { line: start, column } = lines.position(comment.start);
    skipBlank(start);
    const isAlone =
      lines
        .line(start)
        .slice(0, column - 1)
        .trim() === '';
    if (start !== line || !isAlone) break;
    line = lines.position(comment.end).line + 1;
  }
  skipBlank(line + MAX_BLANK_LINES);
  return line;
}
