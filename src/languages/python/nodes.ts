/** Reading syntax nodes: children that matter, in the grammar's own terms. Nothing is decided here. */
import type { Span } from '../../ir/ir.ts';
import type { StatementSyntax } from '../lowering/broken.ts';
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

/** Words of the grammar that are nodes of no interest: they only mark what their parent is. */
const keywords = new Set(
  (
    'and as assert async await break case class continue def del elif else except exec finally for from global if ' +
    'import in is lambda match nonlocal not or pass print raise return try type while with yield __future__'
  ).split(' '),
);

/** `await` and its like name both a word and the expression it starts; the expression has children. */
export function isKeyword(node: SyntaxNode): boolean {
  return node.children.length === 0 && keywords.has(node.type);
}

const statements = { statement: /_statement$|^(?:function|class)_definition$/, block: /^(?:block|module)$/ };

/** Of a function's body, and of the code of a module or class: functions in that are lowered for themselves. */
export const functionSyntax: StatementSyntax = { ...statements, apart: null };
export const moduleSyntax: StatementSyntax = { ...statements, apart: 'function_definition' };

/** Nodes that stand for code, without keywords and operators; errors are seen to by `lowerBrokenParts`. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(
    (child) => child.field !== 'operator' && child.field !== 'operators' && child.type !== 'ERROR' && !isKeyword(child),
  );
}

export function hasKeyword(node: SyntaxNode, keyword: string): boolean {
  return node.children.some((child) => child.type === keyword && child.children.length === 0);
}

/** The last character of the code in it: where a reader sees it end. */
export function closingSpan(node: SyntaxNode): Span {
  let last = node;
  for (let next = last.children.at(-1); next !== undefined; next = last.children.at(-1)) last = next;
  const end = Math.max(node.start, last.end);
  return { start: Math.max(node.start, end - 1), end };
}

/** The class or function under its decorators. */
export function definitionOf(node: SyntaxNode): SyntaxNode {
  if (node.type !== 'decorated_definition') return node;
  return childInField(node, 'definition') ?? node;
}

export function isStringNode(node: SyntaxNode): boolean {
  return node.type === 'string' || node.type === 'concatenated_string';
}

/** `a.b.c` as written, without white space; null if anything but names is in it. */
export function dottedText(text: string, node: SyntaxNode): string | null {
  const names: string[] = [];
  let at = node;
  while (at.type === 'attribute') {
    const object = childInField(at, 'object');
    const name = childInField(at, 'attribute');
    if (object === null || name === null) return null;
    names.push(text.slice(name.start, name.end));
    at = object;
  }
  if (at.type === 'dotted_name')
    for (const part of at.children.toReversed()) names.push(text.slice(part.start, part.end));
  else if (at.type === 'identifier') names.push(text.slice(at.start, at.end));
  else return null;
  return names.reverse().join('.');
}

/** `Pool`, `_Pool`: by habit a class. */
export function isTypeName(name: string): boolean {
  return /^_*[A-Z]/.test(name);
}

export function isConstantName(name: string): boolean {
  return /^_*[A-Z][A-Z0-9_]+$/.test(name);
}

export function lastName(dotted: string): string {
  return dotted.slice(dotted.lastIndexOf('.') + 1);
}
