/** Comments as the port has them, from the ranges that parsers give. */
import type { Span } from '../ir/ir.ts';
import type { Comment } from './language.ts';

/** For languages in which a comment begins with one of these, and `/*` ends with its mirror image. */
const lineSigns = ['//', '#!', '#'];

export function commentAt(text: string, { start, end }: Span): Comment {
  const written = text.slice(start, end);
  const sign = lineSigns.find((one) => written.startsWith(one));
  if (sign !== undefined) return { kind: 'line', start, end, text: written.slice(sign.length) };
  return { kind: 'block', start, end, text: written.replace(/^\/\*|\*\/$/g, '') };
}
