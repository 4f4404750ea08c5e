/** Where the signer keeps its keys: public halves in the open, the private one as the id of a secret in the vault. */
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';

export interface SigningKeyRow extends SigningKey {
  readonly from: number;
  /** Absent once another key is in force. */
  readonly secretId?: string;
}

export interface SigningKeyRows {
  /** Oldest first. */
  list(): Promise<readonly SigningKeyRow[]>;
  /**
   * Puts `next` in force and ends the key `after` at `next.from`, its secret id forgotten, in one transaction. False when
   * `after` was not the key in force (undefined: there was none): nothing was written.
   */
  succeed(after: string | undefined, next: SigningKeyRow): Promise<boolean>;
}
