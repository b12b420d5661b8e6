/**
 * `new(value)`, which Go has since 1.26 and the grammar does not: it takes what stands in `new(…)` for a type. Where that is
 * plainly a value, the parser is shown another name of the same length, so that it sees a plain call and every position stands.
 */

const standIn = 'ne_';

/**
 * What begins after `new(`: a literal, an operator, a call, a composite, a sum, a field of a field. A mere name may be
 * either, and parses.
 */
const value = [
  String.raw`["'${'`'}\d!&^+-]`,
  String.raw`<-(?!\s*chan\b)`,
  String.raw`(?:true|false)\s*\)`,
  String.raw`\*?[\p{L}_][\p{L}\p{N}_.]*\s*(?:[({+\-*/%&|^<>=!]|\[\s*["'${'`'}\d])`,
  String.raw`[\p{L}_][\p{L}\p{N}_]*\.[\p{L}\p{N}_]+\.`,
  String.raw`(?:map)?\[[^\]\n]*\][\p{L}\p{N}_.*[\]]*\s*\{`,
].join('|');
const newOfValue = new RegExp(String.raw`\bnew(?=\(\s*(?:${value}))`, 'gu');

/** Of the same length. */
export function withPlainNew(text: string): string {
  return text.includes('new(') ? text.replace(newOfValue, standIn) : text;
}
