/** The lines a path goes through, with a note under each line that is a step. Lines between are left out. */
import { append } from '../../append.ts';
import type { LineMap } from '../../findings/line-map.ts';
import type { ReportedFinding } from '../../findings/select.ts';
import { escaped } from './escaped.ts';

const contextLines = 2;
const widestLine = 200;

export function codeWithSteps({ trace, acquiredAt }: ReportedFinding, map: LineMap): string {
  const steps = new Map<number, string[]>();
  trace.forEach(({ span, text, kind }, index) => {
    const { line } = map.position(span.start);
    const note = `<span class="step ${kind}"><b>${String(index + 1)}</b> ${escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>')}</span>`;
    append(steps, line, note);
  });
  const first = map.position(acquiredAt.start).line;
  const rows: string[] = [];
  let last = 0;
  for (const line of shownLines([first, ...steps.keys()], map)) {
    if (last !== 0 && line > last + 1) rows.push('<span class="gap">⋮</span>');
    last = line;
    const notes = steps.get(line) ?? [];
    const text = map.line(line);
    const shown = text.length > widestLine ? `${text.slice(0, widestLine)}…` : text;
    rows.push(
      `<span class="line${notes.length > 0 ? ' on-path' : ''}"><span class="number">${String(line)}</span>${escaped(shown)}</span>`,
      ...notes,
    );
  }
  return `<pre>${rows.join('')}</pre>\n`;
}

function shownLines(lines: readonly number[], map: LineMap): number[] {
  const shown = new Set<number>();
  for (const line of lines) {
    for (let near = Math.max(1, line - contextLines); near <= line + contextLines; near++) {
      if (near <= line || map.line(near) !== '') shown.add(near);
    }
  }
  return [...shown].sort((a, b) => a - b);
}
