/**
 * Keys of encrypted recordings: random, each sealed under one wrapping key, which the vault seals under the master key.
 * Three layers, so that a rotation of the master key rewrites one row and opening a recording asks the vault once in a
 * process's life. The session's id is bound in: a key put into another's row does not open.
 */
import { randomBytes } from 'node:crypto';
import type { RecordingKeyRows } from '../../gateway/ports/recording-key-rows.js';
import { RECORDING_KEY_BYTES, type RecordingKeys } from '../../gateway/ports/recording-keys.js';
import type { Vault } from '../../gateway/ports/vault.js';
import { openBox, type RandomBytes, sealBox } from './envelope.js';

const wordsFor = (sessionId: string): readonly string[] => ['recording', sessionId];

export function createRecordingKeys(
  vault: Pick<Vault, 'seal' | 'open' | 'remove'>,
  rows: RecordingKeyRows,
  random: RandomBytes = randomBytes,
): RecordingKeys {
  let wrapping: Promise<Buffer> | undefined;

  async function wrappingKey(): Promise<Buffer> {
    const standing = await rows.wrapId();
    if (standing !== undefined) return Buffer.from(await vault.open('recording-keys', standing));
    const key = random(RECORDING_KEY_BYTES);
    const id = await vault.seal('recording-keys', key);
    const claimed = await rows.claimWrapId(id);
    if (claimed === id) return key;
    await vault.remove(id); // another process was first
    return Buffer.from(await vault.open('recording-keys', claimed));
  }
  const wrap = (): Promise<Buffer> => {
    wrapping ??= wrappingKey().catch((error: unknown) => {
      wrapping = undefined; // the next one asks again
      throw error;
    });
    return wrapping;
  };

  return {
    async create(sessionId) {
      const key = random(RECORDING_KEY_BYTES);
      if (await rows.insert(sessionId, sealBox(await wrap(), wordsFor(sessionId), key, random))) return key;
      throw new Error('this recording has a key already');
    },
    async find(sessionId) {
      const sealed = await rows.get(sessionId);
      if (sealed === undefined) return undefined;
      try {
        return openBox(await wrap(), wordsFor(sessionId), sealed);
      } catch {
        throw new Error(`the key of recording ${sessionId} does not open: the row was changed or its key is another`);
      }
    },
    destroy: (sessionId) => rows.remove(sessionId),
  };
}
