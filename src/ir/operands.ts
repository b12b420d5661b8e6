/** Which places an instruction or the end of a block reads and writes. */
import type {
  BasicBlock,
  CallInstruction,
  Instruction,
  IrFunction,
  Literal,
  Operand,
  PlaceId,
  Terminator,
} from './ir.ts';
import { assertNever } from '../errors.ts';

export function operandsOf(instruction: Instruction): readonly Operand[] {
  switch (instruction.op) {
    case 'assign':
    case 'await':
    case 'yield':
      return [instruction.source];
    case 'call':
      return instruction.args.map((arg) => arg.value);
    case 'spawn':
      return instruction.call.args.map((arg) => arg.value);
    case 'closure':
    case 'caught':
    case 'opaque':
      return [];
    default:
      return assertNever(instruction);
  }
}

export function placesRead(instruction: Instruction): readonly PlaceId[] {
  const places: PlaceId[] = [];
  for (const operand of operandsOf(instruction)) {
    if (operand.kind === 'place') places.push(operand.place);
    else if (operand.kind === 'condition') places.push(operand.condition.place);
  }
  const call = instruction.op === 'call' ? instruction : instruction.op === 'spawn' ? instruction.call : null;
  if (call !== null && call.receiver !== null) places.push(call.receiver);
  if (call !== null && call.callee.kind === 'value') places.push(call.callee.place);
  if (instruction.op === 'closure') {
    places.push(...instruction.captures);
    if (instruction.base !== null) places.push(instruction.base);
  }
  if (instruction.op === 'yield') places.push(...instruction.handsOver);
  if (instruction.op === 'opaque') places.push(...instruction.reads);
  return places;
}

export function placesWritten(instruction: Instruction): readonly PlaceId[] {
  switch (instruction.op) {
    case 'assign':
    case 'closure':
      return [instruction.dest];
    case 'call':
      return instruction.dests;
    case 'await':
    case 'yield':
    case 'caught':
      return instruction.dest === null ? [] : [instruction.dest];
    case 'opaque':
      return instruction.writes;
    case 'spawn':
      return [];
    default:
      return assertNever(instruction);
  }
}

export function placesTested(terminator: Terminator): readonly PlaceId[] {
  if (terminator.op === 'branch' && terminator.when !== 'unknown') return [terminator.when.place];
  if (terminator.op === 'switch') return [terminator.on];
  return [];
}

/** What leaves the function there, returned or thrown. */
export function placesLeaving(terminator: Terminator): readonly PlaceId[] {
  const values = terminator.op === 'return' ? terminator.values : terminator.op === 'throw' ? [terminator.value] : [];
  return values.flatMap((value) => (value.kind === 'place' ? [value.place] : []));
}

/** In order; what runs on its own is not among them. */
export function callsOf({ blocks }: IrFunction): readonly CallInstruction[] {
  return blocks.flatMap(({ instructions }) => instructions.filter((one) => one.op === 'call'));
}

/** The call just before it whose promise an `await` waits for; null: it was made somewhere else, or is no call's. */
export function awaitedCall(
  { instructions }: BasicBlock,
  instruction: Extract<Instruction, { op: 'await' }>,
): CallInstruction | null {
  const { source } = instruction;
  const before = instructions[instructions.indexOf(instruction) - 1];
  if (source.kind !== 'place' || before?.op !== 'call') return null;
  return before.dests.includes(source.place) ? before : null;
}

/** What each `return` gives, in the order of blocks. */
export function returnedValues({ blocks }: IrFunction): readonly (readonly Operand[])[] {
  return blocks.flatMap(({ terminator }) => (terminator.op === 'return' ? [terminator.values] : []));
}

/** As a reader knows it: the name of a constant, a text without its quotes. */
export function writtenAs(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(literal.value);
    case 'number':
    case 'string':
      return literal.text;
  }
}

/** What is written in the code, where an instruction assigns that: `x = null`, `closed = true`. */
export function literalAssigned(instruction: Instruction | undefined): Literal | null {
  return instruction?.op === 'assign' && instruction.source.kind === 'literal' ? instruction.source.literal : null;
}

/** One place gets the value of another; awaiting a promise gives what it stands for. */
export function isCopy(instruction: Instruction): instruction is Extract<
  Instruction,
  { op: 'assign' | 'await' | 'yield' }
> & {
  readonly dest: PlaceId;
  readonly source: { readonly kind: 'place'; readonly place: PlaceId };
} {
  return (
    (instruction.op === 'assign' || instruction.op === 'await') &&
    instruction.dest !== null &&
    instruction.source.kind === 'place'
  );
}
