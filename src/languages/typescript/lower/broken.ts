/**
 * Where the parser met an error inside a function, or code nested too deep for it. Its guess about the text around
 * is used, but whatever the broken part mentions has to count as used in ways unknown.
 */
import { append } from '../../../append.ts';
import type { Span } from '../../../ir/ir.ts';
import type { Node } from '../nodes.ts';
import { isFunction, walk } from '../nodes.ts';

export interface BrokenPart {
  readonly span: Span;
  readonly why: 'syntax error' | 'too deep';
}

/** By the innermost statement around them; those outside any by the root. */
export type BrokenParts = ReadonlyMap<Node, readonly BrokenPart[]>;

interface Source {
  readonly text: string;
  readonly node: Node;
  readonly errors: readonly Span[];
  readonly removed: readonly Span[];
}

const none: BrokenParts = new Map();
/** Files with more errors than that are no source code. */
const maxErrors = 200;

export function brokenParts({ text, node: root, errors, removed }: Source): BrokenParts {
  const [from, to] = root.range;
  const inside = errors.filter((error) => error.start >= from && error.start <= to).slice(0, maxErrors);
  if (inside.length === 0) return none;
  const around = new Map<Span, Node>(inside.map((error) => [error, root]));
  walk(root, (node) => {
    const [start, end] = node.range;
    const isStatement = statementType.test(node.type) && !isFunction(node);
    // The root's code runs when it does; that of functions in it does not, but a closure is lowered with it.
    for (const error of isStatement ? inside : []) {
      if (error.start >= start && error.start <= end) around.set(error, node);
    }
    return inside.some((error) => error.start >= start && error.start <= end) ? 'inside' : 'skip';
  });
  const found = new Map<Node, BrokenPart[]>();
  for (const [error, node] of around) {
    const span = removed.includes(error) ? error : extent(text, node, error);
    const part: BrokenPart = { span: clipped(span, root), why: removed.includes(error) ? 'too deep' : 'syntax error' };
    append(found, node, part);
  }
  return found;
}

const statementType = /Statement$|^VariableDeclaration$/;
const simpleStatement = /^(?:Expression|Return|Throw)Statement$|^VariableDeclaration$/;

/** The parser does not say how much it skipped: the statement, if it is a small one, and the line. */
function extent(text: string, node: Node, error: Span): Span {
  const lineEnd = text.indexOf('\n', error.start);
  const end = Math.max(error.end, lineEnd < 0 ? text.length : lineEnd);
  const lineStart = text.lastIndexOf('\n', Math.max(0, error.start - 1)) + 1;
  return { start: simpleStatement.test(node.type) ? node.range[0] : Math.max(lineStart, node.range[0]), end };
}

function clipped({ start, end }: Span, root: Node): Span {
  const last = Math.min(end, root.range[1]);
  return { start: Math.min(Math.max(start, root.range[0]), last), end: last };
}
