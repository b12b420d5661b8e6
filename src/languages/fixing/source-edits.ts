/**
 * Text edits that keep a file's own look: its line ends, its indentation, its comments; and what all fixers ask of a
 * tree. No grammar is known here.
 */
import type { Edit, Fix } from '../../findings/edit.ts';
import type { Span } from '../../ir/ir.ts';

/** Anything with a place in the text: spans and syntax nodes. */
type Placed = Span;

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line's break begins, or the text ends. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text.charAt(end - 1) === '\r' ? end - 1 : end;
}

/** Where the next line starts, or the text ends. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

export function lineBreakOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text.charAt(first - 1) === '\r' ? '\r\n' : '\n';
}

/** The end of the last blank line directly behind the line, or of the line itself. */
export function blankLinesEnd(text: string, offset: number): number {
  let end = lineEnd(text, offset);
  for (let next = nextLine(text, end); next < text.length; next = nextLine(text, next)) {
    if (!/^[ \t]*$/.test(text.slice(next, lineEnd(text, next)))) break;
    end = lineEnd(text, next);
  }
  return end;
}

/** White space before the first thing on the line. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, offset)))?.[0] ?? '';
}

/** One level of indentation: what most deeper lines have more than the line before them. */
export function indentUnit(text: string, preset: string): string {
  const counts = new Map<string, number>();
  let before = '';
  let opens = false;
  for (const line of text.split('\n', 2000)) {
    const indent = /^[ \t]*(?=[^\s*/#])/.exec(line)?.[0];
    if (indent === undefined) continue;
    // What goes on from the line before is often deeper than that.
    if (opens && indent.length > before.length && indent.startsWith(before)) {
      const step = indent.slice(before.length);
      if (step === '\t' || (/^ +$/.test(step) && step.length <= 8)) counts.set(step, (counts.get(step) ?? 0) + 1);
    }
    before = indent;
    opens = /[{:]\s*(?:\/\/.*|#.*)?$/.test(line);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best === undefined ? preset : best[0];
}

/** Nothing else but white space is on the lines it covers. */
export function isAloneOnLines(text: string, { start, end }: Placed): boolean {
  return (
    /^[ \t]*$/.test(text.slice(lineStart(text, start), start)) && /^[ \t]*$/.test(text.slice(end, lineEnd(text, end)))
  );
}

/** Takes a statement away, with its lines if nothing else is on them, and one of two blank lines around it; a comment beside it stays. */
export function removal(text: string, span: Placed): Edit {
  if (!isAloneOnLines(text, span)) {
    const blank = /^[ \t]*/.exec(text.slice(span.end, lineEnd(text, span.end)))?.[0].length ?? 0;
    return { start: span.start, end: span.end + blank, text: '' };
  }
  const [start, end] = [lineStart(text, span.start), nextLine(text, span.end)];
  const before = lineStart(text, start - 1);
  const isBetween = start > 0 && isBlankLine(text, before) && isBlankLine(text, end);
  return { start: isBetween ? before : start, end, text: '' };
}

function isBlankLine(text: string, start: number): boolean {
  return /^[ \t]*$/.test(text.slice(start, lineEnd(text, start)));
}

/** One level more for every line that starts in the range, but for those inside `keep`: literals over several lines. */
export function indented(text: string, { start, end }: Placed, unit: string, keep: readonly Placed[]): Edit[] {
  const edits: Edit[] = [];
  for (let at = lineStart(text, start); at < end; at = nextLine(text, at)) {
    const isBlank = /^\s*$/.test(text.slice(at, lineEnd(text, at)));
    const isKept = keep.some((span) => span.start < at && at < span.end);
    if (!isBlank && !isKept) edits.push({ start: at, end: at, text: unit });
    if (nextLine(text, at) <= at) break;
  }
  return edits;
}

/** Insertions inside what is taken away anyway are dropped; the rest in order. */
function combined(edits: readonly Edit[]): Edit[] {
  const removals = edits.filter(({ start, end }) => start < end);
  return edits
    .filter(
      (edit) =>
        edit.start < edit.end ||
        edit.text.trim() !== '' ||
        !removals.some(({ start, end, text }) => start <= edit.start && edit.start < end && text.trim() === ''),
    )
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A template of a release with its value: `$.close()` of `in` is `in.close()`. */
export function written(template: string, value: string): string {
  return template.replaceAll('$', () => value);
}

export function contains(outer: Placed, inner: Placed): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** From the root to the innermost node that covers the span. */
export function pathTo<Node extends Placed & { readonly children: readonly Node[] }>(root: Node, span: Placed): Node[] {
  const path = [root];
  for (let node: Node | undefined = root; node !== undefined;) {
    node = node.children.find((child) => contains(child, span));
    if (node !== undefined) path.push(node);
  }
  return path;
}

export function textOf({ start, end }: Placed, text: string): string {
  return text.slice(start, end);
}

/** The first of the wishes that is free, else the first with a number. */
export function freshName(wishes: readonly [string, ...string[]], isFree: (name: string) => boolean): string {
  for (const wish of wishes) if (isFree(wish)) return wish;
  for (let n = 2; ; n++) if (isFree(`${wishes[0]}${String(n)}`)) return `${wishes[0]}${String(n)}`;
}

/** What to call something of this title: `response` for an "HTTP response". */
export function nameFor(title: string): string {
  return /[a-z]+$/.exec(title.toLowerCase())?.[0] ?? 'resource';
}

/** Anywhere in the text, comments included. */
export function isWordIn(word: string, text: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text);
}

/** Safe unless there are reasons why it may not be. */
export function fixOf(fix: Omit<Fix, 'isSafe' | 'reason'>, reasons: readonly string[]): Fix {
  return {
    ...fix,
    edits: combined(fix.edits),
    isSafe: reasons.length === 0,
    reason: reasons.length === 0 ? null : reasons.join('; '),
  };
}
