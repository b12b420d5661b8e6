/**
 * Nodes of a syntax tree, made when somebody looks at them. Most of a file is never looked at: what is known of
 * its nodes lies in one array of numbers, sixteen bytes a node, and becomes objects from the root downwards.
 */

export interface SyntaxNode {
  /** The grammar's name: `method_invocation`. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The grammar's field this node fills in its parent, or null. */
  readonly field: string | null;
  /** Named nodes, and anonymous ones that fill a field or are a word (`static`, `public`). The same at every asking. */
  readonly children: readonly SyntaxNode[];
  /** Set for ERROR and MISSING nodes. */
  readonly isError: boolean;
}

/** Names of a grammar, by its numbers. */
export interface NodeNames {
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
}

/** tree-sitter's own number for ERROR nodes, which belong to no grammar. */
export const errorId = 0xffff;

/** Cells of a node: start, end, the node after all that is inside, and the kind. */
const cellsPerNode = 4;
const typeBits = 16;
const typeMask = (1 << typeBits) - 1;
const fieldMask = 0x3fff;
const errorBit = 1 << 30;

/** Collects the nodes of one tree in source order, a parent before its children. */
export class NodeTable {
  #cells = new Int32Array(1 << 16);
  #count = 0;

  /** Ready for the next tree, however the last one ended. */
  clear(): void {
    this.#count = 0;
  }

  /** Returns the node's number, for `close`. */
  open(type: number, field: number, isError: boolean, start: number, end: number): number {
    const at = this.#count * cellsPerNode;
    if (at + cellsPerNode > this.#cells.length) this.#grow();
    const cells = this.#cells;
    cells[at] = start;
    cells[at + 1] = end;
    cells[at + 2] = this.#count + 1;
    cells[at + 3] = type | (field << typeBits) | (isError ? errorBit : 0);
    return this.#count++;
  }

  /** All nodes inside it are there. */
  close(node: number): void {
    this.#cells[node * cellsPerNode + 2] = this.#count;
  }

  /** How many numbers were collected. */
  get size(): number {
    return this.#count * cellsPerNode;
  }

  /** What was collected, for `rootOf`. */
  copyTo(numbers: Int32Array, at: number): void {
    numbers.set(this.#cells.subarray(0, this.size), at);
  }

  #grow(): void {
    const larger = new Int32Array(this.#cells.length * 2);
    larger.set(this.#cells);
    this.#cells = larger;
  }
}

/** The root of a tree that a `NodeTable` has collected. */
export function rootOf(cells: Int32Array, names: NodeNames): SyntaxNode {
  return new StoredNodes(cells, names).node(0);
}

/** The numbers of one tree. Every node there is an object of is in `#made`, so that it is one object only. */
class StoredNodes {
  readonly #cells: Int32Array;
  readonly #names: NodeNames;
  readonly #made: (StoredNode | undefined)[];

  constructor(cells: Int32Array, names: NodeNames) {
    this.#cells = cells;
    this.#names = names;
    this.#made = new Array<StoredNode | undefined>(cells.length / cellsPerNode);
  }

  node(index: number): StoredNode {
    return (this.#made[index] ??= this.#make(index));
  }

  children(index: number): readonly StoredNode[] {
    const end = this.#after(index);
    if (end === index + 1) return noChildren;
    const children: StoredNode[] = [];
    for (let child = index + 1; child < end; child = this.#after(child)) children.push(this.node(child));
    return children;
  }

  /** As `childInField`. */
  inField(index: number, field: string): StoredNode | null {
    const { fields } = this.#names;
    const end = this.#after(index);
    for (let child = index + 1; child < end; child = this.#after(child)) {
      const kind = this.#cells[child * cellsPerNode + 3] ?? 0;
      if (fields[(kind >> typeBits) & fieldMask] === field) return this.node(child);
    }
    return null;
  }

  /** As `nodesOfTypes`. */
  ofTypes(index: number, wanted: ReadonlySet<string>, without: ReadonlySet<string>): readonly StoredNode[] {
    const found: StoredNode[] = [];
    const { types } = this.#names;
    const end = this.#after(index);
    for (let at = index; at < end;) {
      const type = types[(this.#cells[at * cellsPerNode + 3] ?? 0) & typeMask] ?? 'ERROR';
      if (without.has(type)) at = this.#after(at);
      else {
        if (wanted.has(type)) found.push(this.node(at));
        at++;
      }
    }
    return found;
  }

  #after(index: number): number {
    return this.#cells[index * cellsPerNode + 2] ?? index + 1;
  }

  #make(index: number): StoredNode {
    const at = index * cellsPerNode;
    const cells = this.#cells;
    const kind = cells[at + 3] ?? 0;
    const type = this.#names.types[kind & typeMask] ?? 'ERROR';
    const field = this.#names.fields[(kind >> typeBits) & fieldMask] ?? null;
    return new StoredNode(this, index, type, field, (kind & errorBit) !== 0, cells[at] ?? 0, cells[at + 1] ?? 0);
  }
}

class StoredNode implements SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly field: string | null;
  readonly isError: boolean;
  readonly #nodes: StoredNodes;
  readonly #index: number;
  #children: readonly StoredNode[] | null = null;

  constructor(
    nodes: StoredNodes,
    index: number,
    type: string,
    field: string | null,
    isError: boolean,
    start: number,
    end: number,
  ) {
    this.#nodes = nodes;
    this.#index = index;
    this.type = type;
    this.field = field;
    this.isError = isError;
    this.start = start;
    this.end = end;
  }

  get children(): readonly StoredNode[] {
    return (this.#children ??= this.#nodes.children(this.#index));
  }

  inField(field: string): StoredNode | null {
    return this.#nodes.inField(this.#index, field);
  }

  ofTypes(wanted: ReadonlySet<string>, without: ReadonlySet<string>): readonly StoredNode[] {
    return this.#nodes.ofTypes(this.#index, wanted, without);
  }
}

const noChildren: readonly StoredNode[] = [];

/** The field's first node, or null. Makes no objects of the others. */
export function childInField(node: SyntaxNode, field: string): SyntaxNode | null {
  if (node instanceof StoredNode) return node.inField(field);
  return node.children.find((child) => child.field === field) ?? null;
}

/** A node that is in no file, or stands elsewhere than in its file: for code that is read as if it were. */
export function nodeLike(node: SyntaxNode, changes: Partial<SyntaxNode> & Pick<SyntaxNode, 'children'>): SyntaxNode {
  const { type, start, end, field, isError } = node;
  return { type, start, end, field, isError, ...changes };
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Nodes of the wanted types in a part of a tree, that part's own node included, in source order. Nodes of the types
 * `without` are left out with all that is inside. Looks at every node and makes objects of the wanted ones only.
 */
export function nodesOfTypes(
  root: SyntaxNode,
  wanted: ReadonlySet<string>,
  without: ReadonlySet<string> = nothing,
): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending: SyntaxNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node instanceof StoredNode) for (const one of node.ofTypes(wanted, without)) found.push(one);
    else if (!without.has(node.type)) {
      if (wanted.has(node.type)) found.push(node);
      for (const child of node.children.toReversed()) pending.push(child);
    }
  }
  return found;
}

/** Of nodes in source order, those that are in no other of them. */
export function outermost(nodes: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const node of nodes) if (node.start >= (found.at(-1)?.end ?? 0)) found.push(node);
  return found;
}
