/**
 * One key per encrypted recording. Traps: `create` is durable before it resolves, or what is written under the key
 * could never be read; after `destroy` nothing here can ever give the key again, whatever copy of the file is left.
 */
export const RECORDING_KEY_BYTES = 32;

export interface RecordingKeys {
  /** A new key; rejects when the session has one already. The caller zeroes it when it is no longer needed. */
  create(sessionId: string): Promise<Uint8Array>;
  /** undefined: the recording is not encrypted, or its key was destroyed. */
  find(sessionId: string): Promise<Uint8Array | undefined>;
  /** Idempotent. */
  destroy(sessionId: string): Promise<void>;
}
