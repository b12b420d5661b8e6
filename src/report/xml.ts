/** XML text. What no XML document may hold, such as control characters from a scanned file, is replaced. */
import XMLBuilder from 'fast-xml-builder';

/** Members beginning with `@` are attributes, `#text` is the content, lists repeat an element. */
export interface XmlElement {
  readonly [member: string]: string | number | XmlElement | readonly XmlElement[];
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  attributeValueProcessor: (_, value) => allowed(String(value)).replace(/[\n\t]/g, ' '),
  tagValueProcessor: (_, value) => allowed(String(value)),
});

export function xmlText(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(root)}`;
}

function allowed(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
