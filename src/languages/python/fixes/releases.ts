/** How statements of Python look that only release one variable. */
import type { ReleaseGrammar, ReleaseStatement } from '../../fixing/release-statements.ts';
import { textOf } from '../../fixing/source-edits.ts';
import type { Site } from './site.ts';
import { isBlock, mentions, nodesOf, statementsIn } from './syntax.ts';

export function releasesOf({ text, request }: Site, name: string): ReleaseGrammar {
  return {
    remedy: request.remedy,
    isMeant: (call) => mentions(call, name, text),
    callIn(statement) {
      const first = statement.children.find(({ type }) => type !== 'comment');
      return (first?.type === 'await' ? first.children.at(-1) : first) ?? null;
    },
    isThere: (condition) =>
      new RegExp(`^\\(?\\s*${name}(?:\\s+is\\s+not\\s+None|\\s*!=\\s*None)?\\s*\\)?$`).test(textOf(condition, text)),
    swallows: (path) => path.slice(-1).some((statement) => nodesOf(statement, 'except_clause').length > 0),
    isOnlyContent,
    computes: (statement) => statement.type !== 'raise_statement' && nodesOf(statement, 'call').length > 0,
    isBlock,
    statementsIn,
    leaves: ({ type }) => /^(?:return|raise)_statement$/.test(type),
    goesOn: ({ type }) => /^(?:for|while)_statement$/.test(type),
  };
}

/** Without it a block would be empty, which no parser takes. */
function isOnlyContent({ statement, parents }: ReleaseStatement): boolean {
  const block = parents.at(-1);
  return block === undefined || !isBlock(block) || statement.type === 'block' || statementsIn(block).length < 2;
}
