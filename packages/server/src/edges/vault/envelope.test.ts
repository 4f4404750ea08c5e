import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSecret, rewrapSecret, sealSecret } from './envelope.js';
import type { MasterKey } from './master-key.js';

const key = (bytes: Buffer): MasterKey => ({
  bytes,
  id: createHmac('sha256', bytes).update('sallyport master key id v1').digest('hex').slice(0, 16),
});
const named = { id: '0'.repeat(26), purpose: 'account' };

describe('envelope', () => {
  it('gives the bytes written down in docs/formats/vault.md', () => {
    const master = key(Buffer.alloc(32, 0xaa));
    let drawn = 0;
    const counting = (size: number): Buffer => {
      drawn += 1;
      return Buffer.alloc(size, drawn);
    };
    // The order of drawing is data key, nonce of the key, nonce of the secret.
    expect(sealSecret(master, named, Buffer.from('hello'), counting)).toEqual({
      ...named,
      keyId: '2d6a14962a714b46',
      wrappedKey: 'v1.AgICAgICAgICAgIC57PQOor_dMYDikcT5dPE207WIVl9KiiYq1a5Vm5ntOpbh8jI9ep8T4Eph_9DKqUT',
      sealed: 'v1.AwMDAwMDAwMDAwMDkAR49pB3MJhPIUgw3K0FQeoiDTkD',
    });
  });

  it('opens what it sealed, also after wrapping again, and the old key no longer does (W22)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (secret) => {
        const [old, next] = [key(randomBytes(32)), key(randomBytes(32))];
        const row = sealSecret(old, named, secret, randomBytes);
        expect(Buffer.compare(openSecret(old, row), secret)).toBe(0);
        const wrapped = rewrapSecret(old, next, row, randomBytes);
        expect(wrapped.sealed).toBe(row.sealed);
        expect(Buffer.compare(openSecret(next, wrapped), secret)).toBe(0);
        expect(() => openSecret(old, wrapped)).toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it('does not open with any one character of a box changed (V46)', () => {
    const master = key(randomBytes(32));
    const row = sealSecret(master, named, Buffer.from('a secret of some length'), randomBytes);
    for (const field of ['wrappedKey', 'sealed'] as const) {
      for (let i = 0; i < row[field].length - 1; i++) {
        const other = row[field][i] === 'A' ? 'B' : 'A';
        const text = row[field].slice(0, i) + other + row[field].slice(i + 1);
        expect(() => openSecret(master, { ...row, [field]: text }), `${field} ${i}`).toThrow();
      }
    }
  });

  it('leaves no data key behind in the buffers it drew', () => {
    const drawn: Buffer[] = [];
    const keeping = (size: number): Buffer => {
      const bytes = randomBytes(size);
      drawn.push(bytes);
      return bytes;
    };
    sealSecret(key(randomBytes(32)), named, Buffer.from('s'), keeping);
    expect(drawn[0]).toEqual(Buffer.alloc(32));
  });
});
