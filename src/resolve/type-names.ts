/** Reading type names as text: `java.util.List<java.io.InputStream>[]`. */

/** Without type arguments and array brackets. */
export function erase(type: string): string {
  const open = type.indexOf('<');
  if (open < 0 && !type.includes('[') && !type.endsWith('...')) return type;
  const base = open < 0 ? type : type.slice(0, open) + type.slice(type.lastIndexOf('>') + 1);
  return base.replaceAll('[]', '').replace(/\.\.\.$/, '');
}

export function isArray(type: string): boolean {
  return type.endsWith('[]');
}

export function typeArguments(type: string): readonly string[] {
  const open = type.indexOf('<');
  if (open < 0) return [];
  return split(type.slice(open + 1, type.lastIndexOf('>')));
}

/** At the commas that are inside no brackets. */
function split(list: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const char = list[i];
    if (char === '<' || char === '(') depth++;
    else if (char === '>' || char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(list.slice(start).trim());
  return parts.filter((part) => part !== '');
}

export function simpleName(type: string): string {
  const base = erase(type);
  return base.slice(base.lastIndexOf('.') + 1);
}

/** A name nobody could resolve stays simple; a resolved one has a package, or belongs to the project. */
export function isQualified(type: string): boolean {
  return type.includes('.') || type.includes('/');
}

/** The types of several results, from `(A,B)`; of one, itself. */
export function resultTypes(type: string): readonly string[] {
  return type.startsWith('(') ? split(type.slice(1, -1)) : [type];
}
