/** What every RecordingKeys must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECORDING_KEY_BYTES, type RecordingKeys } from './recording-keys.js';

export interface RecordingKeysUnderTest {
  readonly keys: RecordingKeys;
  /** Another one over the same store, as after a restart. */
  reopen(): Promise<RecordingKeys>;
  close(): Promise<void>;
}

export function describeRecordingKeysContract(name: string, make: () => Promise<RecordingKeysUnderTest>): void {
  describe(`recording keys: ${name}`, () => {
    let under: RecordingKeysUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    it('makes a key per recording and finds it again, also after a restart', async () => {
      const { keys } = under;
      const [one, two] = [await keys.create('s1'), await keys.create('s2')];
      expect(one).toHaveLength(RECORDING_KEY_BYTES);
      expect(Buffer.compare(one, two)).not.toBe(0);
      expect(Buffer.compare((await keys.find('s1')) ?? Buffer.of(), one)).toBe(0);
      expect(Buffer.compare((await (await under.reopen()).find('s2')) ?? Buffer.of(), two)).toBe(0);
      await expect(keys.create('s1')).rejects.toThrow();
      expect(await keys.find('s3')).toBeUndefined();
    });

    it('never gives a destroyed key again', async () => {
      const { keys } = under;
      await keys.create('s1');
      for (let times = 0; times < 2; times++) await keys.destroy('s1');
      expect(await keys.find('s1')).toBeUndefined();
      expect(await (await under.reopen()).find('s1')).toBeUndefined();
    });

    it('agrees on one wrapping key when two first uses race', async () => {
      const other = await under.reopen();
      await Promise.all([under.keys.create('s1'), other.create('s2')]);
      const third = await under.reopen();
      expect(await third.find('s1')).toHaveLength(RECORDING_KEY_BYTES);
      expect(await third.find('s2')).toHaveLength(RECORDING_KEY_BYTES);
    });
  });
}
