/**
 * Reads printed IR back: `parseFunction(printFunction(fn))` equals `fn`. Also for IR written by hand
 * in engine tests, so the header lines, what calls throw and every span may be left out: what is written without one is
 * where it stands in the text. Does not judge the graph.
 *
 * Only tests read it. It stands here as it is the other half of `print.ts`: both change with the IR.
 */
import { UserError } from '../errors.ts';
import type { BasicBlock, Comparison, FunctionId, Instruction, IrFunction, Place, Span, SymbolName } from './ir.ts';
import { languages } from './ir.ts';
import {
  parseBlockId,
  parseInstruction,
  parseList,
  parseNumber,
  parsePlace,
  parseSpan,
  parseTerminator,
  parseWord,
} from './parse-line.ts';
import { TokenReader } from './tokens.ts';

const kinds: readonly IrFunction['kind'][] = ['function', 'method', 'constructor', 'closure', 'module'];

export function parseFunction(text: string): IrFunction {
  const [fn, ...others] = parseFunctions(text);
  if (fn === undefined || others.length > 0) throw new UserError('IR text: expected exactly one function');
  return fn;
}

export function parseFunctions(text: string): IrFunction[] {
  const reader = new TokenReader(text);
  const functions: IrFunction[] = [];
  while (reader.peek().kind !== 'end') functions.push(parseOne(reader));
  return functions;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function parseOne(reader: TokenReader): IrFunction {
  const { offset } = reader.peek();
  const notSaid: Span = { start: 0, end: 0 };
  reader.expect('function');
  const symbol = parseWord(reader);
  const fn: Writable<IrFunction> = {
    id: symbol as FunctionId,
    symbol: symbol as SymbolName,
    name: symbol,
    owner: null,
    language: languages[0],
    span: notSaid,
    kind: 'function',
    isStatic: false,
    isAsync: false,
    isGenerator: false,
    returns: null,
    receiver: null,
    params: [],
    captures: [],
    places: [],
    blocks: [],
    isCoarse: false,
  };
  while (parseHeader(reader, fn));
  fn.places = parsePlaces(reader);
  fn.blocks = parseBlocks(reader);
  if (fn.span === notSaid) fn.span = { start: offset, end: reader.written().end };
  return fn;
}

/** False when no header line follows. */
function parseHeader(reader: TokenReader, fn: Writable<IrFunction>): boolean {
  if (reader.accept('id')) fn.id = parseWord(reader) as FunctionId;
  else if (reader.accept('name')) fn.name = parseWord(reader);
  else if (reader.accept('owner')) fn.owner = parseWord(reader);
  else if (reader.accept('language')) fn.language = oneOf(reader, languages);
  else if (reader.accept('kind')) fn.kind = oneOf(reader, kinds);
  else if (reader.accept('span')) fn.span = parseSpan(reader);
  else if (reader.accept('returns')) fn.returns = parseWord(reader);
  else if (reader.accept('receiver')) fn.receiver = parsePlace(reader);
  else if (reader.accept('params')) fn.params = parseList(reader, parsePlace);
  else if (reader.accept('captures')) fn.captures = parseList(reader, parsePlace);
  else if (reader.accept('flags')) parseFlags(reader, fn);
  else return false;
  return true;
}

function parseFlags(reader: TokenReader, fn: Writable<IrFunction>): void {
  for (;;) {
    if (reader.accept('static')) fn.isStatic = true;
    else if (reader.accept('async')) fn.isAsync = true;
    else if (reader.accept('generator')) fn.isGenerator = true;
    else if (reader.accept('initializer')) fn.isInitializer = true;
    else if (reader.accept('coarse')) fn.isCoarse = true;
    else return;
  }
}

function oneOf<T extends string>(reader: TokenReader, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === reader.peek().text);
  if (found === undefined) reader.fail(allowed.join(' or '));
  reader.take('word');
  return found;
}

function parsePlaces(reader: TokenReader): Place[] {
  const places: Place[] = [];
  while (reader.accept('place')) {
    if (Number(parsePlace(reader)) !== places.length) reader.fail(`places in order; %${String(places.length)} before`);
    places.push(parsePlaceShape(reader));
  }
  return places;
}

function parsePlaceShape(reader: TokenReader): Place {
  if (reader.accept('local')) {
    const name = reader.accept('_') ? null : parseWord(reader);
    const typeHint = reader.accept(':') ? parseWord(reader) : null;
    return { kind: 'local', name, typeHint, accumulates: reader.accept('accumulates') };
  }
  if (reader.accept('global')) {
    return { kind: 'global', name: parseWord(reader), typeHint: reader.accept(':') ? parseWord(reader) : null };
  }
  if (reader.accept('path')) {
    const [root, fields] = [parsePlace(reader), parseList(reader, parseWord)];
    return { kind: 'path', root, fields, isCount: reader.accept('count') };
  }
  reader.expect('predicate');
  const [text, roots] = [parseWord(reader), parseList(reader, parsePlace)];
  return { kind: 'predicate', text, roots, compares: reader.peek().kind === 'place' ? parseComparison(reader) : null };
}

function parseComparison(reader: TokenReader): Comparison {
  const left = parsePlace(reader);
  const operator = oneOf(reader, ['same', 'above', 'below']);
  if (operator === 'same') return { operator, left, right: parsePlace(reader) };
  return { operator, left, right: Number(parseNumber(reader)) };
}

function parseBlocks(reader: TokenReader): BasicBlock[] {
  const blocks: BasicBlock[] = [];
  while (/^b\d+$/.test(reader.peek().text)) {
    const id = parseBlockId(reader);
    const isLoopHead = reader.accept('loop');
    const unwind = reader.accept('unwind') ? parseBlockId(reader) : null;
    const cloneOf = reader.accept('clone') ? parseBlockId(reader) : null;
    reader.expect(':');
    const instructions: Instruction[] = [];
    for (let one = parseInstruction(reader); one !== null; one = parseInstruction(reader)) instructions.push(one);
    blocks.push({ id, instructions, terminator: parseTerminator(reader), unwind, isLoopHead, cloneOf });
  }
  return blocks;
}
