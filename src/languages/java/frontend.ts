/** The Java frontend: what the rest of the program sees of Java. */
import { InvariantError } from '../../errors.ts';
import type { IrFunction } from '../../ir/ir.ts';
import type { Declaration, LanguageFrontend, ParsedFile } from '../language.ts';
import { indexDeclarations } from './declarations.ts';
import type { JavaIndex } from './declarations.ts';
import { lowerFunction } from './lower/lower.ts';
import { isJavaFile, loadJava, parseJava } from './parse.ts';
import { visibleFields } from './visible-fields.ts';

export const javaFrontend: LanguageFrontend = {
  id: 'java',
  extensions: ['.java'],
  implicitPackages: ['java.lang'],
  isTyped: true,
  load: loadJava,
  parse: parseJava,
  index: (file) => indexOf(file).index,
  lower,
};

/** Declarations are plain data; the nodes they came from are kept here, as long as the file's tree lives. */
const indexes = new WeakMap<ParsedFile, JavaIndex>();

function indexOf(file: ParsedFile): JavaIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  if (!isJavaFile(file)) throw new InvariantError(`${file.path} was not parsed as Java`);
  const made = indexDeclarations(file);
  indexes.set(file, made);
  return made;
}

function lower(file: ParsedFile, declaration: Declaration): readonly IrFunction[] {
  const { sites, types } = indexOf(file);
  const site = sites.get(declaration.id);
  if (site === undefined) throw new InvariantError(`${declaration.id} is not declared in ${file.path}`);
  const { fields, staticFields } = visibleFields(site.type, types);
  return lowerFunction({ text: file.text, declaration, node: site.node, fields, staticFields, owner: site.type.name });
}
