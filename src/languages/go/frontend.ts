/** The Go frontend: what the rest of the program sees of Go. */
import { InvariantError } from '../../errors.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { commentAt } from '../comments.ts';
import type { Habits } from '../habits.ts';
import type { Declaration, LanguageFrontend, ParsedFile } from '../language.ts';
import { indexDeclarations } from './declarations.ts';
import type { GoIndex } from './declarations.ts';
import { goFixes } from './fixes/fixes.ts';
import { isGenerated } from './generated.ts';
import { packageInModule, readGoMod } from './go-mod.ts';
import { lowerFunction } from './lower/lower.ts';
import { packageOf } from './imports.ts';
import { isGoFile, parseGo } from './parse.ts';
import type { GoFile } from './parse.ts';
import { startParser } from '../tree-sitter.ts';

export const goFrontend: LanguageFrontend = {
  id: 'go',
  extensions: ['.go'],
  dependencyFolders: ['vendor'],
  implicitPackages: [],
  isTyped: true,
  callsMembersByName: false,
  isPrivateToType: false,
  sharesImports: false,
  packageOf,
  isGenerated,
  load: startParser,
  parse: parseGo,
  manifests: { fileNames: ['go.mod', 'go.work'], read: readGoMod, packageOf: packageInModule },
  index: (file, habits, packageName = null) => {
    const { index } = indexOf(file, habits);
    return packageName === null ? index : { ...index, package: packageName };
  },
  comments: (file) => fileOf(file).comments.map((span) => commentAt(file.text, span)),
  lower,
  fixes: (file, request, habits) => goFixes(fileOf(file), request, habits),
};

/** Declarations are plain data; the nodes they came from are kept here, as long as the file's tree lives. */
const indexes = new WeakMap<ParsedFile, GoIndex>();

function indexOf(file: ParsedFile, habits: Habits): GoIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const made = indexDeclarations(fileOf(file), habits);
  indexes.set(file, made);
  return made;
}

function fileOf(file: ParsedFile): GoFile {
  if (!isGoFile(file)) throw new InvariantError(`${file.path} was not parsed as Go`);
  return file;
}

function lower(file: ParsedFile, declaration: Declaration, habits: Habits): readonly IrFunction[] {
  const { sites, names } = indexOf(file, habits);
  const node = sites.get(declaration.id);
  if (node === undefined) throw new InvariantError(`${declaration.id} is not declared in ${file.path}`);
  return lowerFunction({ text: file.text, declaration, node, names, habits });
}
