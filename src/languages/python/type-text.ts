/**
 * Annotations as type text in the syntax all languages share: `Optional[List["Conn"]]` is `Conn[]`.
 * Where several types are possible there is none: better no type than one of them.
 */
import type { TypeHint } from '../../ir/ir.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { lastName } from './nodes.ts';

export function annotationType(text: string, node: SyntaxNode | null): TypeHint | null {
  return node === null ? null : typeFromText(text.slice(node.start, node.end));
}

export function typeFromText(written: string): TypeHint | null {
  const tokens = written.replace(/#[^\n]*/g, '').match(/[\p{L}\p{N}_.]+|[^\s"'\\]/gu) ?? [];
  const reader: Reader = { tokens, at: 0, depth: 0 };
  const type = readUnion(reader);
  return reader.at !== tokens.length || type === nothing ? null : type;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
}

const maxNesting = 40;

const nothing = 'None';

const sayNothing = new Set(['Any', 'object', 'NoReturn', 'Never']);

/** Where elements are all that matters. */
const sequences = new Set([
  'list',
  'List',
  'Sequence',
  'MutableSequence',
  'Iterable',
  'Iterator',
  'Collection',
  'AsyncIterable',
  'AsyncIterator',
]);

/** `Final[T]` is a `T`. */
const transparent = new Set(['Optional', 'Final', 'ClassVar', 'Annotated', 'Required', 'NotRequired', 'ReadOnly']);

/** What stands in their brackets is not types. */
const withoutArguments = new Set(['Callable', 'Literal', 'type', 'Type']);

function readUnion(reader: Reader): TypeHint | null {
  const types = [readOne(reader)];
  while (reader.tokens[reader.at] === '|') {
    reader.at++;
    types.push(readOne(reader));
  }
  return onlyType(types);
}

/** `None` makes the rest optional; two types left make none. */
function onlyType(types: readonly (TypeHint | null)[]): TypeHint | null {
  const left = [...new Set(types)].filter((type) => type !== nothing);
  if (left.length === 0) return nothing;
  return left.length === 1 ? (left[0] ?? null) : null;
}

function readOne(reader: Reader): TypeHint | null {
  const name = reader.tokens[reader.at++];
  if (name === undefined || !/^[\p{L}_]/u.test(name)) return giveUp(reader);
  if (reader.tokens[reader.at] !== '[') return sayNothing.has(lastName(name)) ? null : name;
  if (++reader.depth > maxNesting) return giveUp(reader);
  reader.at++;
  const simple = lastName(name);
  const args = withoutArguments.has(simple) ? skipArguments(reader) : readArguments(reader);
  reader.depth--;
  return generic(name, simple, args);
}

function generic(name: string, simple: string, args: readonly (TypeHint | null)[]): TypeHint | null {
  const [first] = args;
  if (simple === 'Union') return onlyType(args);
  if (transparent.has(simple)) return first ?? null;
  if (sequences.has(simple)) return `${first ?? 'object'}[]`;
  if (/^[Tt]uple$/.test(simple) && args.length === 2 && args[1] === '...') return `${first ?? 'object'}[]`;
  const base = simple === 'Dict' || simple === 'Set' || simple === 'Tuple' ? simple.toLowerCase() : name;
  if (args.length === 0) return base;
  return `${base}<${args.map((arg) => arg ?? 'object').join(',')}>`;
}

function readArguments(reader: Reader): (TypeHint | null)[] {
  const args: (TypeHint | null)[] = [];
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at];
    if (token === ']') break;
    if (token === ',') reader.at++;
    else if (token === '...') {
      reader.at++;
      args.push('...');
    } else args.push(readUnion(reader));
  }
  reader.at++;
  return args;
}

function skipArguments(reader: Reader): [] {
  for (let open = 1; open > 0 && reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at];
    if (token === '[') open++;
    else if (token === ']') open--;
  }
  return [];
}

/** The rest is not read: there is no type. */
function giveUp(reader: Reader): null {
  reader.at = reader.tokens.length + 1;
  return null;
}
