/**
 * Names that a module has only because it imports them, in languages where others may import them from there:
 * `from compat import urlopen`, where `compat` has it from `urllib.request`. It follows imports, and looks at no code.
 */
import type { Project } from '../project/project.ts';

export class ImportedNames {
  readonly #project: Project;
  readonly #origins = new Map<string, string>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** Where what is called so comes from; the name itself, if nobody imports it. */
  origin(qualified: string): string {
    const known = this.#origins.get(qualified);
    if (known !== undefined) return known;
    // Two packages may each import the name from the other, and a module `client` may import `client` from a folder that is called like it:
    // no import is followed twice.
    const passed = new Set<string>();
    let name = qualified;
    for (let step = this.#oneStep(name); step !== null && !passed.has(step.imported); step = this.#oneStep(name)) {
      passed.add(step.imported);
      name = step.name;
    }
    this.#origins.set(qualified, name);
    return name;
  }

  /** What is called so a step nearer to its origin, and the part of the name that led there. The longest module in front counts. */
  #oneStep(name: string): { readonly name: string; readonly imported: string } | null {
    if (this.#project.hasModule(name)) {
      const own = this.#ownName(name);
      return own === null ? null : { name: own, imported: name };
    }
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      const module = name.slice(0, dot);
      if (!this.#project.hasModule(module)) continue;
      const own = this.#ownName(module);
      if (own !== null) return { name: own + name.slice(dot), imported: module };
      const [member = '', ...rest] = name.slice(dot + 1).split('.');
      const target = this.#project.importedBy(module, member);
      return target === null ? null : { name: [target, ...rest].join('.'), imported: `${module}.${member}` };
    }
    return null;
  }

  /** Null: it is called so already. */
  #ownName(module: string): string | null {
    const own = this.#project.ownName(module);
    return own === module ? null : own;
  }
}
