/**
 * Text from a scanned project, safe for a terminal: file names and source may hold control characters
 * that would move the cursor or forge lines. Tabs stay.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g, '\u00b7');
}
