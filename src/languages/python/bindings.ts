/**
 * The names a body of code binds, and to what kind of thing. In Python a name assigned anywhere in a function
 * is local to all of it, so this has to be known before the first statement is lowered.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import { childInField, childOfType, childrenInField, walk, withoutParentheses } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { isTypeName, lastName, parts } from './nodes.ts';
import { annotationType } from './type-text.ts';
import { eitherTruth, truthOf, truthOfType } from './truth.ts';
import type { Truth } from './truth.ts';

export interface Binding {
  /** `value` for whatever is neither imported nor defined. */
  readonly kinds: Set<'import' | 'class' | 'function' | 'value'>;
  /** As annotated. */
  type: TypeHint | null;
  /** By the look of the values. */
  readonly valueTypes: Set<TypeHint>;
  /** Methods it is asked for before it has a value whose type is seen. */
  asked: Set<string> | null;
  /** null: no value is known. */
  truth: Truth | null;
  /** How many places bind it. */
  times: number;
  /** What it was set to last, if that is `True` or `False`. */
  flag: boolean | null;
}

export interface Bindings {
  readonly names: Map<string, Binding>;
  /** Named in a `global` statement. */
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  /** Methods that names are asked for which are not bound before: parameters, mostly. */
  readonly asked: Map<string, Set<string>>;
  hasYield: boolean;
}

/** Of the statements or the expression, not of the functions and classes in it. */
export function bindingsOf(text: string, roots: readonly SyntaxNode[], habits: Habits): Bindings {
  const found: Bindings = {
    names: new Map(),
    globals: new Set(),
    nonlocals: new Set(),
    asked: new Map(),
    hasYield: false,
  };
  const reading: Reading = { text, habits, found, chained: new Set() };
  for (const root of roots) walk(root, (node) => (visit(reading, node) ? 'inside' : 'skip'));
  return found;
}

/** To the names of a module: a function that says `global started` sets it as well. */
export function bindByFunctions(text: string, { names }: Bindings): void {
  for (const [, list] of text.matchAll(/^[ \t]*global[ \t]+(.*)$/gm)) {
    for (const name of list?.split(/\W+/) ?? []) {
      const binding = names.get(name);
      if (binding !== undefined) binding.times++;
    }
  }
}

export function bind(found: Bindings, name: string, kind: 'import' | 'class' | 'function' | 'value'): Binding {
  const known = found.names.get(name);
  const binding = known ?? {
    kinds: new Set(),
    type: null,
    valueTypes: new Set(),
    asked: null,
    truth: null,
    times: 0,
    flag: null,
  };
  binding.kinds.add(kind);
  binding.times++;
  if (known === undefined) found.names.set(name, binding);
  return binding;
}

/** As annotated, or as a method tells that only this type has. */
export function statedType({ type, asked }: Binding, telling: ReadonlyMap<string, TypeHint>): TypeHint | null {
  if (type !== null || asked === null) return type;
  for (const [method, only] of telling) if (asked.has(method)) return only;
  return null;
}

/** The stated type, or the only one its values seem to have. */
export function bindingType(binding: Binding, telling: ReadonlyMap<string, TypeHint>): TypeHint | null {
  const stated = statedType(binding, telling);
  if (stated !== null) return stated;
  const type = onlyType(binding.valueTypes);
  return type === 'bool' && binding.truth !== 'boolean' ? null : type;
}

/** The names in `a, (b, *c)`; what is assigned to in `a.b` and `a[0]` is no name. */
export function targetNames(target: SyntaxNode): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  walk(target, (node) => {
    if (node.type === 'identifier') names.push(node);
    return node.type === 'attribute' || node.type === 'subscript' || node.type === 'call' ? 'skip' : 'inside';
  });
  return names;
}

/**
 * The type a value has by the look of it: `Pool(…)`, `threading.Lock()`; a flag is a `bool`. Of several that it may be,
 * `given or Pool(…)`, the only type that is seen.
 */
export function valueType(text: string, written: SyntaxNode, habits: Habits): TypeHint | null {
  const node = withoutParentheses(written);
  if (truthOf(text, node, habits) === 'boolean' && node.type !== 'call') return 'bool';
  const alternatives = alternativesOf(node);
  if (alternatives.length > 1) {
    const type = onlyType(alternatives.flatMap((one) => valueType(text, one, habits) ?? []));
    return type === 'bool' ? null : type;
  }
  const callee = node.type === 'call' ? childInField(node, 'function') : null;
  if (callee === null) return null;
  const name = text.slice(callee.start, callee.end).replace(/\s+/g, '');
  if (!/^[\w.]+$/.test(name) || /^(?:self|cls)\./.test(name)) return null;
  return name.includes('.') || isTypeName(lastName(name)) ? name : null;
}

/** Of the types that a name was seen with, the only one; null: there are none, or several. */
export function onlyType(types: Iterable<TypeHint>): TypeHint | null {
  const [type, ...others] = new Set(types);
  return type === undefined || others.length > 0 ? null : type;
}

/** What `a or b` and `a if test else b` may be. */
export function alternativesOf(written: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting = [written];
  // They nest without end.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = withoutParentheses(next);
    const [first, second, third] = parts(node);
    const other =
      node.type === 'boolean_operator' ? second : node.type === 'conditional_expression' ? third : undefined;
    if (first === undefined || other === undefined) found.push(node);
    else waiting.push(other, first);
  }
  return found;
}

/** `except Error, e` of Python 2 names a variable, `except A, B` another class. */
export function oldStyleAlias(text: string, clause: SyntaxNode): SyntaxNode | null {
  const values = childrenInField(clause, 'value');
  const second = values[1];
  if (values.length !== 2 || second?.type !== 'identifier') return null;
  return isTypeName(text.slice(second.start, second.end)) ? null : second;
}

/** The variable a `case` pattern of a single name binds; `_` binds none. */
export function capturedName(text: string, node: SyntaxNode): string | null {
  if (node.type !== 'dotted_name' || node.children.length !== 1) return null;
  const name = text.slice(node.start, node.end);
  return name === '_' ? null : name;
}

interface Reading {
  readonly text: string;
  readonly habits: Habits;
  readonly found: Bindings;
  /** Links of `a = b = value` that were looked at with the first. */
  readonly chained: Set<SyntaxNode>;
}

/** Says whether to look inside. */
function visit(reading: Reading, node: SyntaxNode): boolean {
  const { text, found } = reading;
  const value = (target: SyntaxNode | null): void => {
    for (const name of target === null ? [] : targetNames(target)) bind(found, textOf(text, name), 'value');
  };
  switch (node.type) {
    case 'function_definition':
    case 'class_definition': {
      const name = childInField(node, 'name');
      const kind = node.type === 'class_definition' ? 'class' : 'function';
      if (name !== null) bind(found, textOf(text, name), kind);
      return false;
    }
    case 'lambda':
      return false;
    case 'call':
      noteAsked(text, found, node);
      return true;
    case 'assignment':
      bindAssignments(reading, node);
      return true;
    case 'augmented_assignment':
    case 'for_statement':
      bindUnknown(text, found, childInField(node, 'left'), node.type === 'for_statement' ? 'reference' : 'mixed');
      return true;
    case 'named_expression': {
      const [name, given] = [childInField(node, 'name'), childInField(node, 'value')];
      if (name !== null) bindValue(reading, name, given);
      return true;
    }
    case 'as_pattern_target':
    case 'delete_statement':
      value(node);
      return node.type !== 'as_pattern_target';
    case 'except_clause':
      value(oldStyleAlias(text, node));
      return true;
    case 'as_pattern': {
      const last = node.children.at(-1);
      if (last?.type === 'identifier') value(last);
      return true;
    }
    case 'import_statement':
    case 'import_from_statement':
      bindImports(text, found, node);
      return false;
    case 'global_statement':
    case 'nonlocal_statement': {
      const set = node.type === 'global_statement' ? found.globals : found.nonlocals;
      for (const name of parts(node)) set.add(textOf(text, name));
      return false;
    }
    case 'yield':
      if (node.children.length > 0) found.hasYield = true;
      return true;
    default:
      bindPattern(text, found, node);
      return true;
  }
}

function noteAsked(text: string, found: Bindings, call: SyntaxNode): void {
  const callee = childInField(call, 'function');
  const [object, member] =
    callee?.type === 'attribute' ? [childInField(callee, 'object'), childInField(callee, 'attribute')] : [null, null];
  if (member === null || object?.type !== 'identifier') return;
  const name = textOf(text, object);
  const binding = found.names.get(name);
  if (binding !== undefined && binding.valueTypes.size > 0) return;
  const asked = binding?.asked ?? found.asked.get(name) ?? new Set();
  asked.add(textOf(text, member));
  if (binding === undefined) found.asked.set(name, asked);
  else binding.asked = asked;
}

const patternTypes = new Set(['case_pattern', 'union_pattern', 'keyword_pattern', 'dict_pattern', 'splat_pattern']);

function bindPattern(text: string, found: Bindings, node: SyntaxNode): void {
  if (!patternTypes.has(node.type)) return;
  for (const child of node.children) {
    const name = capturedName(text, child);
    if (name !== null && child.field !== 'key') bind(found, name, 'value');
    if (node.type === 'splat_pattern' && child.type === 'identifier') bind(found, textOf(text, child), 'value');
  }
}

/** `x: T = y = value`: all of them get the last in it. */
function bindAssignments(reading: Reading, node: SyntaxNode): void {
  const { chained } = reading;
  if (chained.has(node)) return;
  const links = [node];
  let value = childInField(node, 'right');
  for (; value?.type === 'assignment'; value = childInField(value, 'right')) links.push(value);
  for (const link of links) {
    chained.add(link);
    bindAssignment(reading, link, value);
  }
}

function bindAssignment(reading: Reading, node: SyntaxNode, value: SyntaxNode | null): void {
  const { text, found } = reading;
  const [left, type] = [childInField(node, 'left'), annotationType(text, childInField(node, 'type'))];
  if (left === null) return;
  if (left.type !== 'identifier') return bindUnknown(text, found, left, 'reference');
  const binding = bindValue(reading, left, value);
  binding.type ??= type;
  if (type !== null) binding.truth = truthOfType(type);
}

function bindValue({ text, habits, found }: Reading, name: SyntaxNode, value: SyntaxNode | null): Binding {
  const binding = bind(found, textOf(text, name), 'value');
  if (value === null) return binding;
  const isOneOfMany = value.type === 'augmented_assignment' || value.type === 'pattern_list';
  binding.truth = eitherTruth(binding.truth, isOneOfMany ? 'mixed' : truthOf(text, value, habits));
  binding.flag = value.type === 'true' || value.type === 'false' ? value.type === 'true' : null;
  const type = isOneOfMany ? null : valueType(text, value, habits);
  if (type !== null) binding.valueTypes.add(type);
  return binding;
}

function bindUnknown(text: string, found: Bindings, target: SyntaxNode | null, truth: Truth): void {
  for (const name of target === null ? [] : targetNames(target)) {
    const binding = bind(found, textOf(text, name), 'value');
    binding.truth = eitherTruth(binding.truth, truth);
  }
}

function bindImports(text: string, found: Bindings, node: SyntaxNode): void {
  for (const name of childrenInField(node, 'name')) {
    const alias = name.type === 'aliased_import' ? childInField(name, 'alias') : null;
    const first = alias ?? (name.type === 'aliased_import' ? childOfType(name, 'dotted_name') : name);
    const bound = first === null ? '' : textOf(text, first).split('.')[0];
    if (bound !== undefined && bound !== '') bind(found, bound.trim(), 'import');
  }
}

function textOf(text: string, node: SyntaxNode): string {
  return text.slice(node.start, node.end);
}
