/**
 * What the names at the top level of one Go file mean. The other files of the package are not looked at:
 * a name nobody declares here is taken for what its use suggests.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import type { Import } from '../language.ts';

/** `collection`: a slice, array, map or channel, whose literals have elements instead of fields. */
export type TypeForm = 'struct' | 'interface' | 'collection' | 'other';

export interface FileNames {
  readonly imports: readonly Import[];
  readonly types: ReadonlyMap<string, TypeForm>;
  readonly functions: ReadonlySet<string>;
  /** With their types as far as they are written. */
  readonly variables: ReadonlyMap<string, TypeHint | null>;
  /** With the number, `true` or `false` that is written for it; null: something else, or it counts on. */
  readonly constants: ReadonlyMap<string, string | null>;
  /** Methods and fields the file declares, of whatever type. */
  readonly methods: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

/**
 * `f.Close` without a call: a field or a method? The syntax does not say. What the file declares decides;
 * for other types, methods that are commonly handed on as functions are known by name.
 */
export function isMethodName({ fields, methods }: FileNames, name: string, { methodValues }: Habits): boolean {
  return !fields.has(name) && (methods.has(name) || methodValues.has(name));
}

/**
 * The local name of the import that `name` refers to, or null. A package in the folder `go-redis` or
 * `redis.go` may well call itself `redis`; then the folder's name is the answer.
 */
export function importedPackage(names: FileNames, name: string): string | null {
  if (names.imports.some((one) => one.local === name)) return name;
  if (names.variables.has(name)) return null;
  const similar = names.imports.find((one) => /[-.]/.test(one.local) && one.local.split(/[-.]/).includes(name));
  return similar?.local ?? null;
}
