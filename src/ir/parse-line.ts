/** Reads back what `print-line.ts` prints: places, operands, instructions, terminators. */
import { throwTiers } from './ir.ts';
import type {
  Argument,
  BlockId,
  CallInstruction,
  Callee,
  CatchClause,
  ClosureInstruction,
  Condition,
  FunctionId,
  Instruction,
  Literal,
  Operand,
  PlaceId,
  Span,
  SwitchCase,
  Terminator,
  ThrowTier,
  TypeHint,
} from './ir.ts';
import type { TokenReader } from './tokens.ts';

export function parsePlace(reader: TokenReader): PlaceId {
  const text = reader.take('place');
  return Number(text.slice(text.lastIndexOf('%') + 1)) as PlaceId;
}

export function parseBlockId(reader: TokenReader): BlockId {
  const token = reader.peek();
  if (!/^b\d+$/.test(token.text)) reader.fail('a block such as b0');
  return Number(reader.take('word').slice(1)) as BlockId;
}

/** A bare word or a JSON string. */
export function parseWord(reader: TokenReader): string {
  if (reader.peek().kind === 'string') return JSON.parse(reader.take('string')) as string;
  return reader.take('word', 'a name');
}

/** Left out, as in IR written by hand, it is where the line stands in the text. */
export function parseSpan(reader: TokenReader): Span {
  if (reader.peek().kind !== 'span') return reader.written();
  const [start, end] = reader.take('span').slice(1).split('..').map(Number);
  return { start: start ?? 0, end: end ?? 0 };
}

export function parseList<T>(reader: TokenReader, item: (reader: TokenReader) => T): T[] {
  reader.expect('(');
  const items: T[] = [];
  while (!reader.accept(')')) {
    if (items.length > 0) reader.expect(',');
    items.push(item(reader));
  }
  return items;
}

function parseLiteral(reader: TokenReader): Literal {
  const token = reader.peek();
  if (reader.accept('null')) return { kind: 'null' };
  if (reader.accept('true')) return { kind: 'boolean', value: true };
  if (reader.accept('false')) return { kind: 'boolean', value: false };
  if (token.kind === 'string') return { kind: 'string', text: parseWord(reader) };
  return { kind: 'number', text: parseNumber(reader, 'a literal') };
}

export function parseNumber(reader: TokenReader, wanted = 'a number'): string {
  const text = reader.take('number', wanted).slice(1);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

function parseCondition(reader: TokenReader): Condition {
  reader.expect('(');
  const place = parsePlace(reader);
  const condition = parseTest(reader, place);
  reader.expect(')');
  return condition;
}

function parseTest(reader: TokenReader, place: PlaceId): Condition {
  if (reader.accept('==')) return { place, negated: false, test: 'equals', literal: parseLiteral(reader) };
  if (reader.accept('!=')) return { place, negated: true, test: 'equals', literal: parseLiteral(reader) };
  reader.expect('is');
  const negated = reader.accept('not');
  if (reader.accept('null')) return { place, negated, test: 'null' };
  if (reader.accept('true')) return { place, negated, test: 'true' };
  reader.expect('a');
  return { place, negated, test: 'type', type: parseWord(reader) };
}

function parseOperand(reader: TokenReader): Operand {
  const token = reader.peek();
  if (token.kind === 'place') return { kind: 'place', place: parsePlace(reader) };
  if (token.text === '(') return { kind: 'condition', condition: parseCondition(reader) };
  if (reader.accept('fresh')) return { kind: 'fresh', type: reader.accept(':') ? parseWord(reader) : null };
  if (reader.accept('unknown')) return { kind: 'unknown' };
  return { kind: 'literal', literal: parseLiteral(reader) };
}

function parseArgument(reader: TokenReader): Argument {
  const isNamed = reader.peek(1).text === '=' && reader.peek(1).kind === 'mark';
  const name = isNamed ? parseWord(reader) : null;
  if (isNamed) reader.expect('=');
  const isSpread = reader.accept('*');
  const value = parseOperand(reader);
  return {
    value,
    name,
    isSpread,
    ...(reader.accept('is') ? { number: Number(parseNumber(reader)) } : {}),
    ...(reader.accept('begins') ? { begins: parseWord(reader) } : {}),
  };
}

/** Left out, as in IR written by hand, nothing is thrown. */
function parseThrows(reader: TokenReader): ThrowTier {
  if (!reader.accept('throws')) return 'never';
  const word = reader.take('word', 'a throw tier');
  return throwTiers.find((tier) => tier === word) ?? reader.fail('a throw tier');
}

/** null when what follows is a terminator. */
export function parseInstruction(reader: TokenReader): Instruction | null {
  reader.begin();
  const dests: PlaceId[] = [];
  while (reader.peek().kind === 'place') {
    dests.push(parsePlace(reader));
    if (!reader.accept(',')) break;
  }
  if (dests.length > 0) reader.expect('=');
  const dest = dests[0] ?? null;
  const word = reader.peek().text;
  if (isCallee(word)) return parseCall(reader, dests);
  if (reader.accept('closure')) return parseClosure(reader, dest ?? reader.fail('a place before `closure`'));
  if (reader.accept('caught')) return { op: 'caught', dest, span: parseSpan(reader) };
  if (word === 'await' || word === 'yield') return parseSuspension(reader, word, dest);
  if (dest !== null) return { op: 'assign', dest, source: parseOperand(reader), span: parseSpan(reader) };
  if (reader.accept('spawn')) return { op: 'spawn', call: parseCall(reader, []), span: parseSpan(reader) };
  if (reader.accept('opaque')) return parseOpaque(reader);
  return null;
}

function isCallee(word: string): boolean {
  return ['new', 'delegate', 'method', 'super-method', 'function', 'value', 'aggregate'].includes(word);
}

function parseCall(reader: TokenReader, dests: readonly PlaceId[]): CallInstruction {
  const callee = parseCallee(reader);
  const receiver = reader.accept('on') ? parsePlace(reader) : null;
  const args = parseList(reader, parseArgument);
  const throws = parseThrows(reader);
  const isImplicit = reader.accept('implicit');
  const deferred = reader.accept('deferred') ? { isDeferred: true as const } : {};
  return { op: 'call', dests, callee, receiver, args, throws, ...deferred, span: parseSpan(reader), isImplicit };
}

function parseCallee(reader: TokenReader): Callee {
  if (reader.accept('new')) return { kind: 'construct', type: parseWord(reader) };
  if (reader.accept('method')) return { kind: 'method', name: parseWord(reader), isSuper: false };
  if (reader.accept('super-method'))
    return { kind: 'method', name: parseWord(reader), isSuper: true, ...parseSuperclass(reader) };
  if (reader.accept('value')) return { kind: 'value', place: parsePlace(reader) };
  if (reader.accept('aggregate')) return { kind: 'aggregate' };
  if (reader.accept('delegate')) {
    const to = parseWord(reader);
    if (to !== 'super' && to !== 'this') reader.fail('`super` or `this` before');
    return { kind: 'delegate', to, ...parseSuperclass(reader) };
  }
  reader.expect('function');
  return { kind: 'function', name: parseWord(reader), scope: reader.accept('of') ? parseWord(reader) : null };
}

function parseSuperclass(reader: TokenReader): { of?: TypeHint } {
  return reader.accept('of') ? { of: parseWord(reader) } : {};
}

function parseClosure(reader: TokenReader, dest: PlaceId): ClosureInstruction {
  const base = reader.accept('base') ? parsePlace(reader) : null;
  const members: { name: string | null; fn: FunctionId }[] = [];
  reader.expect('{');
  while (!reader.accept('}')) {
    if (members.length > 0) reader.expect(',');
    const name = reader.accept('?') ? null : parseWord(reader);
    reader.expect(':');
    members.push({ name, fn: parseWord(reader) as FunctionId });
  }
  reader.expect('captures');
  return { op: 'closure', dest, base, members, captures: parseList(reader, parsePlace), span: parseSpan(reader) };
}

function parseSuspension(reader: TokenReader, op: 'await' | 'yield', dest: PlaceId | null): Instruction {
  reader.expect(op);
  const source = parseOperand(reader);
  const handsOver = op === 'yield' && reader.accept('handing') ? parseList(reader, parsePlace) : [];
  const rest = { dest, source, throws: parseThrows(reader), span: parseSpan(reader) };
  return op === 'yield' ? { op, handsOver, ...rest } : { op, ...rest };
}

function parseOpaque(reader: TokenReader): Instruction {
  const why = parseWord(reader);
  const reads = reader.accept('reads') ? parseList(reader, parsePlace) : [];
  const writes = reader.accept('writes') ? parseList(reader, parsePlace) : [];
  return { op: 'opaque', reads, writes, why, span: parseSpan(reader) };
}

export function parseTerminator(reader: TokenReader): Terminator {
  reader.begin();
  const parts = parseTerminatorParts(reader);
  return { ...parts, span: parseSpan(reader) };
}

type WithoutSpan<T> = T extends Terminator ? Omit<T, 'span'> : never;

function parseTerminatorParts(reader: TokenReader): WithoutSpan<Terminator> {
  if (reader.accept('jump')) return { op: 'jump', to: parseBlockId(reader) };
  if (reader.accept('return')) {
    const isShared = reader.accept('shared');
    return { op: 'return', isShared, values: reader.peek().text === '(' ? parseList(reader, parseOperand) : [] };
  }
  if (reader.accept('rethrow')) return { op: 'rethrow' };
  if (reader.accept('halt')) return { op: 'halt' };
  if (reader.accept('throw')) {
    const value = parseOperand(reader);
    return { op: 'throw', value, type: reader.accept('type') ? parseWord(reader) : null };
  }
  if (reader.accept('if')) {
    const when = reader.accept('unknown') ? 'unknown' : parseCondition(reader);
    const then = parseBlockId(reader);
    reader.expect('else');
    return { op: 'branch', when, then, else: parseBlockId(reader) };
  }
  if (reader.accept('switch')) {
    const on = parsePlace(reader);
    const cases = parseCases(reader, parseSwitchCase);
    reader.expect('default');
    return { op: 'switch', on, cases, default: parseBlockId(reader) };
  }
  if (!reader.accept('dispatch')) reader.fail('an instruction or a terminator');
  const clauses = parseCases(reader, parseClause);
  reader.expect('otherwise');
  return { op: 'dispatch', clauses, otherwise: reader.accept('out') ? null : parseBlockId(reader) };
}

function parseCases<T>(reader: TokenReader, item: (reader: TokenReader) => T): T[] {
  const items: T[] = [];
  reader.expect('{');
  while (!reader.accept('}')) {
    if (items.length > 0) reader.expect(';');
    items.push(item(reader));
  }
  return items;
}

function parseSwitchCase(reader: TokenReader): SwitchCase {
  const literals: Literal[] = [];
  while (!reader.accept(':')) {
    if (literals.length > 0) reader.expect(',');
    literals.push(parseLiteral(reader));
  }
  return { literals, to: parseBlockId(reader) };
}

function parseClause(reader: TokenReader): CatchClause {
  const isBroad = reader.accept('broad');
  const types = parseList(reader, parseWord);
  reader.expect(':');
  return { types, isBroad, to: parseBlockId(reader) };
}
