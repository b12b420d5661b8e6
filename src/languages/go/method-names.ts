/**
 * `f.Close` without a call: a field or a method? The syntax does not say. What the file declares decides;
 * for other types, methods that are commonly passed on as functions are known by name.
 */

const commonMethods = new Set([
  'Cancel',
  'Cleanup',
  'Close',
  'CloseIdleConnections',
  'CloseNow',
  'CloseSend',
  'Destroy',
  'Disconnect',
  'Dispose',
  'Done',
  'Finish',
  'Flush',
  'Free',
  'Kill',
  'RUnlock',
  'Release',
  'Rollback',
  'Shutdown',
  'Stop',
  'Sync',
  'Terminate',
  'Unlock',
  'Unsubscribe',
  'Wait',
]);

export interface MemberNames {
  /** Methods and fields the file declares, of whatever type. */
  readonly methods: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

export function isMethodName(names: MemberNames, name: string): boolean {
  if (names.fields.has(name)) return false;
  return names.methods.has(name) || commonMethods.has(name);
}

export function isCommonMethod(name: string): boolean {
  return commonMethods.has(name);
}
