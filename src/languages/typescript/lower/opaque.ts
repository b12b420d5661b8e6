/** Syntax that is not lowered: broken code, a node this frontend does not know, nesting without end. */
import type { PlaceId, Span } from '../../../ir/ir.ts';
import { bare, childOf, identifierName, spanOf, walk } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import type { Frame } from './frame.ts';
import { moduleName } from './names.ts';

/** Reads what the node mentions, writes what it assigns. */
export function lowerOpaque(frame: Frame, node: Node, why: string): void {
  const mentions = new Mentions(frame);
  walk(node, (child) => {
    const name = identifierName(child);
    if (name !== null) mentions.read(name);
    if (child.type === 'ThisExpression') mentions.readThis();
    const target = writtenName(child);
    if (target !== null) mentions.write(target);
    return 'inside';
  });
  mentions.emit(why, spanOf(node));
}

/** What the parser could not make sense of in this statement, before it does anything else. */
export function lowerBrokenParts(frame: Frame, statement: Node): void {
  for (const { span, why } of frame.output.broken.get(statement) ?? []) {
    const mentions = new Mentions(frame);
    const text = frame.text.slice(span.start, span.end);
    for (const [name] of text.matchAll(/(?<![.\w$])[\p{L}_$][\p{L}\w$]*/gu)) {
      if (name === 'this') mentions.readThis();
      else mentions.read(name);
    }
    mentions.emit(why, within(frame.header.span, span));
  }
}

/** The rest of a line may reach beyond the function. */
function within(outer: Span, { start, end }: Span): Span {
  return { start: Math.max(outer.start, Math.min(start, outer.end)), end: Math.min(end, outer.end) };
}

class Mentions {
  private readonly frame: Frame;
  private readonly reads = new Set<PlaceId>();
  private readonly writes = new Set<PlaceId>();
  private readonly names = new Map<string, PlaceId | null>();

  constructor(frame: Frame) {
    this.frame = frame;
  }

  read(name: string): void {
    const place = this.place(name);
    if (place !== null) this.reads.add(place);
  }

  write(name: string): void {
    const place = this.place(name);
    if (place !== null) this.writes.add(place);
  }

  readThis(): void {
    const self = this.frame.thisPlace();
    if (self !== null) this.reads.add(self);
  }

  emit(why: string, span: Span): void {
    this.frame.builder.emit({ op: 'opaque', reads: [...this.reads], writes: [...this.writes], why, span });
  }

  private place(name: string): PlaceId | null {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const found = this.frame.variable(name) ?? this.global(name);
    this.names.set(name, found);
    return found;
  }

  private global(name: string): PlaceId | null {
    const declared = moduleName(this.frame, name);
    if (declared?.as !== 'value') return null;
    return this.frame.builder.places.global(declared.text, declared.type);
  }
}

function writtenName(node: Node): string | null {
  if (node.type !== 'AssignmentExpression' && node.type !== 'UpdateExpression') return null;
  const target = childOf(node, node.type === 'AssignmentExpression' ? 'left' : 'argument');
  return target === null ? null : identifierName(bare(target));
}
