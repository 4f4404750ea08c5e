/** What every SecretRows must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretRow, SecretRows } from './secret-rows.js';

export interface SecretRowsUnderTest {
  readonly rows: SecretRows;
  close(): Promise<void>;
}

const row = (id: string, change: Partial<SecretRow> = {}): SecretRow => ({
  id,
  purpose: 'account',
  keyId: 'k1',
  wrappedKey: `wrapped ${id}`,
  sealed: `sealed ${id}`,
  ...change,
});

export function describeSecretRowsContract(name: string, make: () => Promise<SecretRowsUnderTest>): void {
  describe(`secret rows: ${name}`, () => {
    let under: SecretRowsUnderTest;
    let rows: SecretRows;
    beforeEach(async () => {
      under = await make();
      rows = under.rows;
    });
    afterEach(() => under.close());

    it('gives the mark to the first claim only', async () => {
      expect(await rows.keyMark()).toBeUndefined();
      expect(await Promise.all([rows.claimKeyMark('k1'), rows.claimKeyMark('k2')])).toEqual(['k1', 'k1']);
      expect(await rows.keyMark()).toBe('k1');
    });

    it('stores, replaces and removes under the standing mark', async () => {
      await rows.claimKeyMark('k1');
      expect(await rows.insert(row('a'))).toBe(true);
      expect(await rows.get('a')).toEqual(row('a'));
      expect(await rows.update(row('a', { sealed: 'other' }))).toBe(true);
      expect(await rows.get('a')).toEqual(row('a', { sealed: 'other' }));
      expect(await rows.update(row('nobody'))).toBe(false);
      expect(await rows.update(row('a', { purpose: 'totp' }))).toBe(false);
      await rows.remove('a');
      await rows.remove('a');
      expect(await rows.get('a')).toBeUndefined();
    });

    it('INVARIANT: no row is written under a key that is not the mark (W22)', async () => {
      expect(await rows.insert(row('a'))).toBe(false);
      await rows.claimKeyMark('k1');
      await rows.insert(row('a'));
      expect(await rows.insert(row('b', { keyId: 'k2' }))).toBe(false);
      expect(await rows.update(row('a', { keyId: 'k2' }))).toBe(false);
      expect(await rows.get('a')).toEqual(row('a'));
      expect(await rows.get('b')).toBeUndefined();
    });

    it('wraps all rows again and moves the mark, or does nothing', async () => {
      await rows.claimKeyMark('k1');
      for (const id of ['a', 'b']) await rows.insert(row(id));
      expect(await rows.rewrap('k0', 'k9', (it) => it)).toBeUndefined();
      const failing = rows.rewrap('k1', 'k2', (it) => {
        if (it.id === 'b') throw new Error('does not open');
        return { ...it, keyId: 'k2' };
      });
      await expect(failing).rejects.toThrow('does not open');
      expect(await rows.keyMark()).toBe('k1');
      expect(await rows.get('a')).toEqual(row('a'));

      expect(await rows.rewrap('k1', 'k2', (it) => ({ ...it, keyId: 'k2', wrappedKey: 'again' }))).toBe(2);
      expect(await rows.keyMark()).toBe('k2');
      expect(await rows.get('b')).toEqual(row('b', { keyId: 'k2', wrappedKey: 'again' }));
    });
  });
}
