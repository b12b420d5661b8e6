/** The edges out of a block with what they stand for, for dumps and verification. */
import { assertNever } from '../errors.ts';
import type { BasicBlock, BlockId, IrFunction } from './ir.ts';
import { printCondition, printLiteral } from './print-line.ts';

export interface Edge {
  readonly to: BlockId;
  /** '' where there is nothing to tell the edge from others. */
  readonly label: string;
  readonly isExceptional: boolean;
}

export function edgesOf(fn: IrFunction, block: BasicBlock): Edge[] {
  const normal = terminatorEdges(fn, block).map(([to, label]) => ({ to, label, isExceptional: false }));
  return block.unwind === null ? normal : [...normal, { to: block.unwind, label: '', isExceptional: true }];
}

function terminatorEdges(fn: IrFunction, block: BasicBlock): (readonly [BlockId, string])[] {
  const end = block.terminator;
  switch (end.op) {
    case 'jump':
      return [[end.to, '']];
    case 'branch': {
      const text = end.when === 'unknown' ? '?' : printCondition(fn, end.when);
      return [
        [end.then, text],
        [end.else, 'else'],
      ];
    }
    case 'switch':
      return [
        ...end.cases.map((c) => [c.to, c.literals.map(printLiteral).join(', ')] as const),
        [end.default, 'default'] as const,
      ];
    case 'dispatch': {
      const clauses = end.clauses.map((c) => [c.to, `catch ${c.types.join(' | ')}`] as const);
      return end.otherwise === null ? clauses : [...clauses, [end.otherwise, 'otherwise'] as const];
    }
    case 'return':
    case 'throw':
    case 'rethrow':
    case 'halt':
      return [];
    default:
      return assertNever(end);
  }
}
