import { createHash } from 'node:crypto';
import type { ShownHostKey } from '../../../gateway/ports/target-connector.js';

/** `SHA256:` and unpadded base64, as `ssh-keygen -lf` prints it. */
export const fingerprintOf = (wireForm: Buffer): string =>
  `SHA256:${createHash('sha256').update(wireForm).digest('base64').replace(/=+$/, '')}`;

/** The wire form opens with its algorithm's name as an SSH string. */
export function describeHostKey(wireForm: Buffer): ShownHostKey {
  const length = wireForm.length >= 4 ? wireForm.readUInt32BE(0) : 0;
  const algorithm = wireForm.toString('latin1', 4, 4 + Math.min(length, 64));
  return { algorithm, fingerprint: fingerprintOf(wireForm), publicKey: wireForm.toString('base64') };
}
