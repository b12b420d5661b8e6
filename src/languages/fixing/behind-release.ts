/**
 * Whether a release can go, as another one at the end of a region takes its place: nothing may happen in between, but for a
 * `return` or `throw` that leaves the region. Knows no grammar: a language says what it has to know of its trees.
 */
export interface RegionGrammar<Node> {
  readonly isBlock: (node: Node) => boolean;
  readonly statementsIn: (block: Node) => readonly Node[];
  /** A `return` or `throw`. */
  readonly leaves: (statement: Node) => boolean;
  /** What the statement that leaves computes may come before the release. */
  readonly isPlain: (statement: Node) => boolean;
  /** The end of the child is not the end of the node: a loop comes back, a `switch` or `try` goes on. */
  readonly goesOn: (node: Node, child: Node) => boolean;
}

/**
 * `left`: by a statement that leaves the region; `end`: the region's own end; `more`: something happens there.
 * `parents`: from the region down to the block that the release is in.
 */
export function behindRelease<Node>(
  release: Node,
  parents: readonly Node[],
  grammar: RegionGrammar<Node>,
): 'left' | 'end' | 'more' {
  let child = release;
  for (const parent of parents.toReversed()) {
    if (grammar.isBlock(parent)) {
      const statements = grammar.statementsIn(parent);
      const next = statements[statements.indexOf(child) + 1];
      if (next !== undefined) return grammar.leaves(next) && grammar.isPlain(next) ? 'left' : 'more';
    } else if (grammar.goesOn(parent, child)) {
      return 'more';
    }
    child = parent;
  }
  return 'end';
}
