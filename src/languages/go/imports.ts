/** What a Go file imports, under which names. The package clause is not read: a path names a package. */
import type { Import } from '../language.ts';
import { childInField } from '../tree-sitter.ts';
import type { SyntaxNode } from '../tree-sitter.ts';

/** The folder of the file, where no `go.mod` says more. */
export function packageOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function readImports(text: string, declarations: readonly SyntaxNode[]): Import[] {
  const imports: Import[] = [];
  let used: ReadonlySet<string> | null = null;
  const usedNames = (): ReadonlySet<string> => (used ??= new Set(text.match(/\b\w+(?=\.[A-Z])/g)));
  for (const declaration of declarations) {
    for (const child of declaration.children) {
      const specs = child.type === 'import_spec_list' ? child.children : [child];
      for (const spec of specs) {
        const read = spec.type === 'import_spec' ? readSpec(text, spec, usedNames) : null;
        if (read !== null) imports.push(read);
      }
    }
  }
  return imports;
}

function readSpec(text: string, spec: SyntaxNode, usedNames: () => ReadonlySet<string>): Import | null {
  const path = childInField(spec, 'path');
  const name = childInField(spec, 'name');
  if (path === null || name?.type === 'blank_identifier') return null;
  const target = text.slice(path.start + 1, path.end - 1);
  if (target === '') return null;
  if (name === null) return { local: packageName(target, usedNames), target, kind: 'type' };
  return { local: name.type === 'dot' ? '*' : text.slice(name.start, name.end), target, kind: 'type' };
}

/**
 * `github.com/go-chi/chi/v5` is called `chi`, `gopkg.in/yaml.v3` is called `yaml`. A package name has neither `-` nor
 * `.`, so what people put around it in a path is told by habit, `nats.go`, `go-redis`, `kafka-go`, and else by what the
 * file uses: `git.Open(path)` of `git-module`.
 */
function packageName(target: string, usedNames: () => ReadonlySet<string>): string {
  const segments = target.split('/');
  if (segments.length > 1 && /^v\d+$/.test(segments.at(-1) ?? '')) segments.pop();
  const last = (segments.at(-1) ?? target).replace(/\.v\d+$/, '');
  // `minio-go` has lost its suffix by now; of `aws-sdk-x` or `x.y` it is the last part, mostly.
  const parts = last.replace(/^go[-.]|[-.]go$/g, '').split(/[-.]/);
  const likeliest = parts.at(-1) ?? last;
  if (parts.length === 1) return likeliest;
  const names = [likeliest, ...parts, parts.join(''), parts.join('_')];
  const used = usedNames();
  return names.find((name) => used.has(name)) ?? likeliest;
}
