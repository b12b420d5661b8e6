/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { Mentions } from '../../lowering/mentions.ts';
import { bare, childOf, identifierName, spanOf, walk } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import type { Frame } from './frame.ts';
import { moduleName } from './names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: Node, why: string): void {
  const mentions = new Mentions((name) => placeOf(frame, name));
  walk(node, (child) => {
    const name = identifierName(child);
    if (name !== null) mentions.read(name);
    if (child.type === 'ThisExpression') mentions.readPlace(frame.thisPlace());
    const target = writtenName(child);
    if (target !== null) mentions.write(target);
    return 'inside';
  });
  mentions.emit(frame.builder, why, spanOf(node));
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: Node): void {
  for (const { span, why } of frame.output.broken.get(statement) ?? []) {
    const mentions = new Mentions((name) => placeOf(frame, name));
    const text = frame.text.slice(span.start, span.end);
    for (const [name] of text.matchAll(/(?<![.\w$])[\p{L}_$][\p{L}\w$]*/gu)) {
      if (name === 'this') mentions.readPlace(frame.thisPlace());
      else mentions.read(name);
    }
    mentions.emit(frame.builder, why, within(frame.header.span, span));
  }
}

/** The rest of a line may reach beyond the function. */
function within(outer: Span, { start, end }: Span): Span {
  return { start: Math.max(outer.start, Math.min(start, outer.end)), end: Math.min(end, outer.end) };
}

function placeOf(frame: Frame, name: string): PlaceId | null {
  const known = frame.variable(name);
  if (known !== null) return known;
  const declared = moduleName(frame, name);
  return declared?.as === 'value' ? frame.builder.places.global(declared.text, declared.type) : null;
}

function writtenName(node: Node): string | null {
  if (node.type !== 'AssignmentExpression' && node.type !== 'UpdateExpression') return null;
  const target = childOf(node, node.type === 'AssignmentExpression' ? 'left' : 'argument');
  return target === null ? null : identifierName(bare(target));
}
