/** What every RecordingShelf must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingShelf, StoredFiles } from './recording-shelf.js';

export interface RecordingShelfUnderTest {
  readonly shelf: RecordingShelf;
  /** Stores a recording of so many bytes, with an index of so many. */
  put(sessionId: string, recordingBytes: number, indexBytes?: number): Promise<void>;
  putIndexOnly(sessionId: string, bytes: number): Promise<void>;
  close(): Promise<void>;
}

const id = (letter: string): string => letter.repeat(26);

export function describeRecordingShelfContract(name: string, make: () => Promise<RecordingShelfUnderTest>): void {
  describe(`recording shelf: ${name}`, () => {
    let under: RecordingShelfUnderTest;
    let shelf: RecordingShelf;
    beforeEach(async () => {
      under = await make();
      shelf = under.shelf;
    });
    afterEach(() => under.close());

    const all = async (): Promise<StoredFiles[]> => {
      const found: StoredFiles[] = [];
      for await (const one of shelf.all()) found.push(one);
      return found.sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
    };

    it('counts a recording with what was made from it', async () => {
      expect(await all()).toEqual([]);
      await under.put(id('a'), 1000, 24);
      await under.put(id('b'), 5);
      await under.putIndexOnly(id('c'), 7);
      expect(await all()).toEqual([
        { sessionId: id('a'), bytes: 1024, recorded: true },
        { sessionId: id('b'), bytes: 5, recorded: true },
        { sessionId: id('c'), bytes: 7, recorded: false },
      ]);
      expect(await shelf.find(id('a'))).toEqual({ sessionId: id('a'), bytes: 1024, recorded: true });
      expect(await shelf.find(id('d'))).toBeUndefined();
    });

    it('takes away all of one and nothing of another, as often as it is asked', async () => {
      await under.put(id('a'), 1000, 24);
      const neighbour = `${'a'.repeat(25)}b`;
      await under.put(neighbour, 5, 6);
      for (let times = 0; times < 2; times++) await shelf.remove(id('a'));
      expect(await all()).toEqual([{ sessionId: neighbour, bytes: 11, recorded: true }]);
      await shelf.remove(id('z'));
    });

    it('makes no path of what is no id (V6)', async () => {
      for (const bad of ['../../etc/passwd', '', 'a', `${id('a')}/..`]) {
        expect(await shelf.find(bad)).toBeUndefined();
        await expect(shelf.remove(bad)).rejects.toThrow();
      }
    });
  });
}
