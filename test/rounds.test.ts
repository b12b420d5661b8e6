/** Rounds of a scan and the units they are cut into. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LanguageFrontend } from '../src/languages/language.ts';
import { frontends } from '../src/languages/registry.ts';
import { findHomes } from '../src/project/homes.ts';
import type { SourceFile } from '../src/project/project.ts';
import { Acquirers } from '../src/session/acquirers.ts';
import { loadKnowledge } from '../src/session/knowledge.ts';
import { analyseInRounds, sourceIn } from '../src/session/rounds.ts';
import { sharedFiles } from '../src/session/session.ts';
import { analyseUnit, planUnits, type Unit } from '../src/session/unit.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Opens for real; the only file whose text speaks of a resource. */
const opener = `package lib;
import java.io.*;
public class Opener implements Closeable {
  private final InputStream in;
  public Opener(File file) throws IOException { in = new FileInputStream(file); }
  public static InputStream take(File file) throws IOException {
    return new FileInputStream(file);
  }
  public int next() throws IOException { return in.read(); }
  @Override public void close() throws IOException { in.close(); }
}
`;

/** A resource by what it is made of. */
const holder = `package lib;
import java.io.*;
public class Holder {
  private final Opener opener;
  public Holder(File file) throws IOException { opener = new Opener(file); }
  public int next() throws IOException { return opener.next(); }
  public void close() throws IOException { opener.close(); }
}
`;

function user(name: string, value: string, use: string): string {
  return `package app;
import java.io.*;
import lib.*;
class ${name} {
  int first(File file) throws IOException {
    var in = ${value};
    return in.${use}();
  }
}
`;
}

describe('what the project itself acquires by', () => {
  test('is found wherever it stands, through any number of files', async () => {
    const cwd = temporaryFolder({
      'a/User.java': user('User', 'Opener.take(file)', 'read'),
      'b/Next.java': user('Next', 'new Holder(file)', 'next'),
      'lib/Holder.java': holder,
      'lib/Opener.java': opener,
      'z/Last.java': user('Last', 'new Holder(file)', 'next'),
    });
    const { out, code } = await closewait(['scan', '--format', 'json'], cwd);
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { path: string; check: string; confidence: string }[] };
    expect(findings.map(({ path, check, confidence }) => [path, check, confidence])).toEqual([
      ['a/User.java', 'leak', 'high'],
      ['b/Next.java', 'leak', 'high'],
      ['z/Last.java', 'leak', 'high'],
    ]);
  });

  test('is not what has the same name elsewhere', async () => {
    const other = 'package app;\nclass Other {\n  static String take(String name) { return name; }\n}\n';
    const use =
      'package app;\nclass Use {\n  int size(String name) {\n    var text = Other.take(name);\n    return text.length();\n  }\n}\n';
    const cwd = temporaryFolder({ 'app/Other.java': other, 'app/Use.java': use, 'lib/Opener.java': opener });
    expect((await closewait(['scan', '--min-confidence', 'low'], cwd)).code).toBe(0);
  });

  test('a file that cannot be parsed says so once', async () => {
    const broken = user('User', 'Opener.take(file)', 'read').replace(
      'class User {',
      'class User {\n  void g( { new FileReader(',
    );
    const cwd = temporaryFolder({ 'app/User.java': broken, 'lib/Opener.java': opener });
    const { err } = await closewait(['scan'], cwd);
    expect(err.match(/could not be parsed/g)).toHaveLength(1);
  });
});

describe('units', () => {
  const files = Array.from({ length: 3000 }, (_, n) => ({
    path: `src/f${String(n).padStart(4, '0')}.java`,
    users: null,
  }));

  test('hold every file once, in order', () => {
    expect(planUnits(files).flat()).toEqual(files);
    expect(planUnits([])).toEqual([]);
  });

  test('stay as they are where no file comes or goes', () => {
    const before = planUnits(files).map((unit) => JSON.stringify(unit));
    const after = planUnits(files.toSpliced(1500, 1)).map((unit) => JSON.stringify(unit));
    const kept = after.filter((unit) => before.includes(unit));
    expect(before.length).toBeGreaterThan(5);
    expect(kept.length).toBeGreaterThan(before.length - 4);
  });
});

describe('where a unit ends', () => {
  const fixtures = join(import.meta.dirname, '../fixtures');

  /** All fixtures of the language as one project, analysed in units as `cut` says. */
  async function found(
    frontend: LanguageFrontend,
    cut: (units: readonly Unit[]) => readonly Unit[],
  ): Promise<string[]> {
    const cwd = join(fixtures, frontend.id);
    const paths = readdirSync(cwd, { recursive: true, encoding: 'utf8' })
      .filter((path) => frontend.extensions.includes(extname(path)))
      .sort();
    const homes = findHomes(
      frontend,
      paths.map((path) => join(cwd, path)),
      cwd,
    );
    const knowledge = loadKnowledge(frontend, []);
    const sources = paths.map((path): SourceFile => {
      const text = readFileSync(join(cwd, path), 'utf8');
      const home = homes.of(join(cwd, path));
      return { path, frontend, text: () => text, mayMatter: knowledge.mayMatter(text), home };
    });
    const acquirers = new Acquirers(knowledge.models.conventions.constructionKeyword);
    const gathered = await analyseInRounds(sources, acquirers, (round) => {
      const shared = sharedFiles(
        knowledge,
        sources.map((source) => sourceIn(round, source)),
      );
      const options = { verify: false, wantsReads: false };
      return Promise.resolve(cut(round.units).map((unit) => analyseUnit(unit, knowledge, shared, options)));
    });
    return [...gathered.values()]
      .flatMap(({ findings }) => findings)
      .map(({ path, check, confidence, message }) => `${path} ${check} ${confidence} ${message}`)
      .sort();
  }

  test.each(frontends)('decides nothing, $id', { timeout: 240_000 }, async (frontend) => {
    const inOne = await found(frontend, (units) => [units.flat()]);
    expect(inOne.length).toBeGreaterThan(300);
    expect(await found(frontend, (units) => units.flat().map((file) => [file]))).toEqual(inOne);
  });
});
