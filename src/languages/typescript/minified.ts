/** Tells bundles that a minifier has written: nobody reads or mends those, and what they leak leaks in their sources. */

/** Nobody writes many lines of code as long as this. Closure Compiler breaks its lines at 500 characters. */
const LONG = 400;

/** Most of the text stands in very long lines of code. Long lines of data, such as an image in base64, are none. */
export function isMinified(text: string): boolean {
  let minified = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LONG && isCode(text.slice(start, end))) minified += end - start;
    start = end + 1;
  }
  return minified > text.length * 0.5;
}

function isCode(line: string): boolean {
  const brackets = line.match(/[(){}]/g)?.length ?? 0;
  return brackets > line.length / 50;
}
