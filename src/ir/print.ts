/**
 * A function's IR as text: deterministic, readable, and read back by `parse-text.ts`, so that a dump
 * in an issue is a test input. Prints what is there, sound or not; `verify.ts` judges.
 *
 *     function java:com.acme.Dao#find
 *       id "java:com.acme.Dao#find@0"
 *       …
 *       place %1 local in : InputStream
 *     b0 unwind b2:
 *       in%1 = new FileInputStream (path%0) throws likely @120..146
 *       jump b1 @120..146
 */
import { assertNever } from '../errors.ts';
import type { BasicBlock, Comparison, IrFunction, Place, PlaceId } from './ir.ts';
import { printInstruction, printLiteral, printPlace, printSpan, printTerminator, printWord } from './print-line.ts';

export function printFunction(fn: IrFunction): string {
  const lines = [...headerLines(fn)];
  fn.places.forEach((place, id) => lines.push(`  place %${String(id)} ${placeText(fn, place)}`));
  for (const block of fn.blocks) lines.push(...blockLines(fn, block));
  return lines.join('\n') + '\n';
}

function headerLines(fn: IrFunction): string[] {
  const flags: [boolean, string][] = [
    [fn.isStatic, 'static'],
    [fn.isAsync, 'async'],
    [fn.isGenerator, 'generator'],
    [fn.isInitializer === true, 'initializer'],
    [fn.isCoarse, 'coarse'],
  ];
  const set = flags.filter(([isSet]) => isSet).map(([, name]) => name);
  const places = (ids: readonly PlaceId[]): string => `(${ids.map((id) => printPlace(fn, id)).join(', ')})`;
  return [
    `function ${JSON.stringify(fn.symbol)}`,
    `  id ${JSON.stringify(fn.id)}`,
    `  name ${printWord(fn.name)}`,
    ...(fn.owner === null ? [] : [`  owner ${printWord(fn.owner)}`]),
    `  language ${fn.language}`,
    `  kind ${fn.kind}`,
    ...(set.length === 0 ? [] : [`  flags ${set.join(' ')}`]),
    `  span ${printSpan(fn.span)}`,
    ...(fn.returns === null ? [] : [`  returns ${printWord(fn.returns)}`]),
    ...(fn.receiver === null ? [] : [`  receiver ${printPlace(fn, fn.receiver)}`]),
    `  params ${places(fn.params)}`,
    `  captures ${places(fn.captures)}`,
  ];
}

function placeText(fn: IrFunction, place: Place): string {
  switch (place.kind) {
    case 'local':
      return `local ${place.name === null ? '_' : JSON.stringify(place.name)}${typeText(place.typeHint)}${place.accumulates ? ' accumulates' : ''}`;
    case 'global':
      return `global ${JSON.stringify(place.name)}${typeText(place.typeHint)}`;
    case 'path':
      return `path ${printPlace(fn, place.root)} (${place.fields.map((field) => JSON.stringify(field)).join(', ')})${place.isCount ? ' count' : ''}`;
    case 'predicate':
      return `predicate ${JSON.stringify(place.text)} (${place.roots.map((root) => printPlace(fn, root)).join(', ')})${comparisonText(fn, place.compares)}`;
    default:
      return assertNever(place);
  }
}

function comparisonText(fn: IrFunction, compares: Comparison | null): string {
  if (compares === null) return '';
  const right =
    compares.operator === 'same'
      ? printPlace(fn, compares.right)
      : printLiteral({ kind: 'number', text: String(compares.right) });
  return ` ${printPlace(fn, compares.left)} ${compares.operator} ${right}`;
}

function typeText(type: string | null): string {
  return type === null ? '' : ` : ${printWord(type)}`;
}

function blockLines(fn: IrFunction, block: BasicBlock): string[] {
  const loop = block.isLoopHead ? ' loop' : '';
  const unwind = block.unwind === null ? '' : ` unwind b${String(block.unwind)}`;
  const clone = block.cloneOf === null ? '' : ` clone b${String(block.cloneOf)}`;
  return [
    `b${String(block.id)}${loop}${unwind}${clone}:`,
    ...block.instructions.map((instruction) => `  ${printInstruction(fn, instruction)}`),
    `  ${printTerminator(fn, block.terminator)}`,
  ];
}
