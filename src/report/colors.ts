/** Colours as the reports use them; picocolors decides whether an output wants any. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export const noColors: Colors = picocolors.createColors(false);

/** `NO_COLOR` and `FORCE_COLOR` win over whether the output is a terminal. */
export function colorsFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Colors {
  if ((env.NO_COLOR ?? '') !== '') return noColors;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return picocolors.createColors(force !== '0' && force !== 'false');
  return picocolors.createColors(isTerminal && env.TERM !== 'dumb');
}
