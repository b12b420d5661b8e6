/** A few lines of source with a mark under a span, as compilers show it. */
import type { LineMap } from '../findings/line-map.ts';
import type { Span } from '../ir/ir.ts';
import type { Colors } from './colors.ts';
import { printable } from './printable.ts';

export interface FrameOptions {
  /** Lines shown before and after. */
  readonly context: number;
  readonly colors: Colors;
}

const widestLine = 160;

export function codeFrame(map: LineMap, span: Span, options: FrameOptions): string {
  const start = map.position(span.start);
  const end = map.position(span.end);
  const first = Math.max(1, start.line - options.context);
  const width = String(start.line + options.context).length;
  const lines: string[] = [];
  for (let number = first; number <= start.line + options.context; number++) {
    const text = map.line(number);
    if (number > start.line && text === '') break;
    lines.push(gutter(String(number), width, options.colors) + shown(text));
    if (number !== start.line) continue;
    const stop = end.line === start.line ? end.column : text.length + 1;
    lines.push(gutter('', width, options.colors) + mark(text, start.column, stop, options.colors));
  }
  return lines.join('\n');
}

function gutter(number: string, width: number, colors: Colors): string {
  return colors.dim(`${number.padStart(width + 2)} | `);
}

/** A tab keeps its place under tabs, so that the mark lines up however wide the terminal shows them. */
function mark(text: string, from: number, to: number, colors: Colors): string {
  if (from > widestLine) return '';
  const indent = text.slice(0, from - 1).replace(/[^\t]/g, ' ');
  return indent + colors.yellow('^'.repeat(Math.max(1, Math.min(to, widestLine) - from)));
}

function shown(text: string): string {
  const cut = text.length > widestLine ? `${text.slice(0, widestLine)}…` : text;
  return printable(cut).trimEnd();
}
