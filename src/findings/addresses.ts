/** Where the project is on the web, for reports, messages and rules. */

export const homepage = 'https://github.com/closewait/closewait';

/** The page of a check. */
export function pageOf(check: string): string {
  return `${homepage}/blob/main/docs/checks/${check}.md`;
}
