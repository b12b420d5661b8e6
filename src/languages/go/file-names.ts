/**
 * What the names at the top level of one Go file mean. The other files of the package are not looked at:
 * a name nobody declares here is taken for what its use suggests.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { Import } from '../language.ts';
import type { MemberNames } from './method-names.ts';

/** `collection`: a slice, array, map or channel, whose literals have elements instead of fields. */
export type TypeForm = 'struct' | 'interface' | 'collection' | 'other';

export interface FileNames extends MemberNames {
  readonly imports: readonly Import[];
  readonly types: ReadonlyMap<string, TypeForm>;
  readonly functions: ReadonlySet<string>;
  /** With their types as far as they are written. */
  readonly variables: ReadonlyMap<string, TypeHint | null>;
  readonly constants: ReadonlySet<string>;
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
