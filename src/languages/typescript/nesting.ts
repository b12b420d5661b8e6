/**
 * Code nested deeper than any parser can follow is blanked out, so that the rest of the file can be parsed. Offsets
 * stay what they are. Only looked at when the parser has given up.
 */
import type { Span } from '../../ir/ir.ts';

const maxNesting = 150;

export interface FlattenedText {
  readonly text: string;
  /** What was blanked. */
  readonly removed: readonly Span[];
}

export function flattenBrackets(text: string): FlattenedText {
  const removed: Span[] = [];
  const open: number[] = [];
  for (const { at, isOpening } of brackets(text)) {
    if (isOpening) open.push(at);
    else {
      const from = open.pop();
      if (from !== undefined && open.length === maxNesting && at > from + 1) removed.push({ start: from + 1, end: at });
    }
  }
  // Something has to stand between parentheses; between braces a number is a statement.
  return { text: without(text, removed, '0'), removed };
}

/**
 * Where brackets are not what nests, as in a chain of 10,000 `else if`: the bodies in which the parser gives up
 * are found by trying, and blanked.
 */
export function removeUnparsable(text: string, parses: (text: string) => boolean): FlattenedText | null {
  const all = bodiesOf(text);
  const removed: Span[] = [];
  const search = (bodies: readonly Body[], level: readonly Body[]): void => {
    const rest = level.filter((body) => !bodies.includes(body)).map((body) => body.span);
    if (bodies.length === 0 || parses(without(text, [...removed, ...rest], ' '))) return;
    const [only, ...others] = bodies;
    if (others.length > 0 || only === undefined) {
      const middle = bodies.length >> 1;
      search(bodies.slice(0, middle), level);
      search(bodies.slice(middle), level);
      return;
    }
    const { span, inner, depth } = only;
    const isInside =
      depth < maxSearchDepth && parses(without(text, [...removed, ...rest, ...inner.map((one) => one.span)], ' '));
    if (isInside && inner.length > 0) search(inner, [...level.filter((body) => body !== only), ...inner]);
    else removed.push(span);
  };
  search(all, all);
  const cleaned = without(text, removed, ' ');
  return removed.length > 0 && parses(cleaned) ? { text: cleaned, removed } : null;
}

/** A class in a namespace in a function: the culprit is a method of it at most this far inside. */
const maxSearchDepth = 4;

/** What stands between braces. */
interface Body {
  readonly span: Span;
  readonly depth: number;
  readonly inner: Body[];
}

function bodiesOf(text: string): Body[] {
  const root: Body[] = [];
  const open: { start: number; inner: Body[] }[] = [];
  for (const { at, isOpening } of brackets(text)) {
    if (!'{}'.includes(text.charAt(at))) continue;
    if (isOpening) open.push({ start: at + 1, inner: [] });
    else {
      const body = open.pop();
      if (body === undefined) continue;
      const around = open.at(-1)?.inner ?? root;
      around.push({ span: { start: body.start, end: at }, depth: open.length, inner: body.inner });
    }
  }
  return root;
}

function without(text: string, spans: readonly Span[], filler: '0' | ' '): string {
  let result = '';
  let from = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < from || start === end) continue;
    result += `${text.slice(from, start)}${filler}${blank(text.slice(start + 1, end))}`;
    from = end;
  }
  return result + text.slice(from);
}

function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

/** Brackets outside strings and comments; regular expressions are guessed at. */
function* brackets(text: string): Generator<{ at: number; isOpening: boolean }> {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|[[\](){}]/g;
  for (const match of text.matchAll(token)) {
    const [found] = match;
    if (found.length === 1) yield { at: match.index, isOpening: '([{'.includes(found) };
  }
}
