/** Control flow that the languages write alike: `a && b`, `c ? a : b`, and a condition that is wanted as a value. */
import type { FunctionBuilder } from '../../ir/builder.ts';
import type { BlockId, Operand, PlaceId, Span } from '../../ir/ir.ts';
import { branchOn } from './tests.ts';
import { booleanValue, placeValue } from './values.ts';

/** Ends the current block: on to one block or the other. */
export type ConditionLowering<Node> = (condition: Node, thenTo: BlockId, elseTo: BlockId) => void;

/** `a && b && c`, or with `isAnd` false `a || b || c`: each is asked only where those before do not decide. */
export function lowerChain<Node>(
  builder: FunctionBuilder,
  operands: readonly Node[],
  isAnd: boolean,
  [thenTo, elseTo]: readonly [BlockId, BlockId],
  lowerCondition: ConditionLowering<Node>,
): void {
  for (const [index, operand] of operands.entries()) {
    if (index === operands.length - 1) return lowerCondition(operand, thenTo, elseTo);
    const next = builder.block();
    if (isAnd) lowerCondition(operand, next, elseTo);
    else lowerCondition(operand, thenTo, next);
    builder.start(next);
  }
}

/** `condition ? first : second` */
export interface Choice<Node> {
  readonly condition: Node;
  readonly first: Node;
  readonly second: Node;
}

/** A choice that is a condition itself; null for one that is broken. */
export function branchOnChoice<Node>(
  builder: FunctionBuilder,
  choice: Choice<Node> | null,
  span: Span,
  [thenTo, elseTo]: readonly [BlockId, BlockId],
  lowerCondition: ConditionLowering<Node>,
): void {
  if (choice === null) return branchOn(builder, 'unknown', span, thenTo, elseTo);
  const [first, second] = [builder.block(), builder.block()];
  lowerCondition(choice.condition, first, second);
  builder.start(first);
  lowerCondition(choice.first, thenTo, elseTo);
  builder.start(second);
  lowerCondition(choice.second, thenTo, elseTo);
}

export interface ChoiceLowering<Node> {
  /** null for anything else, and where it is broken. */
  readonly choiceOf: (node: Node) => Choice<Node> | null;
  readonly lowerCondition: ConditionLowering<Node>;
  /** Into the place where the value of the choice is wanted. */
  readonly lowerValue: (node: Node) => unknown;
}

/** `a ? b : c ? d : e` nests to the right, long ones in generated code: no recursion there. */
export function lowerChoice<Node>(
  builder: FunctionBuilder,
  node: Node,
  { place, span }: { readonly place: PlaceId; readonly span: Span },
  { choiceOf, lowerCondition, lowerValue }: ChoiceLowering<Node>,
): Operand {
  const end = builder.block();
  let rest = node;
  for (let choice = choiceOf(rest); choice !== null; choice = choiceOf(rest)) {
    const [thenTo, elseTo] = [builder.block(), builder.block()];
    lowerCondition(choice.condition, thenTo, elseTo);
    builder.start(thenTo);
    lowerValue(choice.first);
    builder.jump(end, span);
    builder.start(elseTo);
    rest = choice.second;
  }
  lowerValue(rest);
  builder.continueIn(end, span);
  return placeValue(place);
}

/** Goes on where the ways of a condition meet; on each, `assign` has put true or false where it is wanted. */
export function lowerOutcome(
  builder: FunctionBuilder,
  span: Span,
  lowerCondition: (thenTo: BlockId, elseTo: BlockId) => void,
  assign: (value: Operand) => void,
): void {
  const [thenTo, elseTo, end] = [builder.block(), builder.block(), builder.block()];
  lowerCondition(thenTo, elseTo);
  builder.start(thenTo);
  assign(booleanValue(true));
  builder.jump(end, span);
  builder.start(elseTo);
  assign(booleanValue(false));
  builder.continueIn(end, span);
}
