/** Java types, names and annotations as plain text: no white space, comments or type annotations. */
import type { TypeHint } from '../../ir/ir.ts';
import type { Annotation } from '../language.ts';
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

/** `dimensions` is that of a declarator: `String names[]`. */
export function typeText(text: string, node: SyntaxNode, dimensions: SyntaxNode | null = null): TypeHint {
  const base = compactText(text, node);
  return dimensions === null ? base : base + compactText(text, dimensions);
}

/** A dotted name, which the source may spread over lines. */
export function nameText(text: string, node: SyntaxNode): string {
  return compactText(text, node);
}

/** `java.util.Map<String,Foo>[]` names the type `java.util.Map`. */
export function withoutArguments(type: TypeHint): string {
  const end = type.search(/[<[]/);
  return end < 0 ? type : type.slice(0, end);
}

/** `Outer.Inner` is written `Inner` nearby. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

export function isAnnotation(node: SyntaxNode): boolean {
  return node.type === 'annotation' || node.type === 'marker_annotation';
}

export function readAnnotation(text: string, node: SyntaxNode): Annotation {
  const name = childInField(node, 'name');
  const args = childInField(node, 'arguments');
  return {
    name: name === null ? '' : nameText(text, name),
    args: args === null ? null : text.slice(args.start + 1, args.end - 1).trim(),
  };
}

function compactText(text: string, node: SyntaxNode): string {
  const written = text.slice(node.start, node.end);
  if (!/[\s@/]/.test(written)) return written;
  const annotations = annotationsIn(node);
  let result = '';
  let from = node.start;
  for (const annotation of annotations) {
    result += text.slice(from, annotation.start);
    from = annotation.end;
  }
  result += text.slice(from, node.end);
  return result.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').replace(/\s+/g, '');
}

/** Outermost only, in source order. */
function annotationsIn(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending: SyntaxNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isAnnotation(next)) found.push(next);
    else for (const child of next.children) pending.push(child);
  }
  return found.sort((a, b) => a.start - b.start);
}
