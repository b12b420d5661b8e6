/** The Java frontend: what the rest of the program sees of Java. */
import { InvariantError } from '../../errors.ts';
import type { IrFunction } from '../../ir/ir.ts';
import { commentAt } from '../comments.ts';
import type { Habits } from '../habits.ts';
import type { Declaration, LanguageFrontend, ParsedFile } from '../language.ts';
import { indexDeclarations } from './declarations.ts';
import type { JavaIndex } from './declarations.ts';
import { javaFixes } from './fixes/fixes.ts';
import { lowerFunction } from './lower/lower.ts';
import { isJavaFile, parseJava } from './parse.ts';
import type { JavaFile } from './parse.ts';
import { supertypesNamed } from './supertypes-named.ts';
import { startParser } from '../tree-sitter.ts';
import { unsetFields } from './lower/unset-fields.ts';
import { visibleFields } from './visible-fields.ts';

export const javaFrontend: LanguageFrontend = {
  id: 'java',
  extensions: ['.java'],
  dependencyFolders: [],
  implicitPackages: ['java.lang'],
  isTyped: true,
  callsMembersByName: true,
  isPrivateToType: true,
  sharesImports: false,
  supertypesNamed,
  load: startParser,
  parse: parseJava,
  index: (file) => indexOf(file).index,
  comments: (file) => fileOf(file).comments.map((span) => commentAt(file.text, span)),
  lower,
  fixes: (file, request, habits) => (isJavaFile(file) ? javaFixes(file, request, habits) : []),
};

/** Declarations are plain data; the nodes they came from are kept here, as long as the file's tree lives. */
const indexes = new WeakMap<ParsedFile, JavaIndex>();

function indexOf(file: ParsedFile): JavaIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const made = indexDeclarations(fileOf(file));
  indexes.set(file, made);
  return made;
}

function fileOf(file: ParsedFile): JavaFile {
  if (!isJavaFile(file)) throw new InvariantError(`${file.path} was not parsed as Java`);
  return file;
}

function lower(file: ParsedFile, declaration: Declaration, habits: Habits): readonly IrFunction[] {
  const { index, sites, types } = indexOf(file);
  const site = sites.get(declaration.id);
  if (site === undefined) throw new InvariantError(`${declaration.id} is not declared in ${file.path}`);
  const { fields, staticFields } = visibleFields(site.type, types);
  const { node, type } = site;
  const hasBlocks = index.declarations.some(
    (one) =>
      one.kind === 'initializer' &&
      one.owner === type.name &&
      sites.get(one.id)?.node.children.some((child) => child.type === 'block') === true,
  );
  return lowerFunction({
    text: file.text,
    declaration,
    node,
    fields,
    staticFields,
    unsetFields: hasBlocks ? new Set() : unsetFields(file.text, type.fields),
    takesNothing: (method) => {
      const named = index.declarations.filter(({ owner, name }) => owner === type.name && name === method);
      return named.length > 0 && named.every(({ params }) => params.length === 0);
    },
    owner: type.name,
    habits,
  });
}
