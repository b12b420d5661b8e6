/**
 * The platform's own types, from the line files in `rules/<language>/api/`: one type a line, so that a scan
 * reads only the lines of the types it meets. Their form is told in scripts/jdk-index/JdkIndex.java. What is
 * said of a type in a later file adds to what an earlier one says.
 */
import { append } from '../append.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { InvariantError } from '../errors.ts';
import type { Language, TypeHint } from '../ir/ir.ts';
import type { ApiIndex, ApiMethod, ApiType } from './model-set.ts';

/** The same from `src/models/` and from `dist/models/`. */
const rulesFolder = new URL('../../rules/', import.meta.url);

type MethodLine = readonly [params: readonly string[], returns: string, throws?: readonly string[], flags?: string];

/** What one line says; parts at its end may be missing. */
type TypeLine = readonly [
  name: string,
  typeParameters?: readonly string[],
  supertypes?: readonly string[],
  methods?: Readonly<Record<string, readonly MethodLine[]>>,
  fields?: Readonly<Record<string, string>>,
];

const loaded = new Map<Language, ApiIndex>();

/** Reads nothing until it is asked; the same index for every caller. */
export function loadApiIndex(language: Language): ApiIndex {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  let lines: ReadonlyMap<string, readonly string[]> | null = null;
  const types = new Map<string, ApiType | null>();
  const index: ApiIndex = {
    type(name) {
      const found = types.get(name);
      if (found !== undefined) return found;
      lines ??= readLines(language);
      const described = lines.get(name);
      const made = described === undefined ? null : apiType(described.map(parseLine));
      types.set(name, made);
      return made;
    },
  };
  loaded.set(language, index);
  return index;
}

/** By type name; nearly always one line each. Lines stay text until they are wanted. */
function readLines(language: Language): ReadonlyMap<string, readonly string[]> {
  const folder = new URL(`${language}/api/`, rulesFolder);
  const lines = new Map<string, string[]>();
  if (!existsSync(folder)) return lines;
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  for (const name of names.sort()) collectLines(readFileSync(new URL(name, folder), 'latin1'), lines);
  return lines;
}

function collectLines(text: string, lines: Map<string, string[]>): void {
  // The first line is about the file. A type's line starts with its name: `["java.io.File",…`.
  const nameAt = '["'.length;
  for (let start = text.indexOf('\n') + 1; start < text.length;) {
    const end = text.indexOf('\n', start);
    if (end < 0) throw new InvariantError('an API index must end with a line end');
    const name = text.slice(start + nameAt, text.indexOf('"', start + nameAt));
    const line = text.slice(start, end);
    append(lines, name, line);
    start = end + 1;
  }
}

/** Written by our own generator, and by hand in its form under test, so the shape needs no check. */
function parseLine(line: string): TypeLine {
  return JSON.parse(line) as TypeLine;
}

function apiType(lines: readonly TypeLine[]): ApiType {
  const name = lines[0]?.[0] ?? '';
  const methods = new Map<string, readonly ApiMethod[]>();
  return {
    name,
    typeParameters: lines[0]?.[1] ?? [],
    supertypes: lines.flatMap((line) => line[2] ?? []),
    methods(member) {
      let found = methods.get(member);
      if (found === undefined) {
        found = lines.flatMap((line) => own(line[3], member) ?? []).map((method) => apiMethod(method, name));
        methods.set(member, found);
      }
      return found;
    },
    field(member) {
      for (const line of lines) {
        const type = own(line[4], member);
        if (type !== null) return type;
      }
      return null;
    },
  };
}

/** Members may be called `toString` or `constructor`, which every object has. */
function own<Item>(record: Readonly<Record<string, Item>> | undefined, name: string): Item | null {
  return record !== undefined && Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}

function apiMethod([params, returns, throws = [], flags = '']: MethodLine, type: TypeHint): ApiMethod {
  return {
    params,
    returns: returns === '' ? type : returns,
    throws,
    isStatic: flags.includes('s'),
    isVariadic: flags.includes('v'),
  };
}
