/**
 * Signs evidence with the key in force. The private half is sealed in the vault and held only by the signer; it is
 * destroyed when another key takes its place, so that nothing can be signed as of an earlier time.
 *
 * `sign` is synchronous and takes less than a tenth of a millisecond: a recording's chain is sequential anyway.
 */
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';

export interface Signed {
  /** Thumbprint, 32 bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Signer {
  /** `compose` makes the message for the key in force, whose id is part of what is signed. */
  sign(compose: (keyId: Uint8Array) => Uint8Array): Signed;
  /** Public keys, oldest first; the last is in force. */
  keys(): Promise<readonly SigningKey[]>;
  /**
   * Puts a new key in force. `announce` is called with its public half while the old one still signs; when it rejects
   * nothing changes.
   */
  rotate(announce: (next: SigningKey) => Promise<void>): Promise<SigningKey>;
}
