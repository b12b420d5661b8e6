/** `src/Dao.java:42`, as people write a place; a column, as reports have one, is passed over. */
import { UserError } from '../errors.ts';

export interface FileLine {
  readonly file: string;
  readonly line: number;
}

export function parseFileLine(target: string): FileLine {
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(target) ?? [];
  if (file === undefined || line === undefined) throw new UserError(`'${target}' is not of the form FILE:LINE`);
  return { file, line: Number(line) };
}
