import { describe, expect, test } from 'vitest';
import { UserError } from '../src/errors.ts';
import type {
  Comparison,
  BlockId,
  FunctionId,
  Instruction,
  IrFunction,
  Operand,
  Place,
  PlaceId,
  SymbolName,
  Terminator,
} from '../src/ir/ir.ts';
import { throwTiers } from '../src/ir/ir.ts';
import { toDot, toMermaid } from '../src/ir/graph.ts';
import { parseFunction, parseFunctions } from '../src/ir/parse-text.ts';
import { printFunction } from '../src/ir/print.ts';
import { verifyFunction } from '../src/ir/verify.ts';
import { random, type Random } from './random.ts';

const copyInvoice = `
function copyInvoice
  span @0..90
  params (path%0)
  place %0 local "path" : Path
  place %1 local "in" : InputStream
  place %2 predicate "n>0" (%0)
b0 unwind b2: // the body of the try
  in%1 = function newInputStream of Files (path%0) throws declared @10..20
  if (\`n>0\`%2 is true) b1 else b3
b1:
  method close on in%1 () throws possible implicit @30..40
  jump b3
b2:
  dispatch { (IOException): b4; broad (Exception, Error): b3 } otherwise out
b4:
  caught
  jump b3
b3:
  return (in%1, null, #-1, "a\\"b")
`.replace('#-1', '#"-1"');

describe('IR text', () => {
  test('reads IR written by hand', () => {
    const fn = parseFunction(copyInvoice);
    expect(fn.blocks.map((block) => block.terminator.op)).toEqual(['branch', 'jump', 'dispatch', 'jump', 'return']);
    expect(fn.blocks[0]?.instructions[0]).toMatchObject({
      op: 'call',
      throws: 'declared',
      span: { start: 10, end: 20 },
    });
  });

  test('what is written without a span is where it stands', () => {
    const text =
      '// one\nfunction a // header\n  place %0 local x\nb0:\n  x%0 = function f ()  // here\n  return (x%0)\n';
    const fn = parseFunction(text);
    const [block] = fn.blocks;
    const texts = [fn, ...(block?.instructions ?? []), block?.terminator].map((one) =>
      text.slice(one?.span.start, one?.span.end),
    );
    expect(texts).toEqual([text.slice(7, -1), 'x%0 = function f ()', 'return (x%0)']);
    expect(block?.instructions[0]).toMatchObject({ op: 'call', throws: 'never' });
  });

  test('printing, parsing and printing again changes nothing', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const fn = anyFunction(random(seed));
      const text = printFunction(fn);
      expect(parseFunction(text)).toEqual(fn);
      expect(printFunction(parseFunction(text))).toBe(text);
    }
  });

  test('reads several functions', () => {
    expect(parseFunctions('function a\nb0:\n return\nfunction b\nb0:\n halt').map((fn) => fn.name)).toEqual(['a', 'b']);
    expect(parseFunctions('')).toEqual([]);
  });

  test.each([
    ['function a\nb0:\n  jmp b1', 'line 3: expected an instruction or a terminator, found jmp'],
    ['function a\nb0:\n  jump', 'line 3: expected a block such as b0, found end of text'],
    ['function a\nb0:\n  x%0 = caught ~', 'line 3: unexpected "~"'],
    ['function a\n  place %1 local "x"', 'line 2: expected places in order'],
    ['function a\nb0:\n  aggregate () throws maybe', 'line 3: expected a throw tier'],
  ])('says where the text is wrong: %j', (text, message) => {
    expect(() => parseFunction(text)).toThrow(UserError);
    expect(() => parseFunction(text)).toThrow(message);
  });
});

describe('verifyFunction', () => {
  const sound = 'function f\nplace %0 local "x"\nb0:\n if unknown b1 else b2\nb1:\n return (x%0)\nb2:\n halt';
  test.each([
    ['what is sound', sound, []],
    ['no blocks', 'function f', ['there is no entry block']],
    ['a target that is not there', sound.replace('else b2', 'else b7'), ['b0 leads to b7, which does not exist']],
    ['a block nobody reaches', sound.replace('else b2', 'else b1'), ['b2 is not reached from any earlier block']],
    [
      'a place that is not there',
      sound.replace('x%0)', 'y%4)'),
      ['b1, return, mentions place %4, which does not exist'],
    ],
    ['a span beyond the function', sound.replace('halt', 'halt @4..999'), ['b2, halt, lies outside the function']],
    ['a way back to no loop head', sound.replace('halt', 'jump b1'), ['b2 leads back to b1, no loop head']],
    [
      'an unwind target that is not there',
      sound.replace('b1:', 'b1 unwind b9:'),
      ['b1 leads to b9, which does not exist'],
    ],
    [
      'a path with three fields',
      sound.replace('local "x"', 'path %5 ("a","b","c")'),
      ['place %0 mentions place %5, which does not exist', 'path %0 has 3 fields, not one or two'],
    ],
    ['blocks out of order', sound.replace('b1:', 'b3:'), ['block 1 has the id b3']],
  ])('%s', (_, text, problems) => {
    expect(verifyFunction(parseFunction(text))).toEqual(problems);
  });
});

describe('graphs', () => {
  const fn = parseFunction(copyInvoice);
  test('Mermaid dashes exceptional edges', () => {
    expect(toMermaid(fn)).toContain('b0 -.-> b2');
    expect(toMermaid(fn)).toContain('b0 -->|"(#96;n#62;0#96;%2 is true)"| b1');
  });
  test('dot dashes exceptional edges', () => {
    expect(toDot(fn)).toContain('b0 -> b2 [label="", style=dashed];');
  });
});

/** Any value the types allow, sound or not: the text form must carry it. */
function anyFunction(r: Random): IrFunction {
  const strings = [
    'x',
    'conn',
    'Map<String,List<?>>',
    'a b',
    '',
    '"',
    'null',
    'b1',
    'größe',
    '\n',
    '`',
    '%1',
    'new',
    '_',
    '//',
    'a.b',
    '[]',
  ];
  const text = (): string => r.pick(strings);
  const place = (): PlaceId => r.below(6) as PlaceId;
  const block = (): BlockId => r.below(4) as BlockId;
  const span = () => ({ start: r.below(99), end: r.below(99) });
  const maybe = <T>(value: () => T): T | null => (r.below(2) === 0 ? null : value());
  const many = <T>(value: () => T): T[] => Array.from({ length: r.below(4) }, value);
  const flag = (): boolean => r.below(2) === 0;
  const literal = () =>
    r.pick([
      { kind: 'null' },
      { kind: 'boolean', value: flag() },
      { kind: 'number', text: r.pick(['1', '-1', '0x1F', '1e-5', '1.5f']) },
      { kind: 'string', text: text() },
    ] as const);
  const condition = () => ({
    place: place(),
    negated: flag(),
    ...r.pick([
      { test: 'null' },
      { test: 'true' },
      { test: 'equals', literal: literal() },
      { test: 'type', type: text() },
    ] as const),
  });
  const operand = (): Operand =>
    r.pick<Operand>([
      { kind: 'place', place: place() },
      { kind: 'literal', literal: literal() },
      { kind: 'condition', condition: condition() },
      { kind: 'fresh', type: null },
      { kind: 'unknown' },
    ]);
  const tier = () => r.pick(throwTiers);
  const call = (dests: PlaceId[]) => ({
    op: 'call' as const,
    dests,
    callee: r.pick([
      { kind: 'construct', type: text() },
      { kind: 'delegate', to: 'super' },
      { kind: 'method', name: text(), isSuper: flag() },
      { kind: 'function', name: text(), scope: maybe(text) },
      { kind: 'value', place: place() },
      { kind: 'aggregate' },
    ] as const),
    receiver: maybe(place),
    args: many(() => ({
      value: operand(),
      name: maybe(text),
      isSpread: flag(),
      ...(flag() ? { number: 5000 } : {}),
      ...(flag() ? { begins: text() } : {}),
    })),
    throws: tier(),
    span: span(),
    isImplicit: flag(),
    ...(flag() ? { isDeferred: true as const } : {}),
  });
  const instruction = (): Instruction =>
    r.pick<Instruction>([
      { op: 'assign', dest: place(), source: operand(), span: span() },
      call(many(place)),
      {
        op: 'closure',
        dest: place(),
        base: maybe(place),
        members: many(() => ({ name: maybe(text), fn: text() as FunctionId })),
        captures: many(place),
        span: span(),
      },
      { op: 'await', dest: maybe(place), source: operand(), throws: tier(), span: span() },
      { op: 'yield', dest: maybe(place), source: operand(), handsOver: many(place), throws: tier(), span: span() },
      { op: 'spawn', call: call([]), span: span() },
      { op: 'caught', dest: maybe(place), span: span() },
      { op: 'opaque', reads: many(place), writes: many(place), why: text(), span: span() },
    ]);
  const terminator = (): Terminator => ({
    span: span(),
    ...r.pick([
      { op: 'jump', to: block() },
      { op: 'branch', when: r.pick([condition(), 'unknown'] as const), then: block(), else: block() },
      { op: 'switch', on: place(), cases: many(() => ({ literals: many(literal), to: block() })), default: block() },
      { op: 'return', values: many(operand), isShared: flag() },
      { op: 'throw', value: operand(), type: maybe(text) },
      { op: 'rethrow' },
      {
        op: 'dispatch',
        clauses: many(() => ({ types: many(text), isBroad: flag(), to: block() })),
        otherwise: maybe(block),
      },
      { op: 'halt' },
    ] as const),
  });
  const shape = (): Place =>
    r.pick<Place>([
      { kind: 'local', name: maybe(text), typeHint: maybe(text), accumulates: flag() },
      { kind: 'path', root: place(), fields: many(text), isCount: flag() },
      { kind: 'global', name: text(), typeHint: maybe(text) },
      {
        kind: 'predicate',
        text: text(),
        roots: many(place),
        compares: r.pick<Comparison | null>([
          null,
          { operator: 'same', left: place(), right: place() },
          { operator: r.pick(['above', 'below'] as const), left: place(), right: r.pick([0, -1, 2.5]) },
        ]),
      },
    ]);
  return {
    id: text() as FunctionId,
    symbol: text() as SymbolName,
    name: text(),
    owner: maybe(text),
    language: r.pick(['java', 'go', 'python', 'typescript'] as const),
    span: span(),
    kind: r.pick(['function', 'method', 'constructor', 'closure', 'module'] as const),
    isStatic: flag(),
    isAsync: flag(),
    isGenerator: flag(),
    returns: maybe(text),
    receiver: maybe(place),
    params: many(place),
    captures: many(place),
    places: Array.from({ length: 6 }, shape),
    blocks: Array.from({ length: 1 + r.below(4) }, (_, id) => ({
      id: id as BlockId,
      instructions: many(instruction),
      terminator: terminator(),
      unwind: maybe(block),
      isLoopHead: flag(),
      cloneOf: maybe(block),
    })),
    isCoarse: flag(),
  };
}
