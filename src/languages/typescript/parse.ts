/**
 * TypeScript and JavaScript source to ESTree. The parser is loaded only when there is something to parse: it is
 * large, and an ESLint plugin brings trees of its own. Both packages are CommonJS, so nobody has to wait for them.
 *
 * TypeScript's own parser recovers from any error; typescript-estree refuses the result unless the errors are
 * taken off it first. They are kept here as ranges.
 */
import { createRequire } from 'node:module';
import type ts from 'typescript';
import type { TSESTreeOptions } from '@typescript-eslint/typescript-estree';
import type { Span } from '../../ir/ir.ts';
import { commentAt } from '../comments.ts';
import type { Comment, ParsedFile } from '../language.ts';
import { flattenBrackets, removeUnparsable } from './nesting.ts';
import { commentSpans } from './nodes.ts';
import type { Node } from './nodes.ts';
import { convertInSlices } from './slices.ts';
import type { Convert } from './slices.ts';

export interface TypescriptFile extends ParsedFile {
  readonly language: 'typescript';
  readonly program: Node;
  /** Code nested too deep to be parsed, which is not in the tree. */
  readonly removed: readonly Span[];
}

interface Parser {
  readonly compiler: typeof ts;
  /** It takes source files as well as text, which its own type does not say. */
  parse(source: string | ts.SourceFile, options: TSESTreeOptions): Node;
}

const require = createRequire(import.meta.url);
let parser: Parser | null = null;

function parserNow(): Parser {
  if (parser === null) {
    // `require` knows no types; these are those of the packages.
    const compiler = require('typescript') as typeof ts;
    const { parse } = require('@typescript-eslint/typescript-estree') as Pick<Parser, 'parse'>;
    parser = { compiler, parse };
  }
  return parser;
}

export function parseTypescript(path: string, text: string): TypescriptFile {
  const known = parserNow();
  const whole = { start: 0, end: text.length };
  return (
    parseText(known, path, text) ??
    parseFlattened(known, path, text) ?? {
      ...parsedFromProgram(path, text, emptyProgram(text)),
      errors: [whole],
      removed: [whole],
    }
  );
}

/** A tree that somebody else made of the text, with `range` on every node. */
export function parsedFromProgram(path: string, text: string, program: Node): TypescriptFile {
  return { language: 'typescript', path, text, errors: [], program, removed: [] };
}

/** Trees from elsewhere may have them; ours are made without, as few files are asked for them. */
export function commentsOf({ path, text, program }: TypescriptFile): readonly Comment[] {
  const spans = commentSpans(program) ?? attempt(() => readComments(parserNow(), path, text)) ?? [];
  return spans.map((span) => commentAt(text, span));
}

function readComments(known: Parser, path: string, text: string): readonly Span[] | null {
  const source = readSource(known.compiler, path, text);
  takeErrors(source);
  return commentSpans(convertSource(known, source, 'with-comments'));
}

export function isTypescriptFile(file: ParsedFile): file is TypescriptFile {
  return file.language === 'typescript' && 'program' in file;
}

function parseFlattened(known: Parser, path: string, text: string): TypescriptFile | null {
  const flat = flattenBrackets(text);
  const file = flat.removed.length === 0 ? null : parseText(known, path, flat.text);
  if (file !== null) return withRemoved(file, text, flat.removed);
  const parses = (tried: string): boolean => attempt(() => readSource(known.compiler, path, tried)) !== null;
  const rest = removeUnparsable(flat.text, parses);
  const cleaned = rest === null ? null : parseText(known, path, rest.text);
  return rest === null || cleaned === null ? null : withRemoved(cleaned, text, [...flat.removed, ...rest.removed]);
}

function withRemoved(file: TypescriptFile, text: string, removed: readonly Span[]): TypescriptFile {
  return { ...file, text, errors: [...file.errors, ...removed], removed };
}

/** null if the parser gives up: the code is nested too deep. */
function parseText(known: Parser, path: string, text: string): TypescriptFile | null {
  const source = attempt(() => readSource(known.compiler, path, text));
  if (source === null) return null;
  const errors = takeErrors(source);
  const convert: Convert = (file) => convertSource(known, file);
  const program = attempt(() => convert(source)) ?? attempt(() => convertInSlices(known.compiler, source, convert));
  return program === null ? null : { ...parsedFromProgram(path, text, program), errors };
}

/**
 * The parser overflows the stack for some input, and its converter throws for some trees that came out of an
 * error. Neither says anything about the next attempt.
 */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function readSource(compiler: typeof ts, path: string, text: string): ts.SourceFile {
  const options = {
    languageVersion: compiler.ScriptTarget.Latest,
    jsDocParsingMode: compiler.JSDocParsingMode.ParseNone,
  };
  return compiler.createSourceFile(path, text, options, true, scriptKind(compiler, path));
}

/** JavaScript may always have JSX in it. */
function scriptKind(compiler: typeof ts, path: string): ts.ScriptKind {
  const { ScriptKind } = compiler;
  if (path.endsWith('.tsx')) return ScriptKind.TSX;
  return /\.[mc]?ts$/.test(path) ? ScriptKind.TS : ScriptKind.JSX;
}

function takeErrors(source: ts.SourceFile): Span[] {
  // Not in the public type, but where the converter looks for them.
  const file = source as ts.SourceFile & { parseDiagnostics: readonly ts.Diagnostic[] };
  const end = source.text.length;
  const errors = file.parseDiagnostics.map(({ start = 0, length = 0 }) => ({
    start: Math.min(start, end),
    end: Math.min(start + length, end),
  }));
  file.parseDiagnostics = [];
  return errors;
}

function convertSource(known: Parser, source: ts.SourceFile, withComments: 'with-comments' | null = null): Node {
  return known.parse(source, {
    range: true,
    // Taking positions off again would cost a walk over the tree.
    loc: true,
    comment: withComments !== null,
    tokens: false,
    allowInvalidAST: true,
    suppressDeprecatedPropertyWarnings: true,
    errorOnUnknownASTType: false,
    loggerFn: false,
  });
}

function emptyProgram(text: string): Node {
  // A program without statements.
  const program = { type: 'Program', range: [0, text.length] as const, body: [] };
  return program;
}
