/** Files an operator names: public keys he trusts, and heads he kept elsewhere. */
import { readFileSync } from 'node:fs';
import type { OfflineOptions } from '@sallyport/server/app/offline-evidence.js';
import { usage } from './failure.js';

export interface EvidenceFiles {
  readonly key?: string;
  readonly heads?: string;
}

export async function readEvidenceFiles({ key, heads }: EvidenceFiles): Promise<OfflineOptions> {
  const { headsFrom, keysFrom } = await import('@sallyport/server/app/evidence.js');
  const keys = key === undefined ? undefined : await keysFrom(readFileSync(key, 'utf8'));
  if (typeof keys === 'string') throw usage(`${key} holds no public signing key: ${keys}`);
  const kept = heads === undefined ? undefined : headsFrom(readFileSync(heads, 'utf8'));
  if (kept?.length === 0)
    throw usage(`${heads} holds no signed head`, 'One JSON object a line, as “audit heads” prints.');
  return { ...(keys === undefined ? {} : { keys }), ...(kept === undefined ? {} : { heads: kept }) };
}
