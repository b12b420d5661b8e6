/** How the programs that show what fixes do are built and run, by language. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect } from 'vitest';

export type Command = readonly [string, ...string[]];

export interface Runner {
  readonly language: string;
  /** Succeeds where the language is installed. */
  readonly probe: Command;
  /** The forms of fixes the programs need. */
  readonly styles: readonly string[];
  /** Writes what starts all programs of a folder. */
  prepare(folder: string): void;
  /** One after the other, up to the one that prints what happened. */
  readonly commands: readonly Command[];
}

function programsIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

const java: Runner = {
  language: 'java',
  probe: ['javac', '-version'],
  styles: [
    'closed-by-owner',
    'named-try-finally',
    'named-try-with-resources',
    'release-at-once',
    'release-on-failure',
    'rollback-on-failure',
    'rollback-on-failure-return',
    'try-finally',
    'try-with-resources',
    'unlock-in-finally',
  ],
  prepare: (folder) => {
    const calls = programsIn(folder, '.java').map(
      (name) => `    System.out.println("== ${name}");\n    ${name}.main(args);\n`,
    );
    const start = `class Start {\n  public static void main(String[] args) {\n${calls.join('')}  }\n}\n`;
    writeFileSync(join(folder, 'Start.java'), start);
  },
  commands: [
    ['javac', '-Xlint:-options', '--release', '11', '-d', 'classes', '-sourcepath', '.', 'Start.java'],
    ['java', '-cp', 'classes', 'Start'],
  ],
};

const go: Runner = {
  language: 'go',
  probe: ['go', 'version'],
  styles: ['defer', 'loop-closure', 'named-defer', 'release-before-return', 'rollback-before-return'],
  prepare: (folder) => {
    const calls = programsIn(folder, '.go').map((name) => {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      return `\tprintln("== ${name}")\n\trun${title}()\n`;
    });
    const start = `package main\n\nimport "fmt"\n\nfunc println(text string) { fmt.Println(text) }\n\n`;
    writeFileSync(join(folder, 'start.go'), `${start}func main() {\n${calls.join('')}}\n`);
  },
  commands: [
    ['go', 'vet', './...'],
    ['go', 'run', '.'],
  ],
};

const python: Runner = {
  language: 'python',
  probe: ['python3', '--version'],
  styles: [
    'async-with',
    'closed-by-owner',
    'closing',
    'exit-stack',
    'named-closing',
    'named-with',
    'release-and-raise',
    'release-at-once',
    'rollback-and-raise',
    'rollback-before-return',
    'try-finally',
    'unlock-in-finally',
    'with',
    'with-behind',
  ],
  prepare: (folder) => {
    const names = programsIn(folder, '.py').filter((name) => name !== 'fake');
    const lines = names.flatMap((name) => [`print("== ${name}")`, `import ${name}`]);
    writeFileSync(join(folder, 'start.py'), `${lines.join('\n')}\n`);
  },
  commands: [['python3', '-B', 'start.py']],
};

const typescript: Runner = {
  language: 'typescript',
  probe: ['node', '--version'],
  styles: [
    'await-using',
    'chained-try-finally',
    'closed-by-owner',
    'moved-to-finally',
    'named-try-finally',
    'release-and-throw',
    'release-at-once',
    'rollback-and-throw',
    'removed-by-owner',
    'removed-in-finally',
    'rollback-before-return',
    'try-finally',
    'unlock-in-finally',
    'using',
    'when-settled',
    'with-other-end',
  ],
  prepare: (folder) => {
    const names = programsIn(folder, '.ts').filter((name) => name !== 'fake');
    const files = ['fake', ...names].map((name) => join(folder, `${name}.ts`));
    expect(typeErrors(files)).toEqual([]);
    for (const path of files) {
      const target = path.replace(/(?:fake)?\.ts$/, (end) => (end === '.ts' ? '.mjs' : 'node_modules/fake/index.mjs'));
      const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
    writeFileSync(join(folder, 'node_modules/fake/package.json'), '{ "name": "fake", "exports": "./index.mjs" }\n');
    const lines = names.flatMap((name) => [`console.log('== ${name}');`, `await import('./${name}.mjs');`]);
    writeFileSync(join(folder, 'start.mjs'), `${lines.join('\n')}\n`);
  },
  commands: [['node', 'start.mjs']],
};

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  types: [],
};

function typeErrors([library = '', ...programs]: readonly string[]): string[] {
  const program = ts.createProgram([library, ...programs], { ...compilerOptions, paths: { fake: [library] } });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

export const runners: readonly Runner[] = [java, go, python, typescript];
