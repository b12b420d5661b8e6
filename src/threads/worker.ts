/** A thread that analyses one unit after the other, as it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '../errors.ts';
import { frontends } from '../languages/registry.ts';
import type { SourceFile } from '../project/project.ts';
import { SourceStore } from '../project/source-store.ts';
import { textOrNull } from '../project/source-text.ts';
import { loadKnowledge } from '../session/knowledge.ts';
import { sourceIn } from '../session/rounds.ts';
import { sharedFiles, type SharedFiles } from '../session/session.ts';
import { analyseUnit } from '../session/unit.ts';
import type { ThreadMessage, ThreadTask, WorkerData } from './pool.ts';
import { SharedTrees } from './shared-trees.ts';

const port = parentPort;
if (port === null) throw new InvariantError('a worker has a parent');

// What the pool starts it with.
const job = workerData as WorkerData;
const frontend = frontends.find(({ id }) => id === job.language);
if (frontend === undefined) throw new InvariantError(`no language ${job.language}`);
await frontend.load();
const knowledge = loadKnowledge(frontend, job.modelFiles);
const numbers = new SharedTrees(
  job.memory,
  job.files.map(([path]) => path),
);
const store = new SourceStore(knowledge.models.conventions, job.threads, numbers);
const sources = job.files.map(([path, absolute, mayMatter, home]): SourceFile => {
  return { path, frontend, text: () => textOrNull(absolute), mayMatter, home };
});

let current: { readonly round: number; readonly shared: SharedFiles } | null = null;

function filesIn({ round, opened }: ThreadTask): SharedFiles {
  if (current?.round !== round) {
    const known = { opened: new Set(opened) };
    const inRound = sources.map((source) => sourceIn(known, source));
    current = { round, shared: sharedFiles(knowledge, inRound, store) };
  }
  return current.shared;
}

const send = (message: ThreadMessage): void => {
  port.postMessage(message);
};
port.on('message', (task: ThreadTask) => {
  const { verify, wantsReads } = job;
  const onFile = (): void => {
    send({ kind: 'file' });
  };
  const result = analyseUnit(task.unit, knowledge, filesIn(task), { verify, wantsReads, onFile });
  send({ kind: 'unit', result });
});
