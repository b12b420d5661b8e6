/** The variables a pattern binds. Components of records get unknown values: accessors may do anything. */
import type { Operand } from '../../../ir/ir.ts';
import { unknownValue } from '../../lowering/values.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { spanOf, walk } from '../../tree-sitter.ts';
import { typeText } from '../type-text.ts';
import type { Frame } from './frame.ts';
import { parts } from './nodes.ts';

/**
 * Declares and assigns what the pattern binds when it matches `value`: an `instanceof` with a name,
 * `case Foo foo`, or a record pattern.
 */
export function bindPattern(frame: Frame, pattern: SyntaxNode, value: Operand): void {
  if (pattern.type === 'instanceof_expression') {
    const type = pattern.children.find((child) => child.field === 'right');
    const name = pattern.children.find((child) => child.field === 'name');
    if (type !== undefined && name !== undefined) bind(frame, type, name, value);
    return;
  }
  walk(pattern, (node) => {
    if (node.type !== 'type_pattern' && node.type !== 'record_pattern_component') return 'inside';
    const [type, name] = parts(node);
    if (type !== undefined && name !== undefined) {
      bind(frame, type, name, node.type === 'type_pattern' ? value : unknownValue);
    }
    return 'skip';
  });
}

function bind(frame: Frame, type: SyntaxNode, name: SyntaxNode, value: Operand): void {
  const { builder } = frame;
  const written = typeText(frame.text, type);
  const text = frame.textOf(name);
  const place = builder.places.local(name.start, text, written === 'var' ? null : written);
  frame.declare(text, place);
  builder.assign(place, value, spanOf(name));
}
