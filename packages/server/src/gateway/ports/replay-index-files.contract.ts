/** What every store of replay indexes must do. */
import { randomBytes } from 'node:crypto';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayIndexFiles } from './replay-index-files.js';

export interface ReplayIndexFilesUnderTest {
  readonly files: ReplayIndexFiles;
  dispose(): Promise<void>;
}

export function describeReplayIndexFilesContract(name: string, make: () => Promise<ReplayIndexFilesUnderTest>): void {
  describe(`replay index files: ${name}`, () => {
    let under: ReplayIndexFilesUnderTest;
    let files: ReplayIndexFiles;
    let id: string;
    beforeEach(async () => {
      under = await make();
      ({ files } = under);
      id = idFromBytes(randomBytes(16));
    });
    afterEach(() => under.dispose());

    it('gives back what was written, by range', async () => {
      const bytes = randomBytes(100_000);
      await files.write(id, bytes);
      expect(await files.size(id)).toBe(bytes.length);
      expect(Buffer.from(await files.read(id, 0, bytes.length)).equals(bytes)).toBe(true);
      expect(Buffer.from(await files.read(id, 70_001, 70_021)).equals(bytes.subarray(70_001, 70_021))).toBe(true);
      expect(await files.read(id, 99_990, 200_000)).toHaveLength(10);
      expect(await files.read(id, 200_000, 300_000)).toHaveLength(0);
    });

    it('a newer one takes the place of an older, whole', async () => {
      await files.write(id, randomBytes(5_000));
      await files.write(id, Buffer.from('newer'));
      expect(await files.size(id)).toBe(5);
      expect(Buffer.from(await files.read(id, 0, 100)).toString()).toBe('newer');
    });

    it('nothing stands under another id, and what was removed is gone', async () => {
      expect(await files.size(id)).toBeUndefined();
      expect(await files.read(id, 0, 10)).toHaveLength(0);
      await files.remove(id);
      await files.write(id, Buffer.from('x'));
      await files.remove(id);
      expect(await files.size(id)).toBeUndefined();
    });

    it('V6: what is not an id never becomes a path', async () => {
      for (const odd of ['', '..', `../${id}`, `${id}/..`, `${id}\0`, 'CON', id.toUpperCase()]) {
        await expect(files.write(odd, Buffer.from('x'))).rejects.toThrow();
        expect(await files.size(odd)).toBeUndefined();
        expect(await files.read(odd, 0, 1)).toHaveLength(0);
      }
    });
  });
}
