/** What every SigningKeyRows must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SigningKeyRow, SigningKeyRows } from './signing-key-rows.js';

export interface SigningKeyRowsUnderTest {
  readonly rows: SigningKeyRows;
  close(): Promise<void>;
}

const key = (id: string, from: number): SigningKeyRow => ({ id, x: `x of ${id}`, from, secretId: `secret of ${id}` });

export function describeSigningKeyRowsContract(name: string, make: () => Promise<SigningKeyRowsUnderTest>): void {
  describe(`signing key rows: ${name}`, () => {
    let under: SigningKeyRowsUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    it('of two that come first one is in force', async () => {
      const { rows } = under;
      expect(await rows.list()).toEqual([]);
      const both = await Promise.all([rows.succeed(undefined, key('a', 1)), rows.succeed(undefined, key('b', 1))]);
      expect(both.filter(Boolean)).toHaveLength(1);
      expect(await rows.list()).toHaveLength(1);
    });

    it('keeps what came before, ended at that moment, its secret forgotten', async () => {
      const { rows } = under;
      await rows.succeed(undefined, key('a', 1));
      expect(await rows.succeed('a', key('b', 5))).toBe(true);
      expect(await rows.succeed('a', key('c', 6))).toBe(false);
      expect(await rows.succeed(undefined, key('c', 6))).toBe(false);
      expect(await rows.succeed('b', key('d', 5))).toBe(true);
      expect(await rows.list()).toEqual([
        { id: 'a', x: 'x of a', from: 1, until: 5 },
        { id: 'b', x: 'x of b', from: 5, until: 5 },
        key('d', 5),
      ]);
    });
  });
}
