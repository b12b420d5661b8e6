/** How the scan went: files that were not analysed, comments that are wrong, results that are left out. */
import type { Invocation, Notification } from 'sarif';
import type { Severity } from '../../findings/select.ts';
import type { FileProblem } from '../../findings/file-problem.ts';
import type { ReportInput } from '../report.ts';
import { fileLocation } from './locations.ts';
import type { ToUri } from './locations.ts';
import { notificationIndex } from './rules.ts';

/** A file that could not be looked at is an error of the run; one that was looked at in part is not. */
const levels: Readonly<Record<FileProblem['kind'], Severity>> = {
  internal: 'error',
  unreadable: 'error',
  budget: 'warning',
  syntax: 'note',
  suppression: 'warning',
  'unused-suppression': 'note',
};

/** `left`: how many results the report has no place for. */
export function invocation({ problems }: ReportInput, paths: ToUri, left: number): Invocation {
  const isAboutComments = ({ kind }: FileProblem): boolean => kind === 'suppression' || kind === 'unused-suppression';
  const notes = (wanted: readonly FileProblem[]): Notification[] => wanted.map((one) => notification(one, paths));
  return {
    executionSuccessful: problems.every(({ kind }) => kind !== 'internal'),
    toolExecutionNotifications: [...notes(problems.filter((one) => !isAboutComments(one))), ...cut(left)],
    toolConfigurationNotifications: notes(problems.filter(isAboutComments)),
  };
}

function notification({ kind, path, line, message }: FileProblem, paths: ToUri): Notification {
  return {
    level: levels[kind],
    descriptor: { id: kind, index: notificationIndex(kind) },
    message: { text: message },
    locations: [fileLocation(paths(path), line ?? null)],
  };
}

function cut(left: number): Notification[] {
  if (left === 0) return [];
  const text = `${String(left)} results are left out, the least certain ones; a scan with --min-confidence high, or of less, has fewer.`;
  return [{ level: 'warning', descriptor: { id: 'cut', index: notificationIndex('cut') }, message: { text } }];
}
