/**
 * What the truth of a value says of it. In Python any value can be tested, and `if x` means "is there one"
 * for an object, "is it set" for a flag and "is it not empty" for text, numbers and collections.
 */
import { childInField, withoutParentheses } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { lastName, parts } from './nodes.ts';

/** `number`: false where it is 0. `mixed`: it can be false without being None, and is not known to be a boolean or number. */
export type Truth = 'boolean' | 'reference' | 'number' | 'mixed';

/** Of a variable that gets one value here and one there. */
export function eitherTruth(first: Truth | null, second: Truth): Truth {
  return first === null || first === second ? second : 'mixed';
}

/** Judged by syntax and by the names of what is called. */
export function truthOf(text: string, written: SyntaxNode): Truth {
  let node = withoutParentheses(written);
  let found: Truth | null = null;
  // Conditional expressions and `a or b` nest without end, to one side each.
  while (node.type === 'conditional_expression' || node.type === 'boolean_operator') {
    const [first, middle, last] = parts(node);
    const [inner, other] = node.type === 'boolean_operator' ? [first, middle] : [last, first];
    if (inner === undefined || other === undefined) break;
    found = eitherTruth(found, simpleTruth(text, withoutParentheses(other)));
    node = withoutParentheses(inner);
  }
  return eitherTruth(found, simpleTruth(text, node));
}

/** By the type an annotation gives. */
export function truthOfType(type: string | null): Truth {
  if (type === null) return 'reference';
  if (type === 'bool') return 'boolean';
  return /\[\]$|^(?:int|float|str|bytes|bytearray|list|dict|set|frozenset|tuple)\b/.test(type) ? 'mixed' : 'reference';
}

/** Is the result of the call a boolean, going by its name? */
export function isQuestion(name: string): boolean {
  return /^_*(?:is|has|can|should|was|needs?|may|must)_|^(?:is[a-z]+|acquire|locked|exists|hasattr|callable|any|all|bool)$|^(?:starts|ends)with$/.test(
    name,
  );
}

function simpleTruth(text: string, node: SyntaxNode): Truth {
  switch (node.type) {
    case 'true':
    case 'false':
    case 'comparison_operator':
    case 'not_operator':
      return 'boolean';
    case 'call':
      return truthOfCall(text, node);
    case 'integer':
      return 'number';
    case 'none':
    case 'identifier':
    case 'attribute':
    case 'subscript':
    case 'await':
    case 'lambda':
    case 'yield':
    case 'ERROR':
      return 'reference';
    case 'named_expression': {
      const value = childInField(node, 'value');
      return value === null || value.type === 'named_expression' ? 'reference' : truthOfSimpleValue(text, value);
    }
    default:
      return 'mixed';
  }
}

function truthOfSimpleValue(text: string, written: SyntaxNode): Truth {
  const value = withoutParentheses(written);
  return value.type === 'named_expression' ? 'reference' : simpleTruth(text, value);
}

/** A new object is there; a new collection is empty. */
function truthOfCall(text: string, node: SyntaxNode): Truth {
  const callee = childInField(node, 'function');
  const name = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  if (name?.type !== 'identifier') return 'reference';
  const called = lastName(text.slice(name.start, name.end));
  if (isQuestion(called)) return 'boolean';
  if (/^(?:fork|len|int)$/.test(called)) return 'number';
  return /(?:Dict|List|Set|Counter|Queue|Deque|Array|Map|Bytes|Buffer)$/.test(called) ? 'mixed' : 'reference';
}
