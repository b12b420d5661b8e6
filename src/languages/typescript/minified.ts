/** Tells bundles that a minifier has written: nobody reads or mends those, and what they leak leaks in their sources. */

/** Nobody writes many lines of code as long as this. Closure Compiler breaks its lines at 500 characters. */
const LONG = 400;
const MANY = 3;

/** Nobody writes one as long as this, unless it is a table in a file of its own, with little else in it. */
const VERY_LONG = 1_000;

/** Most of the text stands in long lines of code. Long lines of data, such as an image in base64, are none. */
export function isMinified(text: string): boolean {
  let minified = 0;
  let lines = 0;
  let longest = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const length = end - start;
    if (length > LONG && isCode(text.slice(start, end))) {
      minified += length;
      lines++;
      longest = Math.max(longest, length);
    }
    start = end + 1;
  }
  if (lines >= MANY) return minified > text.length * 0.5;
  return longest > VERY_LONG && minified > text.length * 0.9;
}

/** Calls and blocks, and not one text for the most part: a query has brackets, too. */
function isCode(line: string): boolean {
  const brackets = line.match(/[(){}]/g)?.length ?? 0;
  return brackets > line.length / 50 && !isMostlyText(line);
}

/** Between two quotes stands a text, or what a regular expression with a quote in it makes look like one: hardly half of a bundle. */
function isMostlyText(line: string): boolean {
  return line.split(/['"`]/).some((part, index) => index % 2 === 1 && part.length > line.length / 2);
}
