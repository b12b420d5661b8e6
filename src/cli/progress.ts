/** A line on stderr that says how far a long scan is, for people only. */
import type { Terminal } from './terminal.ts';

const quietMillis = 1000;
const eraseLine = '\r\u001b[K';

export interface Progress {
  update(this: void, done: number, total: number): void;
  stop(this: void): void;
}

export function startProgress(terminal: Terminal): Progress {
  const start = performance.now();
  let shown = '';
  return {
    update(done, total) {
      if (!terminal.isWatched || performance.now() - start < quietMillis) return;
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      const text = `scanning ${String(percent)} %`;
      if (text === shown) return;
      shown = text;
      terminal.err(eraseLine + text);
    },
    stop() {
      if (shown !== '') terminal.err(eraseLine);
    },
  };
}
