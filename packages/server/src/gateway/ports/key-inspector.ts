/**
 * Looks at a private key before the vault takes it: can it be used, with this passphrase, and what is its public half?
 * `secret.invalid` tells what is wrong; the key itself is in no message.
 */
import type { Result } from '@sallyport/core/model/problem.js';

export interface PrivateKeyFacts {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, ... */
  readonly algorithm: string;
  /** `SHA256:...` of the public half, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

/** Asynchronous because taking off a passphrase is half a second of work. */
export type KeyInspector = (text: string, passphrase?: string) => Promise<Result<PrivateKeyFacts>>;
