/**
 * Another signing key: written into the ledger and signed there by the key before it, so that who trusts one key can
 * follow to the next; then put in force, and the heads signed again by the new one.
 */
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import type { HeadKeeper } from './head-keeper.js';
import type { AuditLog } from './ports/audit-log.js';
import type { ChangedBy } from './ports/identity.js';
import type { RecordingLedger } from './ports/recording-ledger.js';
import type { Signer } from './ports/signer.js';

export interface SigningParts {
  readonly audit: AuditLog;
  readonly ledger: RecordingLedger;
  readonly signer: Signer;
  readonly heads: HeadKeeper;
}

export async function rotateSigningKey(parts: SigningParts, by: ChangedBy): Promise<SigningKey> {
  const { audit, ledger, signer, heads } = parts;
  const next = await signer.rotate(async ({ id, x }) => {
    await ledger.append({ kind: 'key', keyId: id, x });
    await heads.sign();
  });
  await audit.append({ action: 'signing-key.rotate', result: 'ok', ...by, detail: { keyId: next.id } });
  await heads.sign();
  return next;
}

/** The key in force stands in the ledger before anything it signed. */
export async function announceSigningKey({ ledger, signer }: SigningParts): Promise<void> {
  const inForce = (await signer.keys()).at(-1);
  if (inForce !== undefined) await ledger.append({ kind: 'key', keyId: inForce.id, x: inForce.x });
}
