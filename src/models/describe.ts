/** Rules as text, for people who ask what is known. */
import type { CallRule, RuleSource, TypeRule } from './schema.ts';

/** A line each: language, library, counts, file. */
export function printLibraries(sources: readonly RuleSource[]): string {
  const rows = sources.map(({ path, document }) => [
    document.language,
    document.library,
    `${String(document.types?.length ?? 0)} types`,
    `${String(document.calls?.length ?? 0)} calls`,
    `${String(Object.keys(document.resources ?? {}).length)} resources`,
    path,
  ]);
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '))
    .map((line) => `${line}\n`)
    .join('');
}

/** '' if nothing is called so. A library gives all of its rules, a type or method those that name it. */
export function printRules(sources: readonly RuleSource[], name: string): string {
  const wanted = name.toLowerCase();
  return sources
    .flatMap((source) => {
      const { path, document } = source;
      const isLibrary =
        document.library.toLowerCase() === wanted || path.toLowerCase().endsWith(`/${wanted}.yaml`) || path === name;
      const rules = [
        ...(document.types ?? []).filter((rule) => isLibrary || names(rule.type, wanted)).map(typeLine),
        ...(document.calls ?? [])
          .filter((rule) => isLibrary || [rule.call].flat().some((call) => names(call, wanted)))
          .map(callLine),
      ];
      if (rules.length === 0) return [];
      const docs = document.docs === undefined ? [] : [`  ${[document.docs].flat().join('\n  ')}`];
      return [[`${document.library} (${document.language}, ${path})`, ...docs, ...rules, ''].join('\n')];
    })
    .join('\n');
}

/** A whole name, or its last parts: `FileInputStream` for `java.io.FileInputStream`. */
function names(pattern: string, wanted: string): boolean {
  const bare = pattern.toLowerCase().replace(/[(/].*$/, '');
  return (
    bare === wanted ||
    bare.endsWith(`.${wanted}`) ||
    bare.endsWith(`#${wanted}`) ||
    bare.startsWith(`${wanted}#`) ||
    bare.includes(`.${wanted}#`)
  );
}

function typeLine({ line, type, ...rest }: TypeRule & { readonly line?: number }): string {
  return `  ${lineText(line)}  type ${type}${details(rest)}`;
}

function callLine({ line, call, ...rest }: CallRule & { readonly line?: number }): string {
  return `  ${lineText(line)}  call ${[call].flat().join(', ')}${details(rest)}`;
}

function lineText(line: number | undefined): string {
  return String(line ?? '').padStart(4);
}

function details(rest: object): string {
  return Object.entries(rest)
    .map(([key, value]) => `\n          ${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
}
