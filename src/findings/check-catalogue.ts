/** What each check is called and stands for, as rule lists and documentation show it. */
import type { CheckId } from './finding.ts';

export interface CheckDescription {
  readonly id: CheckId;
  /** A phrase without a full stop. */
  readonly title: string;
  readonly description: string;
  /** `note`: worth telling, seldom worth stopping for, however sure the finding is. */
  readonly severity: 'warning' | 'note';
  /** How often a finding is right, in the words of code scanning. */
  readonly precision: 'high' | 'medium' | 'low';
  /** Numbers of the Common Weakness Enumeration, the closest first. */
  readonly cwe: readonly number[];
}

export function catalogueSeverity(id: CheckId): CheckDescription['severity'] {
  return checkCatalogue.find((check) => check.id === id)?.severity ?? 'warning';
}

export const checkCatalogue: readonly CheckDescription[] = [
  {
    id: 'leak',
    title: 'Resource is not released',
    description:
      'A resource is acquired and a path through the function that throws nothing ends without releasing it, returning it or handing it on.',
    severity: 'warning',
    precision: 'high',
    cwe: [772, 404],
  },
  {
    id: 'leak-on-exception',
    title: 'Resource is not released when an exception is thrown',
    description:
      'A resource is released on the normal path through the function, but a call in between can throw, and the exception leaves the function past the release.',
    severity: 'warning',
    precision: 'medium',
    cwe: [772, 404, 460],
  },
  {
    id: 'lost-reference',
    title: 'Last reference to an open resource is lost',
    description:
      'The only variable that holds an open resource is overwritten, or an open resource is used without ever being stored, so that nothing is left to release it by.',
    severity: 'warning',
    precision: 'high',
    cwe: [772, 775],
  },
  {
    id: 'inline-open',
    title: 'File is opened and used up in one expression',
    description:
      'A file is opened where it is used, as in `open(path).read()`, and never stored: only the garbage collector closes it, at once in CPython and some time in other interpreters.',
    severity: 'note',
    precision: 'medium',
    cwe: [772, 775],
  },
  {
    id: 'unreleased-field',
    title: 'Resource held in a field is never released',
    description: 'A class keeps a resource that it acquired in a field, and none of its methods releases it.',
    severity: 'warning',
    precision: 'medium',
    cwe: [772, 404],
  },
  {
    id: 'unfinished-transaction',
    title: 'Transaction is neither committed nor rolled back',
    description: 'A transaction is begun, and a path out of the function neither commits it nor rolls it back.',
    severity: 'warning',
    precision: 'medium',
    cwe: [404],
  },
  {
    id: 'unreleased-lock',
    title: 'Lock is not released',
    description: 'A lock is acquired, and a path out of the function leaves it held.',
    severity: 'warning',
    precision: 'high',
    cwe: [833, 667],
  },
  {
    id: 'unremoved-listener',
    title: 'Listener is not removed',
    description:
      'A function is left listening to an object that outlives it, and a path out of the function that added it does not take it back.',
    severity: 'warning',
    precision: 'medium',
    cwe: [772, 401],
  },
  {
    id: 'defer-in-loop',
    title: 'Release is deferred in a loop',
    description:
      'Every round of a loop acquires a resource and defers its release, which happens only when the function returns: all of them stay open until then.',
    severity: 'warning',
    precision: 'high',
    cwe: [772, 400],
  },
  {
    id: 'wrong-target',
    title: 'Lock is acquired again where its release is meant',
    description:
      'A function takes a lock, defers a second acquisition of it instead of its release, and never releases it: it waits for itself when it ends.',
    severity: 'warning',
    precision: 'high',
    cwe: [833, 667],
  },
  {
    id: 'blocking-call-in-async',
    title: 'Blocking call on an event loop',
    description:
      'A function that runs on an event loop makes a call that waits, itself or through the functions it calls; nothing else on the loop runs until it returns.',
    severity: 'warning',
    precision: 'medium',
    cwe: [400],
  },
  {
    id: 'client-per-call',
    title: 'Client that is meant to be shared is made for every call',
    description:
      'A function makes a client, pool or producer that is meant to be made once, and releases it before it returns: every call pays for connections and threads again.',
    severity: 'warning',
    precision: 'medium',
    cwe: [400],
  },
];
