/**
 * What the truth of a value says of it. In Python any value can be tested, and `if x` means "is there one"
 * for an object, "is it set" for a flag and "is it not empty" for text, numbers and collections.
 */
import { childInField, withoutParentheses } from '../tree-sitter.ts';
import type { Habits } from '../habits.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { lastName, parts } from './nodes.ts';

/** `number`: false where it is 0. `mixed`: it can be false without being None, and is not known to be a boolean or number. */
export type Truth = 'boolean' | 'reference' | 'number' | 'mixed';

/** Of a variable that gets one value here and one there. */
export function eitherTruth(first: Truth | null, second: Truth): Truth {
  return first === null || first === second ? second : 'mixed';
}

/** Judged by syntax and by the names of what is called. */
export function truthOf(text: string, written: SyntaxNode, habits: Habits): Truth {
  let node = withoutParentheses(written);
  let found: Truth | null = null;
  // Conditional expressions and `a or b` nest without end, to one side each.
  while (node.type === 'conditional_expression' || node.type === 'boolean_operator') {
    const [first, middle, last] = parts(node);
    const [inner, other] = node.type === 'boolean_operator' ? [first, middle] : [last, first];
    if (inner === undefined || other === undefined) break;
    found = eitherTruth(found, simpleTruth(text, withoutParentheses(other), habits));
    node = withoutParentheses(inner);
  }
  return eitherTruth(found, simpleTruth(text, node, habits));
}

/** By the type an annotation gives. */
export function truthOfType(type: string | null): Truth {
  if (type === null) return 'reference';
  if (type === 'bool') return 'boolean';
  return /\[\]$|^(?:int|float|str|bytes|bytearray|list|dict|set|frozenset|tuple)\b/.test(type) ? 'mixed' : 'reference';
}

function simpleTruth(text: string, node: SyntaxNode, habits: Habits): Truth {
  switch (node.type) {
    case 'true':
    case 'false':
    case 'comparison_operator':
    case 'not_operator':
      return 'boolean';
    case 'call':
      return truthOfCall(text, node, habits);
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
      return value === null || value.type === 'named_expression'
        ? 'reference'
        : truthOfSimpleValue(text, value, habits);
    }
    default:
      return 'mixed';
  }
}

function truthOfSimpleValue(text: string, written: SyntaxNode, habits: Habits): Truth {
  const value = withoutParentheses(written);
  return value.type === 'named_expression' ? 'reference' : simpleTruth(text, value, habits);
}

/** By the name of what is called. */
function truthOfCall(text: string, node: SyntaxNode, habits: Habits): Truth {
  const callee = childInField(node, 'function');
  const name = callee?.type === 'attribute' ? childInField(callee, 'attribute') : callee;
  if (name?.type !== 'identifier') return 'reference';
  const called = lastName(text.slice(name.start, name.end));
  if (habits.booleanNames?.test(called) === true) return 'boolean';
  if (habits.numberResults?.test(called) === true) return 'number';
  return habits.collectionResults?.test(called) === true ? 'mixed' : 'reference';
}
