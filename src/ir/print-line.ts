/**
 * One line of printed IR: a place, an instruction, a terminator. `print.ts` puts the lines of a
 * function together and `parse-text.ts` reads them back; what they agree on is written here.
 */
import { assertNever } from '../errors.ts';
import type {
  Argument,
  CallInstruction,
  Callee,
  Condition,
  Instruction,
  IrFunction,
  Literal,
  Operand,
  PlaceId,
  Span,
  Terminator,
  TypeHint,
} from './ir.ts';

/** A name bare where it cannot be misread, else as a JSON string. */
export function printWord(text: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(text) ? text : JSON.stringify(text);
}

export function printSpan(span: Span): string {
  return `@${String(span.start)}..${String(span.end)}`;
}

/** `name%3`: what stands before the `%` is for people, the parser reads the number only. */
export function printPlace(fn: IrFunction, id: PlaceId): string {
  return `${placeLabel(fn, id)}%${String(id)}`;
}

function placeLabel(fn: IrFunction, id: PlaceId): string {
  const place = fn.places[id];
  if (place === undefined) return '';
  switch (place.kind) {
    case 'local':
    case 'global':
      return plainLabel(place.name ?? '');
    case 'path': {
      const root = fn.places[place.root];
      const base = root?.kind === 'local' || root?.kind === 'global' ? (root.name ?? '') : '';
      return plainLabel([base, ...place.fields].join('.'));
    }
    case 'predicate':
      return /^[^`\n\r]+$/.test(place.text) ? `\`${place.text}\`` : '';
    default:
      return assertNever(place);
  }
}

function plainLabel(text: string): string {
  return /^[\p{L}\p{N}_$.[\]]+$/u.test(text) ? text : '';
}

export function printInstruction(fn: IrFunction, instruction: Instruction): string {
  return `${instructionText(fn, instruction)} ${printSpan(instruction.span)}`;
}

function instructionText(fn: IrFunction, instruction: Instruction): string {
  const place = (id: PlaceId): string => printPlace(fn, id);
  switch (instruction.op) {
    case 'assign':
      return `${place(instruction.dest)} = ${printOperand(fn, instruction.source)}`;
    case 'call':
      return callText(fn, instruction);
    case 'closure': {
      const base = instruction.base === null ? '' : ` base ${place(instruction.base)}`;
      const members = instruction.members.map(
        (m) => `${m.name === null ? '?' : printWord(m.name)}: ${printWord(m.fn)}`,
      );
      return `${place(instruction.dest)} = closure${base} { ${members.join(', ')} } captures ${placeList(fn, instruction.captures)}`;
    }
    case 'await':
    case 'yield': {
      const dest = instruction.dest === null ? '' : `${place(instruction.dest)} = `;
      const handed = instruction.op === 'yield' ? instruction.handsOver : [];
      const to = handed.length === 0 ? '' : ` handing ${placeList(fn, handed)}`;
      return `${dest}${instruction.op} ${printOperand(fn, instruction.source)}${to} throws ${instruction.throws}`;
    }
    case 'spawn':
      return `spawn ${callText(fn, instruction.call)} ${printSpan(instruction.call.span)}`;
    case 'caught':
      return instruction.dest === null ? 'caught' : `${place(instruction.dest)} = caught`;
    case 'opaque':
      return `opaque ${JSON.stringify(instruction.why)} reads ${placeList(fn, instruction.reads)} writes ${placeList(fn, instruction.writes)}`;
    default:
      return assertNever(instruction);
  }
}

function callText(fn: IrFunction, call: CallInstruction): string {
  const dests = call.dests.map((dest) => printPlace(fn, dest)).join(', ');
  const receiver = call.receiver === null ? '' : ` on ${printPlace(fn, call.receiver)}`;
  const args = call.args.map((arg) => argumentText(fn, arg)).join(', ');
  const implicit = `${call.isImplicit ? ' implicit' : ''}${call.isDeferred === true ? ' deferred' : ''}`;
  return `${dests === '' ? '' : `${dests} = `}${calleeText(fn, call.callee)}${receiver} (${args}) throws ${call.throws}${implicit}`;
}

function calleeText(fn: IrFunction, callee: Callee): string {
  switch (callee.kind) {
    case 'construct':
      return `new ${printWord(callee.type)}`;
    case 'delegate':
      return `delegate ${callee.to}${superclassText(callee.of)}`;
    case 'method':
      return `${callee.isSuper ? 'super-method' : 'method'} ${printWord(callee.name)}${superclassText(callee.of)}`;
    case 'function':
      return `function ${printWord(callee.name)}${callee.scope === null ? '' : ` of ${printWord(callee.scope)}`}`;
    case 'value':
      return `value ${printPlace(fn, callee.place)}`;
    case 'aggregate':
      return 'aggregate';
    default:
      return assertNever(callee);
  }
}

function superclassText(type: TypeHint | undefined): string {
  return type === undefined ? '' : ` of ${printWord(type)}`;
}

function argumentText(fn: IrFunction, arg: Argument): string {
  const name = arg.name === null ? '' : `${printWord(arg.name)}=`;
  const number = arg.number === undefined ? '' : ` is ${printLiteral({ kind: 'number', text: String(arg.number) })}`;
  const begins = arg.begins === undefined ? '' : ` begins ${printLiteral({ kind: 'string', text: arg.begins })}`;
  return `${name}${arg.isSpread ? '*' : ''}${printOperand(fn, arg.value)}${number}${begins}`;
}

function placeList(fn: IrFunction, ids: readonly PlaceId[]): string {
  return `(${ids.map((id) => printPlace(fn, id)).join(', ')})`;
}

function printOperand(fn: IrFunction, operand: Operand): string {
  switch (operand.kind) {
    case 'place':
      return printPlace(fn, operand.place);
    case 'literal':
      return printLiteral(operand.literal);
    case 'condition':
      return printCondition(fn, operand.condition);
    case 'fresh':
      return operand.type === null ? 'fresh' : `fresh : ${printWord(operand.type)}`;
    case 'unknown':
      return 'unknown';
    default:
      return assertNever(operand);
  }
}

export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(literal.value);
    case 'number':
      return `#${/^[\w.]+$/.test(literal.text) ? literal.text : JSON.stringify(literal.text)}`;
    case 'string':
      return JSON.stringify(literal.text);
    default:
      return assertNever(literal);
  }
}

export function printCondition(fn: IrFunction, condition: Condition): string {
  const place = printPlace(fn, condition.place);
  const not = condition.negated ? 'not ' : '';
  switch (condition.test) {
    case 'null':
    case 'true':
      return `(${place} is ${not}${condition.test})`;
    case 'equals':
      return `(${place} ${condition.negated ? '!=' : '=='} ${printLiteral(condition.literal)})`;
    case 'type':
      return `(${place} is ${not}a ${printWord(condition.type)})`;
    default:
      return assertNever(condition);
  }
}

export function printTerminator(fn: IrFunction, terminator: Terminator): string {
  return `${terminatorText(fn, terminator)} ${printSpan(terminator.span)}`;
}

function terminatorText(fn: IrFunction, terminator: Terminator): string {
  switch (terminator.op) {
    case 'jump':
      return `jump b${String(terminator.to)}`;
    case 'branch': {
      const when = terminator.when === 'unknown' ? 'unknown' : printCondition(fn, terminator.when);
      return `if ${when} b${String(terminator.then)} else b${String(terminator.else)}`;
    }
    case 'switch': {
      const cases = terminator.cases.map((c) => `${c.literals.map(printLiteral).join(', ')}: b${String(c.to)}`);
      return `switch ${printPlace(fn, terminator.on)} { ${cases.join('; ')} } default b${String(terminator.default)}`;
    }
    case 'return':
      return `return ${terminator.isShared ? 'shared ' : ''}(${terminator.values.map((value) => printOperand(fn, value)).join(', ')})`;
    case 'throw':
      return `throw ${printOperand(fn, terminator.value)}${terminator.type === null ? '' : ` type ${printWord(terminator.type)}`}`;
    case 'dispatch': {
      const clauses = terminator.clauses.map(
        (c) => `${c.isBroad ? 'broad ' : ''}(${c.types.map(printWord).join(', ')}): b${String(c.to)}`,
      );
      const otherwise = terminator.otherwise === null ? 'out' : `b${String(terminator.otherwise)}`;
      return `dispatch { ${clauses.join('; ')} } otherwise ${otherwise}`;
    }
    case 'rethrow':
    case 'halt':
      return terminator.op;
    default:
      return assertNever(terminator);
  }
}
