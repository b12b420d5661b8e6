/** The kinds of failure there are; anything else that is thrown is a bug treated as an InvariantError. */

/** What the user gave us is wrong: an option, a configuration, a model file. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A bug of ours. Caught at the file boundary; the other files' results stand. Exit code 3. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assertNever(value: never): never {
  throw new InvariantError(`unexpected ${JSON.stringify(value)}`);
}
