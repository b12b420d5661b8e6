/** Asks the parsers of the languages themselves whether files parse. A parser that is not installed says nothing. */
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import ts from 'typescript';

/** The first complaint by path, of files that do not parse. */
export function checkSyntax(paths) {
  const broken = new Map();
  const of = (pattern) => paths.filter((path) => pattern.test(path));
  for (const some of chunks(of(/\.java$/), 200)) java(some, broken);
  for (const some of chunks(of(/\.go$/), 200))
    lines('gofmt', ['-e', '-l', ...some], /^(.+?\.go):\d+:\d+: (.*)$/gm, broken);
  const python =
    'import ast,sys\nfor p in sys.argv[1:]:\n  try: ast.parse(open(p,"rb").read(), p)\n  except Exception as e: print("%s: %s" % (p, e))';
  for (const some of chunks(of(/\.py$/), 200))
    lines('python3', ['-W', 'ignore', '-c', python, ...some], /^(.+?\.py): (.*)$/gm, broken);
  for (const path of of(/\.[cm]?[jt]sx?$/)) {
    const text = readFileSync(path, 'utf8');
    const { diagnostics = [] } = ts.transpileModule(text, {
      reportDiagnostics: true,
      fileName: path,
      compilerOptions: { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve },
    });
    const [first] = diagnostics;
    if (first !== undefined) broken.set(path, ts.flattenDiagnosticMessageText(first.messageText, ' '));
  }
  return broken;
}

function java(paths, broken) {
  const limits = ['-XDshould-stop.ifError=PARSE', '-XDshould-stop.ifNoError=PARSE', '-Xmaxerrs', '100000'];
  lines('javac', ['-proc:none', '-encoding', 'UTF-8', ...limits, ...paths], /^(.+?\.java):\d+: error: (.*)$/gm, broken);
}

function lines(command, args, pattern, broken) {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined) {
    console.error(`${command} is not installed: its files are not checked`);
    return;
  }
  for (const [, path, message] of `${stdout}\n${stderr}`.matchAll(pattern))
    if (!broken.has(path)) broken.set(path, message);
}

function* chunks(all, size) {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
