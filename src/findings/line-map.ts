/**
 * Offsets to lines and columns, for printing only: everything before the reports works on offsets.
 * Both count from 1; columns are UTF-16 code units, as editors and SARIF have them.
 */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineMap {
  /** Offsets beyond the text count as its end. */
  position(offset: number): Position;
  /** Without its line break; '' for a line the text does not have. */
  line(number: number): string;
}

/** The table of line starts is built on first use. */
export function lineMap(text: string): LineMap {
  let starts: number[] | null = null;
  const table = (): number[] => (starts ??= lineStarts(text));
  return {
    position(offset) {
      const clamped = Math.max(0, Math.min(offset, text.length));
      const index = lastAtMost(table(), clamped);
      return { line: index + 1, column: clamped - (table()[index] ?? 0) + 1 };
    },
    line(number) {
      const start = table()[number - 1];
      if (start === undefined) return '';
      return text.slice(start, table()[number] ?? text.length).replace(/\r?\n$|\r$/, '');
    },
  };
}

/** `\n`, `\r\n` and a lone `\r` each end a line, as they do for a Java compiler. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
