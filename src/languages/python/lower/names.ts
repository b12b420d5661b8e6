/**
 * From what a name stands for to a value, and along its attributes. Modules and classes are no values that
 * could be followed, but what is in them is a variable that outlives every call.
 */
import type { Operand } from '../../../ir/ir.ts';
import { placeValue, unknownValue } from '../../lowering/values.ts';
import type { Frame, Named } from './frame.ts';

/** Builtin types, whose attributes are functions: `str.join`, `dict.fromkeys`. */
const builtinTypes = new Set(
  'bool bytearray bytes complex dict float frozenset int list memoryview object set str tuple type'.split(' '),
);

export function namedValue(frame: Frame, named: Named): Operand {
  const { places } = frame.builder;
  switch (named.kind) {
    case 'place':
      return placeValue(named.place);
    case 'scope':
      // `Color.RED`, `module.lock`, or an imported name, which may be a variable.
      if (named.sort === 'import' || named.text.includes('.')) return placeValue(places.global(named.text));
      return unknownValue;
    case 'function':
    case 'free':
      return placeValue(places.global(named.text));
  }
}

/** The attribute of something that is no variable; null: of a value. */
export function memberOf(named: Named, attribute: string): Named | null {
  if (named.kind === 'scope') return { kind: 'scope', text: `${named.text}.${attribute}`, sort: named.sort };
  if (named.kind === 'free' && isFreeScope(named.text)) {
    return { kind: 'scope', text: `${named.text}.${attribute}`, sort: 'class' };
  }
  return null;
}

/** A name nobody binds is a builtin type or came with `import *`: in upper case, it is a class. */
export function isFreeScope(name: string): boolean {
  return isBuiltinType(name) || /^_*[A-Z]/.test(name);
}

export function isBuiltinType(name: string): boolean {
  return builtinTypes.has(name);
}
