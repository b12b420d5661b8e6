/**
 * Which field names mean a field where a Java member is declared: its own type's, inherited ones as far
 * as the supertypes are in the same file, and those of the types around it. Access rules are not checked:
 * a program that breaks them does not compile.
 */
import type { FieldShape } from '../language.ts';
import type { TypeHint } from '../../ir/ir.ts';
import { simpleName, withoutArguments } from './type-text.ts';

/** A type, or a body without a name: an enum constant's, or the top level of a compact source file. */
export interface TypeSite {
  /** The named type it belongs to, `Outer.Inner`; '' at the top level. */
  readonly name: string;
  readonly outer: TypeSite | null;
  readonly supertypes: readonly TypeHint[];
  readonly fields: FieldShape[];
}

export interface VisibleFields {
  readonly fields: ReadonlySet<string>;
  readonly staticFields: ReadonlySet<string>;
}

export function visibleFields(site: TypeSite, sites: readonly TypeSite[]): VisibleFields {
  const fields = new Set<string>();
  const staticFields = new Set<string>();
  for (let around: TypeSite | null = site; around !== null; around = around.outer) {
    for (const holder of withSupertypes(around, sites)) {
      for (const field of holder.fields) {
        if (fields.has(field.name) || staticFields.has(field.name)) continue;
        (field.isStatic ? staticFields : fields).add(field.name);
      }
    }
  }
  return { fields, staticFields };
}

/** Nearest first. */
function withSupertypes(site: TypeSite, sites: readonly TypeSite[]): TypeSite[] {
  const found = [site];
  // Grows while it is walked; `includes` stops at a cycle, which broken code can have.
  for (const type of found) {
    for (const supertype of type.supertypes) {
      const name = simpleName(withoutArguments(supertype));
      const declared = sites.find((other) => simpleName(other.name) === name);
      if (declared !== undefined && !found.includes(declared)) found.push(declared);
    }
  }
  return found;
}
