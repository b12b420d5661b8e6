/** What a Python file imports, wherever in it: `try: import a` and imports inside functions count. */
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

/** Modules that are one of the standard library's by another name. */
const sameModules: readonly (readonly [RegExp, string])[] = [
  [/^eventlet\.green\.(?=[a-zA-Z])/, ''],
  [/^gevent\.(?=(?:socket|ssl|subprocess|select|selectors|os|threading|signal)(?:\.|$))/, ''],
  [/^(?:six|future|setuptools\.extern\.six)\.moves\.(?=(?:urllib|http|queue|xmlrpc|socketserver|tkinter)(?:\.|$))/, ''],
  [/^(?:six|setuptools\.extern\.six)\.moves\.http_client(?=\.|$)/, 'http.client'],
  [/^(?:six|setuptools\.extern\.six)\.moves\.xmlrpc_client(?=\.|$)/, 'xmlrpc.client'],
  [/^(?:six|setuptools\.extern\.six)\.moves\.builtins(?=\.|$)/, 'builtins'],
  [/^pathlib2(?=\.|$)/, 'pathlib'],
  [/^subprocess32(?=\.|$)/, 'subprocess'],
];

/** `eventlet.green.socket` is `socket`. */
function sameModule(name: string): string {
  for (const [pattern, replacement] of sameModules) {
    if (pattern.test(name)) return name.replace(pattern, replacement);
  }
  return name;
}

/** The statement's imports, relative ones made absolute. */
export function readImport(text: string, path: string, node: SyntaxNode): Import[] {
  if (node.type === 'import_statement') return childrenInField(node, 'name').flatMap((name) => readModule(text, name));
  if (node.type !== 'import_from_statement') return [];
  const module = childInField(node, 'module_name');
  const from = module === null ? '' : sourceModule(text, path, module);
  if (childOfType(node, 'wildcard_import') !== null) return [{ local: '*', target: from, kind: 'member' }];
  return childrenInField(node, 'name').flatMap((name) => readMember(text, from, name));
}

/** `import a.b` binds `a`; `import a.b as c` binds `a.b`. */
function readModule(text: string, node: SyntaxNode): Import[] {
  const { name, alias } = readName(text, node);
  if (name === null) return [];
  if (alias !== null) return [{ local: alias, target: sameModule(name), kind: 'type' }];
  const first = name.split('.')[0] ?? name;
  return [{ local: first, target: first, kind: 'type' }];
}

function readMember(text: string, from: string, node: SyntaxNode): Import[] {
  const { name, alias } = readName(text, node);
  if (name === null) return [];
  return [{ local: alias ?? name, target: from === '' ? name : sameModule(`${from}.${name}`), kind: 'member' }];
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
function sourceModule(text: string, path: string, node: SyntaxNode): string {
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
