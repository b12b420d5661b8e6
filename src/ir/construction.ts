/** How calls that make an object of a type are named: alike in all languages, and as each of them writes it. */
const CONSTRUCTS = 'new ';

/** How a call that makes an object of the type is named, whatever the language writes. */
export function construction(type: string): string {
  return CONSTRUCTS + type;
}

/** `keyword`: what the language writes before the type; null: nothing. */
export function callAsWritten(name: string, keyword: string | null): string {
  const type = constructedType(name);
  if (type === null) return name;
  return keyword === null ? type : `${keyword} ${type}`;
}

/** Of such a name the type; null: it names another call. */
export function constructedType(name: string): string | null {
  return name.startsWith(CONSTRUCTS) ? name.slice(CONSTRUCTS.length) : null;
}
