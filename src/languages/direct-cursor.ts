/**
 * A cursor of web-tree-sitter without the class around it. The state of the cursor lies in memory that all calls into
 * the library share; the class copies it in before every step and out after, which costs more than the steps. So
 * nobody else may use the library until this cursor is deleted.
 */
import type { Tree, TreeCursor } from 'web-tree-sitter';
import { InvariantError } from '../errors.ts';

/** What reading a tree takes of a cursor. */
export type Cursor = Pick<
  TreeCursor,
  | 'nodeTypeId'
  | 'nodeIsNamed'
  | 'nodeIsMissing'
  | 'currentFieldId'
  | 'startIndex'
  | 'endIndex'
  | 'gotoFirstChild'
  | 'gotoNextSibling'
  | 'gotoParent'
  | 'delete'
>;

/** The functions behind `TreeCursor`, as the library's WASM exports them. Each takes the tree's address. */
export interface CursorCalls {
  ts_tree_root_node_wasm(tree: number): void;
  /** At the node that was asked for last. */
  ts_tree_cursor_new_wasm(tree: number): void;
  ts_tree_cursor_delete_wasm(tree: number): void;
  ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  ts_tree_cursor_goto_parent_wasm(tree: number): number;
  ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  ts_tree_cursor_current_node_is_named_wasm(tree: number): number;
  ts_tree_cursor_current_node_is_missing_wasm(tree: number): number;
  ts_tree_cursor_current_field_id_wasm(tree: number): number;
  ts_tree_cursor_start_index_wasm(tree: number): number;
  ts_tree_cursor_end_index_wasm(tree: number): number;
}

export class DirectCursor implements Cursor {
  readonly #calls: CursorCalls;
  readonly #tree: number;

  constructor(calls: CursorCalls, tree: Tree) {
    this.#calls = calls;
    this.#tree = addressOf(tree);
    calls.ts_tree_root_node_wasm(this.#tree);
    calls.ts_tree_cursor_new_wasm(this.#tree);
  }

  get nodeTypeId(): number {
    return this.#calls.ts_tree_cursor_current_node_type_id_wasm(this.#tree);
  }

  get nodeIsNamed(): boolean {
    return this.#calls.ts_tree_cursor_current_node_is_named_wasm(this.#tree) === 1;
  }

  get nodeIsMissing(): boolean {
    return this.#calls.ts_tree_cursor_current_node_is_missing_wasm(this.#tree) === 1;
  }

  get currentFieldId(): number {
    return this.#calls.ts_tree_cursor_current_field_id_wasm(this.#tree);
  }

  get startIndex(): number {
    return this.#calls.ts_tree_cursor_start_index_wasm(this.#tree);
  }

  get endIndex(): number {
    return this.#calls.ts_tree_cursor_end_index_wasm(this.#tree);
  }

  gotoFirstChild(): boolean {
    return this.#calls.ts_tree_cursor_goto_first_child_wasm(this.#tree) === 1;
  }

  gotoNextSibling(): boolean {
    return this.#calls.ts_tree_cursor_goto_next_sibling_wasm(this.#tree) === 1;
  }

  gotoParent(): boolean {
    return this.#calls.ts_tree_cursor_goto_parent_wasm(this.#tree) === 1;
  }

  delete(): void {
    this.#calls.ts_tree_cursor_delete_wasm(this.#tree);
  }
}

/** Objects of the library keep the address of what they stand for at 0. */
function addressOf(tree: Tree): number {
  const address: unknown = Reflect.get(tree, 0);
  if (typeof address !== 'number') throw new InvariantError('a tree has no address');
  return address;
}
