/**
 * The files of one language around those that ESLint lints, as long as ESLint runs. They are looked for once there is a file
 * that speaks of resources, and parsed when a call leads into them.
 *
 * Two kinds of session answer. Text that is the file's on disk goes to the shared one, in which what was learnt of
 * helpers serves the next file. Text that is not, such as an editor's, gets a session of its own over the same
 * trees: nobody else must see it. Unsaved text of other files is unknown to ESLint, so it is to us.
 */
import { relative, resolve } from 'node:path';
import { pathFrom } from '../project/path-from.ts';
import { loadKnowledge, type Knowledge } from '../session/knowledge.ts';
import type { Bench } from '../fixes/bench.ts';
import { noResult, type FileResult } from '../session/file-result.ts';
import { FileBench } from '../session/file-bench.ts';
import { targetOf } from '../project/target.ts';
import { Session, sharedFiles } from '../session/session.ts';
import type { CallTypes, LanguageFrontend, ParsedFile } from '../languages/language.ts';
import { findHomes, type Homes } from '../project/homes.ts';
import { Latest, TEXT_OF_TREES_KEPT } from '../project/latest.ts';
import type { SourceFile } from '../project/project.ts';
import { textOrNull } from '../project/source-text.ts';
import { stampOf } from './project-files.ts';
import { ProjectListing } from './project-listing.ts';
import type { LintedText } from './linted-text.ts';

/** How long files count as unchanged at least: asking for all of them at each file of a run would add up. */
const FRESH_MILLIS = 250;
/** The longer it takes to ask, the less often: it may take this share of the time, but nobody waits longer than this for news. */
const ASKING_SHARE = 0.1;
const STALE_MILLIS = 2000;

export class Workspace {
  readonly #cwd: string;
  readonly #modelFiles: readonly string[];
  /** The one given, with trees that are there already. */
  readonly #frontend: LanguageFrontend;
  readonly #parser: LanguageFrontend;
  readonly #listing: ProjectListing;
  /** What the sessions know of files on disk, and the state of each when it was read. */
  readonly #stamps = new Map<string, string>();
  readonly #trees = new Latest<ParsedFile>(TEXT_OF_TREES_KEPT);
  #knowledge: Knowledge | null = null;
  #modelStamps = '';
  #paths: ReadonlySet<string> = new Set();
  #sources: readonly SourceFile[] = [];
  /** Read again when files come or go. */
  #homes: Homes | null = null;
  #shared: Session | null = null;
  /** The file being linted, which has the tree ESLint made. */
  #linted: ParsedFile | null = null;
  /** Of the file being linted, and of what it imports. */
  #types: CallTypes | null = null;
  #checkedAt = -Infinity;
  #freshFor = FRESH_MILLIS;
  /** Files whose state was asked for since then. */
  readonly #confirmed = new Set<string>();

  constructor(cwd: string, models: readonly string[], frontend: LanguageFrontend) {
    this.#cwd = cwd;
    this.#modelFiles = models.map((file) => relative('.', resolve(cwd, file)));
    this.#parser = frontend;
    this.#frontend = {
      ...frontend,
      parse: (path, text) => this.#parse(path, text),
      types: {
        resultOf: (path, call) => this.#types?.resultOf(path, call) ?? null,
        receiverOf: (path, call) => this.#types?.receiverOf(path, call) ?? null,
      },
    };
    this.#listing = new ProjectListing(cwd, frontend.extensions);
  }

  /** A file on disk, with the text that ESLint has for it. */
  analyse(absolute: string, source: LintedText): FileResult {
    const { text } = source;
    this.#refresh();
    const knowledge = this.#knowledgeNow();
    if (knowledge.isGenerated(text)) return noResult;
    const path = this.#pathOf(absolute);
    this.#listing.include(path);
    this.#takeListing();
    const isListed = this.#paths.has(path);
    const isSaved = this.#read(path) === text;
    const stored = isSaved ? this.#trees.get(path) : undefined;
    this.#linted = stored ?? source.parse(path);
    this.#types = source.typesIn(this.#cwd);
    try {
      const session =
        isListed && isSaved ? this.#sharedSession(knowledge) : this.#ownSession(knowledge, path, isListed);
      const result = session.analyse(path, text);
      if (isSaved) this.#keepTree(this.#linted);
      return result;
    } finally {
      this.#linted = null;
      this.#types = null;
    }
  }

  /** Text that is in no file of its own. */
  analyseAlone(name: string, source: LintedText): FileResult {
    const { text } = source;
    this.#refresh();
    const knowledge = this.#knowledgeNow();
    if (knowledge.isGenerated(text)) return noResult;
    const path = this.#pathOf(name);
    this.#linted = source.parse(path);
    try {
      return new Session(knowledge, sharedFiles(knowledge, [this.#sourceOf(path)]), { verify: false }).analyse(
        path,
        text,
      );
    } finally {
      this.#linted = null;
    }
  }

  /** Where fixes of a file are tried out; `isOnDisk`: other files can be looked into. */
  benchFor(name: string, source: LintedText, isOnDisk: boolean): Bench {
    const path = this.#pathOf(name);
    return new FileBench({
      knowledge: () => this.#knowledgeNow(),
      analyse: (text) => this.#tryOut(path, text, isOnDisk),
      parse: (text) => (text === source.text ? source.parse(path) : this.#parser.parse(path, text)),
      target: () => targetOf(this.#parser, this.#absolute(path)),
    });
  }

  #tryOut(path: string, text: string, isOnDisk: boolean): FileResult {
    const knowledge = this.#knowledgeNow();
    this.#linted = this.#parser.parse(path, text);
    try {
      const session = isOnDisk
        ? this.#ownSession(knowledge, path, this.#paths.has(path))
        : new Session(knowledge, sharedFiles(knowledge, [this.#sourceOf(path)]), { verify: false });
      return session.analyse(path, text);
    } finally {
      this.#linted = null;
    }
  }

  #knowledgeNow(): Knowledge {
    return (this.#knowledge ??= loadKnowledge(this.#frontend, this.#modelFiles));
  }

  /** Drops what files on disk have made untrue since the last time. */
  #refresh(): void {
    const started = performance.now();
    if (started - this.#checkedAt < this.#freshFor) return;
    this.#confirmed.clear();
    const modelStamps = this.#modelFiles.map(stampOf).join();
    if (modelStamps !== this.#modelStamps) {
      this.#modelStamps = modelStamps;
      this.#knowledge = null;
      this.#shared = null;
    }
    this.#listing.refresh();
    for (const [path, stamp] of this.#stamps) {
      if (stampOf(this.#absolute(path)) !== stamp) this.#forget(path);
      else this.#confirmed.add(path);
    }
    this.#checkedAt = performance.now();
    const took = this.#checkedAt - started;
    this.#freshFor = Math.min(Math.max(FRESH_MILLIS, took / ASKING_SHARE), STALE_MILLIS);
  }

  #takeListing(): void {
    const { paths } = this.#listing;
    if (paths === this.#paths) return;
    this.#paths = paths;
    const absolutes = [...paths].map((path) => this.#absolute(path));
    this.#homes = findHomes(this.#parser, absolutes, this.#cwd);
    this.#sources = [...paths].map((path) => this.#sourceOf(path));
    this.#shared = null;
  }

  #sourceOf(path: string): SourceFile {
    const text = (): string | null => this.#textOf(path);
    const mayMatter = (): boolean => this.#knowledgeNow().mayMatter(text() ?? '');
    return {
      path,
      frontend: this.#frontend,
      text,
      home: this.#homes?.of(this.#absolute(path)) ?? null,
      get mayMatter() {
        return mayMatter();
      },
    };
  }

  #sharedSession(knowledge: Knowledge): Session {
    return (this.#shared ??= new Session(knowledge, sharedFiles(knowledge, this.#sources), { verify: false }));
  }

  #ownSession(knowledge: Knowledge, path: string, isListed: boolean): Session {
    const sources = isListed ? this.#sources : [...this.#sources, this.#sourceOf(path)];
    return new Session(knowledge, sharedFiles(knowledge, sources), { verify: false });
  }

  #textOf(path: string): string | null {
    return this.#linted?.path === path ? this.#linted.text : this.#read(path);
  }

  /** The text on disk, remembered with its tree. */
  #read(path: string): string | null {
    const known = this.#stamps.get(path);
    const tree = this.#trees.get(path);
    if (tree !== undefined && this.#confirmed.has(path)) return tree.text;
    const stamp = stampOf(this.#absolute(path));
    if (known === stamp && tree !== undefined) return tree.text;
    if (known !== undefined && known !== stamp) this.#forget(path);
    this.#stamps.set(path, stamp);
    this.#confirmed.add(path);
    return textOrNull(this.#absolute(path));
  }

  #forget(path: string): void {
    this.#stamps.delete(path);
    this.#confirmed.delete(path);
    this.#trees.delete(path);
    this.#shared = null;
  }

  #parse(path: string, text: string): ParsedFile {
    if (this.#linted?.path === path && this.#linted.text === text) return this.#linted;
    const known = this.#trees.get(path);
    const tree = known?.text === text ? known : this.#parser.parse(path, text);
    this.#keepTree(tree);
    return tree;
  }

  #keepTree(tree: ParsedFile): void {
    this.#trees.set(tree.path, tree, tree.text.length);
  }

  #pathOf(name: string): string {
    return pathFrom(this.#cwd, resolve(this.#cwd, name));
  }

  #absolute(path: string): string {
    return resolve(this.#cwd, path);
  }
}
