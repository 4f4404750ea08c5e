/** What every spool of imported files must do. */
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportSpool } from './import-spool.js';

export interface ImportSpoolUnderTest {
  readonly spool: ImportSpool;
  /** Bytes that lie on storage now. */
  stored(): Promise<number>;
  dispose(): Promise<void>;
}

const LIMIT = 1024 * 1024;
async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function describeImportSpoolContract(name: string, make: () => Promise<ImportSpoolUnderTest>): void {
  describe(`import spool: ${name}`, () => {
    let under: ImportSpoolUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.dispose());
    async function kept(bytes: Uint8Array, size?: number) {
      const result = await under.spool.keep(pieces(bytes, size), LIMIT);
      if (!result.ok) throw new Error(result.problem.code);
      return result.value;
    }

    it('gives a file back as often as asked, and nothing is left after it was dropped', async () => {
      for (const length of [0, 1, 2, 3, 999, 700_000]) {
        const bytes = randomBytes(length);
        const file = await kept(bytes);
        expect(file).toMatchObject({ bytes: length, sha256: sha256(bytes) });
        for (let time = 0; time < 2; time += 1) expect((await all(file.read())).equals(bytes)).toBe(true);
        await file.drop();
        await file.drop();
      }
      expect(await under.stored()).toBe(0);
    });

    it('unpacks gzip, of one member or several, however it is cut', async () => {
      const [first, second] = [randomBytes(5000), Buffer.alloc(90_000, 'ab')];
      const packed = Buffer.concat([gzipSync(first), gzipSync(second)]);
      for (const size of [1, 7, packed.length]) {
        const file = await kept(packed, size);
        expect(file).toMatchObject({ bytes: 95_000, sha256: sha256(packed) });
        expect((await all(file.read())).equals(Buffer.concat([first, second]))).toBe(true);
        await file.drop();
      }
    });

    it('V45: a file past the limit is refused, and so is one that unpacks past it; nothing is left', async () => {
      const bomb = gzipSync(Buffer.alloc(64 * LIMIT));
      expect(bomb.length).toBeLessThan(LIMIT / 10);
      for (const bytes of [Buffer.alloc(LIMIT + 1), bomb, gzipSync(Buffer.alloc(LIMIT + 1))]) {
        const result = await under.spool.keep(pieces(bytes), LIMIT);
        expect(result).toMatchObject({ ok: false, problem: { code: 'import.too-large' } });
      }
      await (await kept(Buffer.alloc(LIMIT))).drop();
      expect(await under.stored()).toBe(0);
    });

    it('V45: of an endless file no more is taken than the limit', async () => {
      let taken = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          taken += 64 * 1024;
          yield Buffer.alloc(64 * 1024, 0x20);
        }
      }
      expect(await under.spool.keep(endless(), LIMIT)).toMatchObject({ ok: false });
      expect(taken).toBeLessThan(3 * LIMIT);
    });

    it('broken gzip is refused: cut, and with a wrong byte', async () => {
      const packed = gzipSync(randomBytes(20_000));
      const wrong = Buffer.from(packed);
      wrong[packed.length - 6]! ^= 1;
      for (const bytes of [packed.subarray(0, -9), wrong, Buffer.from([0x1f, 0x8b, 9])]) {
        const result = await under.spool.keep(pieces(bytes), LIMIT);
        expect(result).toMatchObject({ ok: false, problem: { code: 'import.invalid' } });
      }
      expect(await under.stored()).toBe(0);
    });

    it('a sender that goes away leaves nothing', async () => {
      async function* gone(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(100_000);
        throw new Error('aborted');
      }
      expect(await under.spool.keep(gone(), LIMIT)).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
      expect(await under.stored()).toBe(0);
    });
  });
}
