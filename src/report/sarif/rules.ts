/** Checks as SARIF rules, and the kinds of notifications. */
import type { ReportingDescriptor } from 'sarif';
import { pageOf } from '../../findings/addresses.ts';
import { checkCatalogue } from '../../findings/check-catalogue.ts';
import type { CheckDescription } from '../../findings/check-catalogue.ts';
import type { CheckId } from '../../findings/finding.ts';
import type { FileProblem } from '../../findings/file-problem.ts';

export function rules(pages: ReadonlyMap<CheckId, string>): ReportingDescriptor[] {
  return checkCatalogue.map((check) => ruleValue(check, pages.get(check.id) ?? null));
}

function ruleValue(check: CheckDescription, page: string | null): ReportingDescriptor {
  const level = check.severity === 'warning' && check.precision === 'high' ? 'error' : check.severity;
  const helpUri = pageOf(check.id);
  // Links between the pages lead to where all of them are.
  const markdown = page?.replace(/\]\(([^)]+)\)/g, (_, link: string) => `](${new URL(link, helpUri).href})`) ?? null;
  return {
    id: check.id,
    // SARIF wants names that are not the id again.
    name: `${pascalCase(check.id)}Check`,
    shortDescription: { text: `${check.title}.` },
    fullDescription: { text: check.description },
    help: { text: `${check.description}\n${helpUri}`, ...(markdown === null ? {} : { markdown }) },
    helpUri,
    defaultConfiguration: { level },
    properties: {
      precision: check.precision,
      'problem.severity': level === 'note' ? 'recommendation' : level,
      tags: ['reliability', 'resource-leak', ...check.cwe.map((number) => `external/cwe/cwe-${String(number)}`)],
    },
  };
}

const notifications: Readonly<Record<FileProblem['kind'] | 'cut', string>> = {
  internal: 'A bug of closewait hit a file; its findings may be missing.',
  unreadable: 'A file was not analysed.',
  budget: 'A file was analysed in part: it takes too long.',
  syntax: 'Parts of a file could not be parsed; the rest was analysed.',
  suppression: 'A comment that is to silence findings cannot be read.',
  'unused-suppression': 'A comment that is to silence findings silences none.',
  cut: 'Some results were left out of the report.',
};

export function notificationRules(): ReportingDescriptor[] {
  return Object.entries(notifications).map(([id, text]) => ({
    id,
    name: `${pascalCase(id)}Notification`,
    shortDescription: { text },
    fullDescription: { text },
    help: { text },
  }));
}

export function notificationIndex(id: keyof typeof notifications): number {
  return Object.keys(notifications).indexOf(id);
}

function pascalCase(id: string): string {
  return id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
