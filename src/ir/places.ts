/**
 * The places of one function under construction, interned: asking twice for the same place gives the
 * same id. It does not know how places are written to; `builder.ts` does.
 */
import type { Comparison, Place, PlaceId, TypeHint } from './ir.ts';

/** Longer access paths are cut: the prefix is copied to a temporary first. */
export const maxPathFields = 2;

/** The field that stands for all elements of an array or a collection. */
export const elementField = '[]';

export class PlaceTable {
  readonly list: Place[] = [];
  private readonly interned = new Map<string, PlaceId>();
  private readonly countField: string | null;

  constructor(countField: string | null = null) {
    this.countField = countField;
  }

  /**
   * A variable, by the offset of its declaration: shadowing and sibling scopes give distinct places,
   * while another lowering of the same cleanup region gives the same.
   */
  local(declaration: number, name: string, typeHint: TypeHint | null): PlaceId {
    return this.intern(`local ${declaration} ${name}`, { kind: 'local', name, typeHint, accumulates: false });
  }

  /** A value without a name. */
  temp(typeHint: TypeHint | null = null): PlaceId {
    return this.add({ kind: 'local', name: null, typeHint, accumulates: false });
  }

  /** A local that no declaration in this function makes: a receiver, a capture, a deferred-call slot. */
  synthetic(name: string | null, typeHint: TypeHint | null, accumulates = false): PlaceId {
    return this.add({ kind: 'local', name, typeHint, accumulates });
  }

  /** `root.field`, or null where the path would be too long. */
  path(root: PlaceId, field: string): PlaceId | null {
    const place = this.get(root);
    if (place.kind !== 'path') return this.internPath(root, [field]);
    if (place.fields.length >= maxPathFields) return null;
    return this.internPath(place.root, [...place.fields, field]);
  }

  global(name: string, typeHint: TypeHint | null = null): PlaceId {
    return this.intern(`global ${name}`, { kind: 'global', name, typeHint });
  }

  predicate(text: string, roots: readonly PlaceId[], compares: Comparison | null = null): PlaceId {
    const unique = [...new Set(roots)];
    return this.intern(`predicate ${unique.join()} ${text}`, { kind: 'predicate', text, roots: unique, compares });
  }

  get(id: PlaceId): Place {
    const place = this.list[id];
    if (place === undefined) throw new RangeError(`no place ${id}`);
    return place;
  }

  private internPath(root: PlaceId, fields: readonly string[]): PlaceId {
    const isCount = fields.at(-1) === this.countField;
    return this.intern(`path ${root} ${fields.join('.')}`, { kind: 'path', root, fields, isCount });
  }

  private intern(key: string, place: Place): PlaceId {
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    const id = this.add(place);
    this.interned.set(key, id);
    return id;
  }

  private add(place: Place): PlaceId {
    // The one place where an index becomes a PlaceId.
    const id = this.list.length as PlaceId;
    this.list.push(place);
    return id;
  }
}
