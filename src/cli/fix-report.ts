/** What `closewait fix` says: the changes, what is left and what else would fix it, the sum of both. */
import { describeFix } from '../findings/edit.ts';
import { lineMap, type LineMap } from '../findings/line-map.ts';
import type { FixedFile, FixResult } from '../fix.ts';
import type { AppliedFix } from '../fixes/fix-text.ts';
import { unifiedDiff } from '../fixes/unified-diff.ts';
import type { Colors } from '../report/colors.ts';
import { count } from '../report/count.ts';
import { printable } from '../report/printable.ts';

export function diffText({ path, before, after }: FixedFile, colors: Colors): string {
  return unifiedDiff(path, before, after)
    .split(/(?<=\n)/)
    .map((line) => {
      if (line.startsWith('+')) return colors.green(line);
      if (line.startsWith('-')) return colors.red(line);
      return line.startsWith('@@') ? colors.cyan(line) : line;
    })
    .join('');
}

/** `refused`: files that were not written. */
export function appliedLines({ files }: FixResult, refused: readonly FixedFile[]): string {
  return files
    .filter((file) => !refused.includes(file))
    .flatMap((file) => file.applied.map(({ fix }) => `${printable(file.path)}: ${printable(describeFix(fix))}\n`))
    .join('');
}

/** A line per finding, at its place in the file as it is: with `isDry` that is the old text. */
export function leftLines({ scanned, files, remaining }: FixResult, isDry: boolean, colors: Colors): string {
  const changed = new Map(files.map(({ path, after }) => [path, after]));
  const known = new Map(scanned.findings.map((one) => [`${one.path} ${one.fingerprint}`, one]));
  const maps = new Map<string, LineMap>();
  return remaining
    .map(({ finding, refused }) => {
      const { path, check, message } = finding;
      const old = scanned.texts.get(path) ?? '';
      const map = maps.get(path) ?? lineMap(isDry ? old : (changed.get(path) ?? old));
      maps.set(path, map);
      // What another fix gave a name to is not in the old text under it.
      const shown = isDry ? (known.get(`${path} ${finding.fingerprint}`) ?? finding) : finding;
      const { line, column } = map.position(shown.acquiredAt.start);
      const place = colors.bold(`${printable(path)}:${String(line)}:${String(column)}`);
      const head = `${place}  ${colors.yellow(check)}  ${printable(message)}\n`;
      return refused === null ? head : `${head}        --suggestions: ${printable(describeFix(refused))}\n`;
    })
    .join('');
}

export function summaryLine({ files, remaining }: FixResult, refused: readonly FixedFile[], isDry: boolean): string {
  const done = files.filter((file) => !refused.includes(file));
  const fixes = done.reduce((sum, file) => sum + endedBy(file.applied), 0);
  const suggested = done.reduce((sum, file) => sum + endedBy(file.applied.filter(({ fix }) => !fix.isSafe)), 0);
  const kind = suggested === 0 ? '' : ` (${String(suggested)} of them suggestions)`;
  const left = remaining.length + refused.reduce((sum, file) => sum + endedBy(file.applied), 0);
  const further = remaining.filter((one) => one.refused !== null).length;
  const more = further === 0 ? '' : ` (${String(further)} of them with --suggestions)`;
  const said = isDry ? 'would be fixed' : 'fixed';
  return `${count(fixes, 'finding')} ${said}${kind} in ${count(done.length, 'file')}, ${String(left)} left${more}\n`;
}

function endedBy(applied: readonly AppliedFix[]): number {
  return applied.reduce((sum, { ends }) => sum + ends, 0);
}
