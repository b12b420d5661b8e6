/** The Python frontend: what the rest of the program sees of Python. */
import { InvariantError } from '../../errors.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { commentAt } from '../comments.ts';
import type { Habits } from '../habits.ts';
import type { Declaration, LanguageFrontend, ParsedFile } from '../language.ts';
import { moduleName } from './imports.ts';
import { indexDeclarations } from './declarations.ts';
import type { PythonIndex } from './declarations.ts';
import { pythonFixes } from './fixes/fixes.ts';
import { lowerFunction } from './lower/lower.ts';
import { isPythonFile, parsePython } from './parse.ts';
import type { PythonFile } from './parse.ts';
import { supertypesNamed } from './supertypes-named.ts';
import { startParser } from '../tree-sitter.ts';

export const pythonFrontend: LanguageFrontend = {
  id: 'python',
  extensions: ['.py'],
  dependencyFolders: [],
  implicitPackages: ['builtins'],
  isTyped: false,
  callsMembersByName: false,
  isPrivateToType: false,
  sharesImports: true,
  packageOf: moduleName,
  supertypesNamed,
  load: startParser,
  parse: parsePython,
  index: (file, habits) => indexOf(file, habits).index,
  comments: (file) => fileOf(file).comments.map((span) => commentAt(file.text, span)),
  lower,
  fixes: (file, request, habits) => pythonFixes(fileOf(file), request, habits),
};

/** Declarations are plain data; the nodes they came from are kept here, as long as the file's tree lives. */
const indexes = new WeakMap<ParsedFile, PythonIndex>();

function indexOf(file: ParsedFile, habits: Habits): PythonIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const made = indexDeclarations(fileOf(file), habits);
  indexes.set(file, made);
  return made;
}

function fileOf(file: ParsedFile): PythonFile {
  if (!isPythonFile(file)) throw new InvariantError(`${file.path} was not parsed as Python`);
  return file;
}

function lower(file: ParsedFile, declaration: Declaration, habits: Habits): readonly IrFunction[] {
  const { index, sites, bindings } = indexOf(file, habits);
  const site = sites.get(declaration.id);
  if (site === undefined) throw new InvariantError(`${declaration.id} is not declared in ${file.path}`);
  return lowerFunction({ text: file.text, declaration, ...site, module: { imports: index.imports, bindings }, habits });
}
