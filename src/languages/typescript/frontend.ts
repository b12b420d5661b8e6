/** The TypeScript and JavaScript frontend: what the rest of the program sees of them. */
import { InvariantError } from '../../errors.ts';
import type { IrFunction } from '../../ir/ir.ts';
import type { Habits } from '../habits.ts';
import type { Declaration, LanguageFrontend, ParsedFile } from '../language.ts';
import { checkedTypes } from './checked-types.ts';
import { moduleName } from './imports.ts';
import { indexDeclarations } from './declarations.ts';
import type { TypescriptIndex } from './declarations.ts';
import { typescriptFixes } from './fixes/fixes.ts';
import { lowerUnit } from './lower/lower.ts';
import { manifestReader } from './manifests.ts';
import { isMinified } from './minified.ts';
import { commentsOf, isTypescriptFile, parseTypescript } from './parse.ts';
import type { TypescriptFile } from './parse.ts';
import { projectPrograms } from './project-programs.ts';
import { rootsNamed } from './roots.ts';
import { targetOf } from './target.ts';

export { checkedTypes } from './checked-types.ts';
export { parsedFromProgram } from './parse.ts';

export const typescriptFrontend: LanguageFrontend = {
  id: 'typescript',
  extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'],
  dependencyFolders: [],
  implicitPackages: ['globalThis'],
  isTyped: false,
  callsMembersByName: false,
  isPrivateToType: true,
  sharesImports: true,
  packageOf: moduleName,
  manifests: manifestReader,
  isGenerated: isMinified,
  load: () => Promise.resolve(),
  parse: parseTypescript,
  index: (file, habits) => indexOf(fileOf(file), habits).index,
  rootsNamed,
  comments: (file) => commentsOf(fileOf(file)),
  lower,
  withTypes: (root, files) => {
    const own = files.filter((file) => typescriptFrontend.extensions.some((extension) => file.endsWith(extension)));
    return { ...typescriptFrontend, types: checkedTypes(root, projectPrograms(own)) };
  },
  fixes: (file, request, habits, target) => typescriptFixes(fileOf(file), request, habits, target),
  targetOf,
};

/** Declarations are plain data; the nodes they came from are kept here, as long as the file's tree lives. */
const indexes = new WeakMap<ParsedFile, TypescriptIndex>();

function indexOf(file: TypescriptFile, habits: Habits): TypescriptIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const made = indexDeclarations(file, habits);
  indexes.set(file, made);
  return made;
}

function fileOf(file: ParsedFile): TypescriptFile {
  if (!isTypescriptFile(file)) throw new InvariantError(`${file.path} was not parsed as TypeScript`);
  return file;
}

function lower(parsed: ParsedFile, declaration: Declaration, habits: Habits): readonly IrFunction[] {
  const file = fileOf(parsed);
  const { sites, facts } = indexOf(file, habits);
  const site = sites.get(declaration.id);
  if (site === undefined) throw new InvariantError(`${declaration.id} is not declared in ${file.path}`);
  const { text, errors, removed } = file;
  return lowerUnit({ text, declaration, node: site.node, fn: site.fn, facts, habits, errors, removed });
}
