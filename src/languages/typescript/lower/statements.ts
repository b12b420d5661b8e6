/** Statements. Loops are in `loops.ts`, `try` in `tries.ts`, `switch` in `switches.ts`, blocks in `hoisting.ts`. */
import type { TypeHint } from '../../../ir/ir.ts';
import { childOf, childrenOf, closingSpan, identifierName, nodesOf, spanOf, withoutAssertions } from '../nodes.ts';
import type { Node } from '../nodes.ts';
import { constructedType } from '../members.ts';
import { lowerCondition } from './conditions.ts';
import { lowerClass } from './classes.ts';
import { lowerEffects, lowerExpression } from './expressions.ts';
import type { Frame } from './frame.ts';
import { maxDepth } from './frame.ts';
import { lowerDeclaration, lowerStatements } from './hoisting.ts';
import { lowerDo, lowerFor, lowerForIn, lowerForOf, lowerWhile } from './loops.ts';
import { lowerDefaultExport, lowerNamespace } from './module.ts';
import { lowerBrokenParts, lowerOpaque } from './opaque.ts';
import { lowerSwitch } from './switches.ts';
import { lowerTry } from './tries.ts';

/** A block with its own variables. */
export function lowerBlockOf(frame: Frame, block: Node): void {
  frame.scoped(() => {
    lowerStatements(frame, nodesOf(block, 'body'), block);
  });
}

export function lowerStatement(frame: Frame, node: Node, labels: readonly string[]): void {
  if (frame.depth >= maxDepth) return lowerOpaque(frame, node, 'too deep');
  frame.depth++;
  lowerBrokenParts(frame, node);
  lowerByType(frame, node, labels);
  frame.depth--;
}

function lowerByType(frame: Frame, node: Node, labels: readonly string[]): void {
  switch (node.type) {
    case 'BlockStatement':
      return labels.length === 0 ? lowerBlockOf(frame, node) : lowerLabelled(frame, node, labels);
    case 'VariableDeclaration':
      return lowerDeclaration(frame, node);
    case 'ExpressionStatement':
      return lowerEffects(frame, present(childOf(node, 'expression')));
    case 'IfStatement':
      return labels.length === 0 ? lowerIf(frame, node) : lowerLabelled(frame, node, labels);
    case 'WhileStatement':
      return lowerWhile(frame, node, labels);
    case 'DoWhileStatement':
      return lowerDo(frame, node, labels);
    case 'ForStatement':
      return frame.scoped(() => lowerFor(frame, node, labels));
    case 'ForInStatement':
      return frame.scoped(() => lowerForIn(frame, node, labels));
    case 'ForOfStatement':
      return frame.scoped(() => lowerForOf(frame, node, labels));
    case 'LabeledStatement':
      return lowerLabel(frame, node, labels);
    case 'SwitchStatement':
      return lowerSwitch(frame, node, labels);
    case 'TryStatement':
      return labels.length === 0 ? lowerTry(frame, node) : lowerLabelled(frame, node, labels);
    case 'ReturnStatement': {
      const values = present(childOf(node, 'argument')).map((value) => lowerExpression(frame, value, null));
      return frame.builder.returnValues(values, spanOf(node));
    }
    case 'ThrowStatement':
      return lowerThrow(frame, node);
    case 'BreakStatement':
    case 'ContinueStatement':
      return lowerJump(frame, node);
    case 'ClassDeclaration':
      return lowerClassDeclaration(frame, node);
    default:
      return lowerRest(frame, node);
  }
}

function lowerRest(frame: Frame, node: Node): void {
  switch (node.type) {
    case 'WithStatement':
      lowerEffects(frame, present(childOf(node, 'object')));
      return lowerBlockOf(frame, { ...node, body: present(childOf(node, 'body')) } as Node);
    case 'ExportNamedDeclaration':
      for (const declaration of present(childOf(node, 'declaration'))) lowerStatement(frame, declaration, []);
      return;
    case 'ExportDefaultDeclaration':
      return lowerDefaultExport(frame, node, childOf(node, 'declaration'), 'default');
    case 'TSExportAssignment':
      return lowerDefaultExport(frame, node, childOf(node, 'expression'), 'module.exports');
    case 'TSModuleDeclaration':
      return lowerNamespace(frame, node);
    case 'TSEnumDeclaration':
      return lowerEnum(frame, node);
    // Made where the block begins, or declarations of their own; or nothing happens there.
    case 'FunctionDeclaration':
    case 'EmptyStatement':
    case 'DebuggerStatement':
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSDeclareFunction':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'TSNamespaceExportDeclaration':
      return;
    default:
      return lowerBroken(frame, node);
  }
}

/** What can be recognised in it happens; then anything may happen to what it mentions. */
function lowerBroken(frame: Frame, node: Node): void {
  for (const part of childrenOf(node)) {
    if (part.type.endsWith('Expression')) lowerExpression(frame, part, null);
    else if (part.type.endsWith('Statement')) lowerStatement(frame, part, []);
  }
  lowerOpaque(frame, node, node.type);
}

function present(node: Node | null): readonly Node[] {
  return node === null ? [] : [node];
}

function lowerClassDeclaration(frame: Frame, node: Node): void {
  const name = identifierName(childOf(node, 'id'));
  const place = name === null ? null : frame.variable(name);
  lowerClass(frame, node, place === null ? null : { place, span: spanOf(node) });
}

/** `Mode.Read = open()`: values that are worked out. */
function lowerEnum(frame: Frame, node: Node): void {
  const members = nodesOf(childOf(node, 'body') ?? node, 'members');
  for (const member of members) lowerEffects(frame, present(childOf(member, 'initializer')));
}

/** `else if` chains nest to the right, long ones in generated code: no recursion there. */
function lowerIf(frame: Frame, node: Node): void {
  const { builder } = frame;
  const end = builder.block();
  let rest: Node | null = node;
  while (rest?.type === 'IfStatement') {
    const test = childOf(rest, 'test');
    const consequent = childOf(rest, 'consequent');
    const span = spanOf(rest);
    if (rest !== node) lowerBrokenParts(frame, rest);
    rest = childOf(rest, 'alternate');
    const [thenTo, elseTo] = [builder.block(), rest === null ? end : builder.block()];
    if (test === null) builder.branch('unknown', thenTo, elseTo, span);
    else lowerCondition(frame, test, thenTo, elseTo);
    builder.start(thenTo);
    if (consequent !== null) lowerStatement(frame, consequent, []);
    builder.jump(end, span);
    builder.start(elseTo);
  }
  if (rest === null) return;
  lowerStatement(frame, rest, []);
  // Without an `else`, the last condition has led to `end` and started it already.
  builder.continueIn(end, spanOf(node));
}

// Jumps

function lowerLabel(frame: Frame, node: Node, labels: readonly string[]): void {
  const name = identifierName(childOf(node, 'label'));
  const body = childOf(node, 'body');
  if (body !== null) lowerStatement(frame, body, name === null ? labels : [...labels, name]);
}

/** `label: { … break label; … }` */
function lowerLabelled(frame: Frame, node: Node, labels: readonly string[]): void {
  const { builder } = frame;
  const end = builder.block();
  const targets = { labels, takesPlainBreak: false, breakTo: end, continueTo: null, yieldTo: null };
  builder.withTargets(targets, () => {
    lowerStatement(frame, node, []);
  });
  builder.continueIn(end, closingSpan(node));
}

function lowerJump(frame: Frame, node: Node): void {
  const label = identifierName(childOf(node, 'label'));
  const { builder } = frame;
  const span = spanOf(node);
  const isLeft = node.type === 'BreakStatement' ? builder.breakTo(label, span) : builder.continueTo(label, span);
  if (!isLeft) lowerOpaque(frame, node, node.type);
}

function lowerThrow(frame: Frame, node: Node): void {
  const thrown = childOf(node, 'argument');
  if (thrown === null) return lowerOpaque(frame, node, node.type);
  const value = lowerExpression(frame, thrown, null);
  frame.builder.throwValue(value, thrownType(frame, thrown), spanOf(node));
}

function thrownType(frame: Frame, thrown: Node): TypeHint | null {
  const made = constructedType(thrown);
  if (made !== null) return made;
  const name = identifierName(withoutAssertions(thrown));
  const place = name === null ? null : frame.variable(name);
  const known = place === null ? null : frame.builder.places.get(place);
  return known?.kind === 'local' ? known.typeHint : null;
}
