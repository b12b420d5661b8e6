/**
 * The fields of a Python class: what its body assigns and annotates, and what its methods assign to their
 * receiver. Nothing declares them, so the first mention stands for the declaration.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import type { FieldShape } from '../language.ts';
import { childInField, spanOf, walk, withoutParentheses } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { alternativesOf, bindingsOf, bindingType, onlyType, valueType, type Bindings } from './bindings.ts';
import { eitherTruth, truthOf, truthOfType } from './truth.ts';
import type { Truth } from './truth.ts';
import { annotationType } from './type-text.ts';

export interface FieldFacts {
  readonly name: string;
  readonly nameNode: SyntaxNode;
  readonly node: SyntaxNode;
  /** The types of the values given to it; a field with several has none. */
  readonly types: Set<TypeHint>;
  annotated: TypeHint | null;
  truth: Truth | null;
  /** Only the class's body gives it a value. */
  isStatic: boolean;
}

interface Source {
  readonly text: string;
  readonly habits: Habits;
}

export type ClassFields = Map<string, FieldFacts>;

export function fieldShapes(fields: ClassFields): FieldShape[] {
  return [...fields.values()].map((field) => ({
    name: field.name,
    type: fieldType(field),
    isStatic: field.isStatic,
    annotations: [],
    span: spanOf(field.node),
    nameSpan: spanOf(field.nameNode),
  }));
}

/** A statement of a class's body. */
export function addBodyFields({ text, habits }: Source, fields: ClassFields, statement: SyntaxNode): void {
  for (const assignment of statement.children) {
    const left = assignment.type === 'assignment' ? childInField(assignment, 'left') : null;
    if (left?.type !== 'identifier') continue;
    const isStatic = childInField(assignment, 'right') !== null;
    addField({ text, habits }, fields, { assignment, name: left, isStatic, typeOf: () => null });
  }
}

/** `self.x = …`, also as one of several targets, anywhere in a method's body. */
export function addMethodFields(
  source: Source,
  fields: ClassFields,
  method: { readonly body: SyntaxNode; readonly receiver: string; readonly paramTypes: ReadonlyMap<string, TypeHint> },
): void {
  const { body, receiver, paramTypes } = method;
  let locals: Bindings | null = null;
  // `if session is None: session = Session()`, before the field gets it.
  const localType = (name: string): TypeHint | null => {
    const binding = (locals ??= bindingsOf(source.text, [body], source.habits)).names.get(name);
    return binding === undefined ? null : bindingType(binding, new Map());
  };
  const typeOf = (name: string): TypeHint | null => paramTypes.get(name) ?? localType(name);
  walk(body, (node) => {
    if (node.type === 'class_definition') return 'skip';
    const target = node.type === 'as_pattern_target' ? node : childInField(node, 'left');
    if (target === null || !targetHolders.has(node.type)) return 'inside';
    for (const name of receiverAttributes(source.text, target, receiver)) {
      const assignment = target.type === 'attribute' && node.type === 'assignment' ? node : null;
      addField(source, fields, { assignment, name, isStatic: false, typeOf });
    }
    return 'inside';
  });
}

const targetHolders = new Set(['assignment', 'as_pattern_target', 'for_statement']);

interface Mention {
  /** null where the value is one of several. */
  readonly assignment: SyntaxNode | null;
  readonly name: SyntaxNode;
  readonly isStatic: boolean;
  /** What a name of the function is; null: it does not say. */
  readonly typeOf: (name: string) => TypeHint | null;
}

function addField({ text, habits }: Source, fields: ClassFields, mention: Mention): void {
  const { assignment, name: nameNode, isStatic, typeOf } = mention;
  const name = text.slice(nameNode.start, nameNode.end);
  const node = assignment ?? nameNode;
  const known = fields.get(name);
  const field = known ?? { name, nameNode, node, types: new Set(), annotated: null, truth: null, isStatic };
  if (known === undefined) fields.set(name, field);
  if (!isStatic) field.isStatic = false;
  field.annotated ??= assignment === null ? null : annotationType(text, childInField(assignment, 'type'));
  const value = assignment === null ? null : lastValue(assignment);
  if (value === null) return;
  field.truth = eitherTruth(field.truth, truthOf(text, value, habits));
  const type = valueType(text, value, habits) ?? nameType(text, value, typeOf);
  if (type !== null) field.types.add(type);
}

/** `self.x = x`, or `x or make()`, with a name that says what it is. */
function nameType(text: string, value: SyntaxNode, typeOf: Mention['typeOf']): TypeHint | null {
  return onlyType(
    alternativesOf(value).flatMap((one) =>
      one.type === 'identifier' ? (typeOf(text.slice(one.start, one.end)) ?? []) : [],
    ),
  );
}

export function fieldType(field: FieldFacts): TypeHint | null {
  if (field.annotated !== null) return field.annotated;
  const type = onlyType(field.types);
  return type === 'bool' && field.truth !== 'boolean' ? null : type;
}

export function fieldTruth(field: FieldFacts): Truth {
  return field.annotated !== null ? truthOfType(field.annotated) : (field.truth ?? 'reference');
}

/** `a = b = value` */
function lastValue(assignment: SyntaxNode): SyntaxNode | null {
  let value = childInField(assignment, 'right');
  while (value?.type === 'assignment') value = childInField(value, 'right');
  return value === null ? null : withoutParentheses(value);
}

/** The names in `self.a, (self.b, x) = …`. */
function receiverAttributes(text: string, target: SyntaxNode, receiver: string): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  walk(target, (node) => {
    if (node.type !== 'attribute') return node.type === 'subscript' || node.type === 'call' ? 'skip' : 'inside';
    const [object, name] = [childInField(node, 'object'), childInField(node, 'attribute')];
    if (object?.type === 'identifier' && text.slice(object.start, object.end) === receiver && name !== null)
      names.push(name);
    return 'skip';
  });
  return names;
}
