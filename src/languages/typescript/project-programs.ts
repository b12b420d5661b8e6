/**
 * Programs for files of a scan: all files below one tsconfig.json are checked together, with its options. A program is
 * large, so only the latest few are kept; a scan goes folder by folder, and seldom comes back.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type ts from 'typescript';
import type { ProgramOf } from './checked-types.ts';

const PROGRAMS_KEPT = 2;

/** `files`: absolute. Nothing is read before a program is asked for. */
export function projectPrograms(files: readonly string[]): ProgramOf {
  // Loaded when it is needed: it is large. `require` knows no types; these are the package's.
  const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
  const configs = new Map<string, string | null>();
  const configOf = (file: string): string | null => {
    const folder = dirname(file);
    let config = configs.get(folder);
    if (config === undefined) {
      config = compiler.findConfigFile(folder, (name) => compiler.sys.fileExists(name)) ?? null;
      configs.set(folder, config);
    }
    return config;
  };
  const programs = new Map<string | null, ts.Program>();
  return (file) => {
    const config = configOf(file);
    const known = programs.get(config);
    if (known !== undefined) return known;
    const [oldest] = programs.keys();
    if (programs.size >= PROGRAMS_KEPT && oldest !== undefined) programs.delete(oldest);
    const program = programFor(
      compiler,
      config,
      files.filter((one) => configOf(one) === config),
    );
    programs.set(config, program);
    return program;
  };
}

/** Of an unreadable configuration what can be read holds; of none, the compiler's own defaults. */
function programFor(compiler: typeof ts, config: string | null, files: readonly string[]): ts.Program {
  const given = config === null ? null : readConfig(compiler, config);
  // What declares globals and modules is part of the program, whether it is scanned or not.
  const ambient = given?.fileNames.filter((name) => /\.d\.[mc]?ts$/.test(name)) ?? [];
  const options: ts.CompilerOptions = {
    ...given?.options,
    allowJs: true,
    noEmit: true,
    skipLibCheck: true,
    composite: false,
    incremental: false,
  };
  return compiler.createProgram([...new Set([...files, ...ambient])], options);
}

function readConfig(compiler: typeof ts, file: string): ts.ParsedCommandLine | null {
  const host: ts.ParseConfigFileHost = {
    ...compiler.sys,
    // Whoever builds the project hears of it.
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  };
  return compiler.getParsedCommandLineOfConfigFile(file, {}, host) ?? null;
}
