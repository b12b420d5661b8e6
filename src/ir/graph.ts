/** A function's graph for Mermaid and Graphviz. Exceptional edges are dashed. */
import { edgesOf } from './edges.ts';
import type { BasicBlock, IrFunction } from './ir.ts';
import { printInstruction, printTerminator } from './print-line.ts';

export function toMermaid(fn: IrFunction): string {
  const lines = ['flowchart TD'];
  for (const block of fn.blocks) {
    lines.push(`  ${blockName(block)}["${blockText(fn, block).map(escapeHtml).join('<br/>')}"]`);
    for (const edge of edgesOf(fn, block)) {
      const arrow = edge.isExceptional ? '-.->' : '-->';
      const label = edge.label === '' ? '' : `|"${escapeHtml(edge.label)}"|`;
      lines.push(`  ${blockName(block)} ${arrow}${label} b${String(edge.to)}`);
    }
  }
  return lines.join('\n') + '\n';
}

export function toDot(fn: IrFunction): string {
  const lines = [`digraph "${escapeDot(fn.symbol)}" {`, '  node [shape=box, fontname=monospace];'];
  for (const block of fn.blocks) {
    const text = blockText(fn, block).map((line) => `${escapeDot(line)}\\l`);
    lines.push(`  ${blockName(block)} [label="${text.join('')}"];`);
    for (const edge of edgesOf(fn, block)) {
      const style = edge.isExceptional ? ', style=dashed' : '';
      lines.push(`  ${blockName(block)} -> b${String(edge.to)} [label="${escapeDot(edge.label)}"${style}];`);
    }
  }
  return [...lines, '}'].join('\n') + '\n';
}

function blockName(block: BasicBlock): string {
  return `b${String(block.id)}`;
}

/** Spans are left out: in a picture they are noise. */
function blockText(fn: IrFunction, block: BasicBlock): string[] {
  const title = `${blockName(block)}${block.isLoopHead ? ' (loop)' : ''}${block.cloneOf === null ? '' : ` (as b${String(block.cloneOf)})`}`;
  const lines = [
    ...block.instructions.map((instruction) => printInstruction(fn, instruction)),
    printTerminator(fn, block.terminator),
  ];
  return [title, ...lines.map((line) => line.replace(/ @\d+\.\.\d+/g, ''))];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"`\n]/g, (char) => `#${String(char.charCodeAt(0))};`);
}

function escapeDot(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n');
}
