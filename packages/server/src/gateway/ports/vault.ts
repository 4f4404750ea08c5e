/**
 * Secrets at rest: envelope encryption. AES-256-GCM with a fresh data key per secret, the data key sealed by the master
 * key, the secret's id and purpose bound in as associated data. The master key never stands in the database (W22, V46).
 */
export type SecretPurpose = 'account' | 'totp' | 'recovery-codes' | 'recording-keys' | 'signing-key';

export interface Vault {
  /** Stores and returns the new secret's id. */
  seal(purpose: SecretPurpose, plaintext: Uint8Array): Promise<string>;
  /** Rejects when the master key does not fit or the row was tampered with. */
  open(purpose: SecretPurpose, id: string): Promise<Uint8Array>;
  replace(purpose: SecretPurpose, id: string, plaintext: Uint8Array): Promise<void>;
  remove(id: string): Promise<void>;
  /**
   * Seals every data key again under a new master key, in one transaction. Returns how many. The new key is made, or
   * read from `newKeyFile` when the operator keeps keys himself; he then points the setting at it.
   */
  rotate(newKeyFile?: string): Promise<number>;
}
