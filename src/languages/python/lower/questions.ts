/**
 * Questions a program asks again and expects the same answer to: `hasattr(out, "write")`, `path.endswith(".gz")`,
 * `len(args) > 1` (`Habits.steadyQuestions`), `options["log"]`. The condition of a `while` is none of these: it is
 * asked until the answer changes. What a function asks once is lowered as any other call.
 */
import { childInField, childrenInField, withoutParentheses } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { isStringNode, parts } from '../nodes.ts';
import type { Frame } from './frame.ts';

export interface Question {
  /** What is asked about. */
  readonly subject: SyntaxNode;
  /** The rest, made of literals: two questions with the same text and subject are the same. */
  readonly text: string;
}

/** null for what is none, and for what this function asks once. */
export function questionOf(frame: Frame, node: SyntaxNode): Question | null {
  if (frame.isWaiting) return null;
  const question = node.type === 'subscript' ? elementQuestion(frame, node) : callQuestion(frame, node);
  return question !== null && isAskedAgain(frame, node) ? question : null;
}

/** `options["log"]` */
function elementQuestion(frame: Frame, node: SyntaxNode): Question | null {
  const subject = childInField(node, 'value');
  const [key, further] = childrenInField(node, 'subscript');
  if (subject === null || key === undefined || further !== undefined || !isPlain(frame, key)) return null;
  return { subject, text: `[${frame.textOf(key)}]` };
}

function callQuestion(frame: Frame, node: SyntaxNode): Question | null {
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  const list = node.type === 'call' ? childInField(node, 'arguments') : null;
  const { steadyQuestions } = frame.habits;
  if (steadyQuestions === null || callee === null || list?.type !== 'argument_list') return null;
  const args = parts(list);
  if (callee.type === 'identifier') {
    const [subject, ...rest] = args;
    const name = frame.textOf(callee);
    if (subject === undefined || !steadyQuestions.functions.test(name) || !rest.every((arg) => isPlain(frame, arg)))
      return null;
    if (frame.lookUp(name).kind === 'place') return null;
    return { subject, text: `${name}(${textOfAll(frame, rest)})` };
  }
  const subject = callee.type === 'attribute' ? childInField(callee, 'object') : null;
  const method = callee.type === 'attribute' ? childInField(callee, 'attribute') : null;
  if (subject === null || method === null) return null;
  if (!steadyQuestions.methods.test(`${frame.textOf(method)}/${args.length}`)) return null;
  return args.every((arg) => isPlain(frame, arg))
    ? { subject, text: `.${frame.textOf(method)}(${textOfAll(frame, args)})` }
    : null;
}

function textOfAll(frame: Frame, nodes: readonly SyntaxNode[]): string {
  return nodes.map((node) => frame.textOf(node)).join();
}

/** Texts, numbers, and tuples of them. */
function isPlain(frame: Frame, written: SyntaxNode): boolean {
  const node = withoutParentheses(written);
  if (node.type === 'tuple') return parts(node).every((part) => isPlain(frame, part));
  if (isStringNode(node)) return !/^[^'"]*[fF]/.test(frame.textOf(node));
  return /^(?:integer|true|false|none)$/.test(node.type);
}

function isAskedAgain(frame: Frame, node: SyntaxNode): boolean {
  const { text, output } = frame;
  const [start, end] = [output.unit.node.start, output.unit.node.end];
  const asked = frame.textOf(node);
  const first = text.indexOf(asked, start);
  const second = text.indexOf(asked, first + asked.length);
  return second >= 0 && second < end;
}
