/** Parameters and `throws` clauses as lowering sees them. */
import type { PlaceId, ThrowTier, TypeHint } from '../../../ir/ir.ts';
import type { Habits } from '../../habits.ts';
import { childInField, childOfType } from '../../tree-sitter.ts';
import type { SyntaxNode } from '../../tree-sitter.ts';
import { simpleName, typeText } from '../type-text.ts';
import type { Frame } from './frame.ts';
import { parts } from './nodes.ts';

export function declareParameters(frame: Frame, list: SyntaxNode | null): PlaceId[] {
  const params: PlaceId[] = [];
  for (const node of list?.children ?? []) {
    const name = parameterName(node);
    if (name !== null) params.push(declareParameter(frame, name, parameterType(frame, node)));
  }
  return params;
}

export function declareParameter(frame: Frame, name: SyntaxNode, type: TypeHint | null): PlaceId {
  const text = frame.textOf(name);
  const place = frame.builder.places.local(name.start, text, type);
  frame.declare(text, place);
  return place;
}

/** `throws IOException` makes calls likely to throw; unchecked exceptions are announced for readers only. */
export function tierOfThrows(frame: Frame, method: SyntaxNode): ThrowTier {
  const clause = childOfType(method, 'throws');
  if (clause === null) return 'possible';
  return tierOf(
    frame.habits,
    parts(clause).map((type) => typeText(frame.text, type)),
  );
}

export function tierOf(habits: Habits, announced: readonly TypeHint[]): ThrowTier {
  return announced.some((type) => isChecked(habits, type)) ? 'likely' : 'possible';
}

/** Judged by name: the classes of a project's own exceptions are not looked at. */
export function isChecked({ uncheckedNames }: Habits, type: TypeHint): boolean {
  return uncheckedNames?.test(simpleName(type)) !== true;
}

function parameterName(node: SyntaxNode): SyntaxNode | null {
  if (node.type === 'formal_parameter') return childInField(node, 'name');
  if (node.type !== 'spread_parameter') return null;
  const declarator = childOfType(node, 'variable_declarator');
  return declarator === null ? null : childInField(declarator, 'name');
}

function parameterType(frame: Frame, node: SyntaxNode): TypeHint | null {
  if (node.type === 'spread_parameter') {
    const type = parts(node).find((part) => part.type !== 'modifiers' && part.type !== 'variable_declarator');
    return type === undefined ? null : `${typeText(frame.text, type)}[]`;
  }
  const type = childInField(node, 'type');
  const written = type === null ? null : typeText(frame.text, type, childInField(node, 'dimensions'));
  // In a lambda: the type is inferred.
  return written === 'var' ? null : written;
}
