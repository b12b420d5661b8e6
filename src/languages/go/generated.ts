/**
 * Tells files that a tool has written, by the line that all such files have before their package clause
 * (https://go.dev/s/generatedcode): what they leak has to be mended in the tool, or in what it read.
 */

const packageClause = /^package\s/m;
const notice = /^\/\/ Code generated .* DO NOT EDIT\.\r?$/m;

export function isGenerated(text: string): boolean {
  const clause = text.search(packageClause);
  return notice.test(clause < 0 ? text : text.slice(0, clause));
}
