/**
 * Expectations written into fixtures as comments at the end of a line:
 *
 *     in = new FileInputStream(file); // leak file-stream
 *     return null; // leaks here
 *     a.open(); // missed: leak session (why not)      should be reported, is not
 *     b.open(); // wrong: leak session (why it is)     is reported, should not be
 *
 * Several on a line are separated by `;`. What is missed or wrong is asserted as well: a limit that
 * goes away fails its fixture and is promoted.
 */
import { checkCatalogue } from '../src/findings/check-catalogue.ts';

export interface Expectations {
  /** `12: leak file-stream`: must be reported. */
  readonly reported: readonly string[];
  /** Must not be reported, though they should. */
  readonly missed: readonly string[];
  /** Lines that must be among some finding's ways out. */
  readonly leaksHere: readonly number[];
}

const checks = checkCatalogue.map((check) => check.id).join('|');
const expectation = new RegExp(`^(?:(missed|wrong): *)?(${checks}) ([a-z0-9-]+)(?: \\(.*\\))?$`);
const looksLikeOne = new RegExp(`^(?:missed:|wrong:|(?:${checks}) [a-z0-9-]+$)`);

export function expectationsOf(text: string): Expectations {
  const reported: string[] = [];
  const missed: string[] = [];
  const leaksHere: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    for (const part of commentParts(line)) {
      if (part === 'leaks here') leaksHere.push(index + 1);
      const match = expectation.exec(part);
      if (match === null && looksLikeOne.test(part))
        throw new Error(`line ${String(index + 1)}: cannot read '${part}'`);
      if (match === null) continue;
      const [, mark, check, resource] = match;
      (mark === 'missed' ? missed : reported).push(`${String(index + 1)}: ${String(check)} ${String(resource)}`);
    }
  });
  return { reported: reported.sort(), missed, leaksHere };
}

function commentParts(line: string): string[] {
  const start = Math.max(line.lastIndexOf('// ') + 3, line.lastIndexOf('# ') + 2);
  if (start < 3 && !line.startsWith('# ')) return [];
  return line
    .slice(start)
    .split(';')
    .map((part) => part.trim());
}
