/** Wrappers that outlive the function: what they wrap has to stay open for them. Knows no grammar. */
import type { Span } from '../../ir/ir.ts';
import { textOf } from './source-edits.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

export interface Wrapped {
  readonly text: string;
  readonly acquired: Span;
  /** The variable it is acquired into; null: none of this function. */
  readonly variable: string | null;
  /** All that is assigned behind the acquisition, in source order. */
  readonly assignments: readonly { readonly target: SyntaxNode; readonly value: SyntaxNode }[];
  /** What a call is given that makes a wrapper; empty for anything else. */
  readonly givenTo: (node: SyntaxNode) => readonly SyntaxNode[];
  /** Of this function: what it holds is gone when that ends. */
  readonly isLocal: (name: string) => boolean;
}

export interface Wrappers {
  /** `field = new Wrapper(in)`, with names in between or without. */
  readonly isOneKept: boolean;
  readonly isWrapper: (node: SyntaxNode) => boolean;
}

export function wrappersAround({ text, acquired, variable, assignments, givenTo, isLocal }: Wrapped): Wrappers {
  const names = new Set(variable === null ? [] : [variable]);
  const isNamed = (node: SyntaxNode): boolean => node.type === 'identifier' && names.has(textOf(node, text));
  const isIt = (node: SyntaxNode): boolean =>
    (node.start === acquired.start && node.end === acquired.end) || isNamed(node);
  const isWrapper = (node: SyntaxNode): boolean => givenTo(node).some((one) => isIt(one) || isWrapper(one));
  let isOneKept = false;
  for (const { target, value } of assignments) {
    // One name more for a wrapper is the wrapper.
    if (!isWrapper(value) && !isNamed(value)) continue;
    if (target.type === 'identifier' && isLocal(textOf(target, text))) names.add(textOf(target, text));
    else isOneKept = true;
  }
  return { isOneKept, isWrapper };
}
