/** What a Python file imports, wherever in it: `try: import a` and imports inside functions count. */
import type { ModuleAlias } from '../habits.ts';
import type { Import } from '../language.ts';
import { childInField, childOfType, childrenInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';
import { dottedText } from './nodes.ts';

/** `app/db.py` is `app.db`, `app/__init__.py` is `app`; a first folder `src` is no package. */
export function moduleName(path: string): string {
  const written = path.replace(/\.py$/, '').split('/');
  if (written.at(-1) === '__init__') written.pop();
  const steps = written.filter((step) => step !== '' && step !== '.' && step !== '..');
  if (steps.length > 1 && steps[0] === 'src') steps.shift();
  return steps.join('.');
}

export interface Importing {
  readonly text: string;
  readonly path: string;
  /** Modules that are another by a different name. */
  readonly aliases: readonly ModuleAlias[];
}

/** The statement's imports, relative ones made absolute. */
export function readImport(file: Importing, node: SyntaxNode): Import[] {
  if (node.type === 'import_statement') return childrenInField(node, 'name').flatMap((name) => readModule(file, name));
  if (node.type !== 'import_from_statement') return [];
  const module = childInField(node, 'module_name');
  const from = module === null ? '' : sourceModule(file, module);
  if (childOfType(node, 'wildcard_import') !== null) return [{ local: '*', target: from, kind: 'member' }];
  return childrenInField(node, 'name').flatMap((name) => readMember(file, from, name));
}

/** `import a.b` binds `a`; `import a.b as c` binds `a.b`. */
function readModule({ text, aliases }: Importing, node: SyntaxNode): Import[] {
  const { name, alias } = readName(text, node);
  if (name === null) return [];
  if (alias !== null) return [{ local: alias, target: withoutAlias(name, aliases), kind: 'type' }];
  const first = name.split('.')[0] ?? name;
  return [{ local: first, target: withoutAlias(first, aliases), kind: 'type' }];
}

function readMember({ text, aliases }: Importing, from: string, node: SyntaxNode): Import[] {
  const { name, alias } = readName(text, node);
  if (name === null) return [];
  const target = from === '' ? name : withoutAlias(`${from}.${name}`, aliases);
  return [{ local: alias ?? name, target, kind: 'member' }];
}

/** `eventlet.green.socket` is `socket`. */
function withoutAlias(module: string, aliases: readonly ModuleAlias[]): string {
  const alias = aliases.find(({ name }) => name.test(module));
  return alias === undefined ? module : module.replace(alias.name, alias.by);
}

function readName(text: string, node: SyntaxNode): { name: string | null; alias: string | null } {
  if (node.type !== 'aliased_import') return { name: dottedText(text, node), alias: null };
  const name = childInField(node, 'name');
  const alias = childInField(node, 'alias');
  return {
    name: name === null ? null : dottedText(text, name),
    alias: alias === null ? null : text.slice(alias.start, alias.end),
  };
}

/** One dot is the package the file is in, each further dot one package out. */
function sourceModule({ text, path }: Importing, node: SyntaxNode): string {
  if (node.type !== 'relative_import') return dottedText(text, node) ?? '';
  const prefix = childOfType(node, 'import_prefix');
  const dots = prefix === null ? 1 : text.slice(prefix.start, prefix.end).replace(/[^.]/g, '').length;
  const steps = moduleName(path).split('.');
  const isPackage = /(^|\/)__init__\.py$/.test(path);
  const kept = steps.slice(0, Math.max(0, steps.length - dots + (isPackage ? 1 : 0)));
  const rest = childOfType(node, 'dotted_name');
  if (rest !== null) kept.push(dottedText(text, rest) ?? '');
  return kept.filter((step) => step !== '').join('.');
}
