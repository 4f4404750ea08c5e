/** What every Signer must do. Each adapter's test runs it. */
import { createPublicKey, verify } from 'node:crypto';
import { type SigningKey, signingKeyPem } from '@sallyport/core/evidence/signing-key.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Signer } from './signer.js';

export interface SignerUnderTest {
  readonly signer: Signer;
  /** As after a restart. */
  again(): Promise<Signer>;
  /** Moves the time the signer sees. */
  pass(ms: number): void;
  close(): Promise<void>;
}

const message = Buffer.from('what is signed');
const isBy = (key: SigningKey | undefined, signer: Signer): boolean => {
  const { keyId, signature } = signer.sign(() => message);
  if (key === undefined || Buffer.from(keyId).toString('base64url') !== key.id) return false;
  return verify(null, message, createPublicKey(signingKeyPem(key)), signature);
};

export function describeSignerContract(name: string, make: () => Promise<SignerUnderTest>): void {
  describe(`signer: ${name}`, () => {
    let under: SignerUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    it('makes a key at the first start and keeps it', async () => {
      const keys = await under.signer.keys();
      expect(keys).toHaveLength(1);
      expect(keys[0]).not.toHaveProperty('until');
      expect(isBy(keys[0], under.signer)).toBe(true);
      const next = await under.again();
      expect(await next.keys()).toEqual(keys);
      expect(isBy(keys[0], next)).toBe(true);
    });

    it('rotates: the old key signs the announcement, its public half stays with the end of its time', async () => {
      const { signer } = under;
      const [old] = await signer.keys();
      under.pass(1000);
      let announced: SigningKey | undefined;
      const next = await signer.rotate(async (key) => {
        announced = key;
        expect(isBy(old, signer)).toBe(true);
      });
      expect(announced?.id).toBe(next.id);
      expect(await signer.keys()).toEqual([{ ...old, until: next.from }, next]);
      expect(isBy(next, signer)).toBe(true);
      expect(isBy(next, await under.again())).toBe(true);
    });

    it('changes nothing when the announcement fails', async () => {
      const before = await under.signer.keys();
      await expect(under.signer.rotate(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
      expect(await under.signer.keys()).toEqual(before);
      expect(isBy(before[0], under.signer)).toBe(true);
    });

    it('rotates one at a time', async () => {
      const made = await Promise.allSettled([1, 2, 3].map(() => under.signer.rotate(async () => {})));
      const keys = await under.signer.keys();
      expect(keys).toHaveLength(1 + made.filter(({ status }) => status === 'fulfilled').length);
      expect(keys.filter(({ until }) => until === undefined)).toHaveLength(1);
      expect(isBy(keys.at(-1), under.signer)).toBe(true);
    });
  });
}
