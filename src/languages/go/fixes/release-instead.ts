/** `mu.Lock(); defer mu.Lock()` becomes `mu.Lock(); defer mu.Unlock()`. */
import type { Fix } from '../../../findings/edit.ts';
import { fixOf, written } from '../../fixing/source-edits.ts';
import type { Site } from './site.ts';

export function releasedInstead({ request: { acquiredAt, remedy }, value }: Site): Fix[] {
  const [call] = remedy?.calls ?? [];
  if (call === undefined || value === null) return [];
  const edits = [{ ...acquiredAt, text: written(call, value) }];
  const reason = 'it is taken for granted that the deferred call was to release the lock';
  return [fixOf({ title: `Release \`${value}\` instead`, style: 'release-instead', edits }, [reason])];
}
