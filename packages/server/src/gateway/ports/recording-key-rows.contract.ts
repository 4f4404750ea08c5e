/** What every RecordingKeyRows must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingKeyRows } from './recording-key-rows.js';

export interface RecordingKeyRowsUnderTest {
  readonly rows: RecordingKeyRows;
  /** Every byte that the store has on disk. */
  bytes(): Promise<Buffer>;
  close(): Promise<void>;
}

export function describeRecordingKeyRowsContract(name: string, make: () => Promise<RecordingKeyRowsUnderTest>): void {
  describe(`recording key rows: ${name}`, () => {
    let under: RecordingKeyRowsUnderTest;
    let rows: RecordingKeyRows;
    beforeEach(async () => {
      under = await make();
      rows = under.rows;
    });
    afterEach(() => under.close());

    it('keeps one row per session', async () => {
      expect(await rows.get('s1')).toBeUndefined();
      expect(await rows.insert('s1', 'sealed one')).toBe(true);
      expect(await rows.insert('s1', 'sealed two')).toBe(false);
      expect(await rows.get('s1')).toBe('sealed one');
    });

    it('gives the wrapping key’s place to the first claim only', async () => {
      expect(await rows.wrapId()).toBeUndefined();
      expect(await rows.claimWrapId('a')).toBe('a');
      expect(await rows.claimWrapId('b')).toBe('a');
      expect(await rows.wrapId()).toBe('a');
    });

    it('leaves no byte of a removed row on the disk, and the others whole', async () => {
      const sealed = (n: number): string => `v1.${String(n).padStart(4, '0')}${'k'.repeat(60)}`;
      for (let n = 0; n < 200; n++) await rows.insert(`s${n}`, sealed(n));
      expect((await under.bytes()).includes(sealed(77))).toBe(true);
      for (let n = 50; n < 100; n++) await rows.remove(`s${n}`);
      await rows.remove('s77');
      const left = await under.bytes();
      for (let n = 50; n < 100; n++) expect(left.includes(sealed(n)), `row ${n}`).toBe(false);
      expect(await rows.get('s49')).toBe(sealed(49));
      expect(await rows.get('s77')).toBeUndefined();
    });
  });
}
