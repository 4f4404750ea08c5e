/** What every Vault must do. Each adapter's test runs it. */
import { ID_PATTERN } from '@sallyport/core/model/id.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Vault } from './vault.js';

export interface VaultUnderTest {
  readonly vault: Vault;
  close(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = async (secret: Promise<Uint8Array>): Promise<string> => new TextDecoder().decode(await secret);

export function describeVaultContract(name: string, make: () => Promise<VaultUnderTest>): void {
  describe(`vault: ${name}`, () => {
    let under: VaultUnderTest;
    let vault: Vault;
    beforeEach(async () => {
      under = await make();
      vault = under.vault;
    });
    afterEach(() => under.close());

    it('opens what it sealed, any bytes (X4, W22)', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (secret) => {
          const id = await vault.seal('account', secret);
          expect(Buffer.compare(await vault.open('account', id), secret)).toBe(0);
        }),
        { numRuns: 40 },
      );
    });

    it('gives each secret a random id (V2)', async () => {
      const ids = new Set<string>();
      for (let i = 0; i < 20; i++) ids.add(await vault.seal('account', bytes('same')));
      expect(ids.size).toBe(20);
      for (const id of ids) expect(id).toMatch(ID_PATTERN);
    });

    it('does not open a secret for another purpose, or one it has not', async () => {
      const id = await vault.seal('account', bytes('s'));
      await expect(vault.open('totp', id)).rejects.toThrow();
      await expect(vault.open('account', 'nobody')).rejects.toThrow();
    });

    it('replaces in place, and only what is there', async () => {
      const id = await vault.seal('totp', bytes('old'));
      await vault.replace('totp', id, bytes('new'));
      expect(await plain(vault.open('totp', id))).toBe('new');
      await expect(vault.replace('account', id, bytes('x'))).rejects.toThrow();
      await expect(vault.replace('totp', 'nobody', bytes('x'))).rejects.toThrow();
    });

    it('removes, twice if asked', async () => {
      const id = await vault.seal('recovery-codes', bytes('codes'));
      await vault.remove(id);
      await vault.remove(id);
      await expect(vault.open('recovery-codes', id)).rejects.toThrow();
    });

    it('opens everything after a rotation, and seals on (W22)', async () => {
      const before = [await vault.seal('account', bytes('one')), await vault.seal('account', bytes('two'))];
      expect(await vault.rotate()).toBe(2);
      expect(await Promise.all(before.map((id) => plain(vault.open('account', id))))).toEqual(['one', 'two']);
      const after = await vault.seal('account', bytes('three'));
      expect(await vault.rotate()).toBe(3);
      expect(await plain(vault.open('account', after))).toBe('three');
    });

    it('seals and opens while a rotation runs', async () => {
      const work = Array.from({ length: 30 }, async (_, i) => {
        const id = await vault.seal('account', bytes(`secret ${i}`));
        return plain(vault.open('account', id));
      });
      const [, ...opened] = await Promise.all([vault.rotate(), ...work]);
      expect(opened).toEqual(work.map((_, i) => `secret ${i}`));
    });
  });
}
