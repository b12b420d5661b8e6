/** A finding's identity across edits elsewhere: what is meant, and the how-manieth of its kind it is. */
import { createHash } from 'node:crypto';
import type { CheckId } from './finding.ts';
import type { ResourceKind } from '../effects/effect.ts';
import type { SymbolName } from '../ir/ir.ts';

export interface Identity {
  readonly path: string;
  readonly symbol: SymbolName;
  readonly resource: ResourceKind;
  readonly check: CheckId;
  readonly variable: string | null;
}

/** 16 hexadecimal digits; `ordinal` counts equal identities in order of position, from 0. */
export function fingerprint(identity: Identity, ordinal: number): string {
  const { path, symbol, resource, check, variable } = identity;
  const text = [path, symbol, resource, check, variable ?? '', ordinal].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
