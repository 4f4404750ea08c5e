/** What every NoteStore must do. Each adapter's test runs it. */
import { MAX_NOTES, type RecordingNote } from '@sallyport/core/model/recording-note.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoteStore } from './note-store.js';

export interface NoteStoreUnderTest {
  readonly store: NoteStore;
  close(): Promise<void>;
}

const note = (id: string, change: Partial<RecordingNote> = {}): RecordingNote => ({
  id,
  sessionId: 's1',
  atMs: 1_000,
  text: 'here it went wrong\n第二行',
  author: 'zhou',
  authorId: 'u1',
  createdAt: Date.UTC(2026, 0, 1),
  ...change,
});

export function describeNoteStoreContract(name: string, make: () => Promise<NoteStoreUnderTest>): void {
  describe(`note store: ${name}`, () => {
    let under: NoteStoreUnderTest;
    let store: NoteStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    it('gives the notes of one recording back as they were, by their moment and then by their age', async () => {
      await store.add(note('c', { atMs: 9_000 }));
      await store.add(note('b', { createdAt: Date.UTC(2026, 0, 2), text: '<img src=x onerror=alert(1)>' }));
      await store.add(note('a'));
      await store.add(note('x', { sessionId: 's2' }));
      expect(await store.of('s1')).toEqual([
        note('a'),
        note('b', { createdAt: Date.UTC(2026, 0, 2), text: '<img src=x onerror=alert(1)>' }),
        note('c', { atMs: 9_000 }),
      ]);
      expect(await store.of('nobody')).toEqual([]);
    });

    it('takes one away, once, and only from the recording it belongs to', async () => {
      await store.add(note('a'));
      expect(await store.remove('s2', 'a')).toBe(false);
      expect(await store.remove('s1', 'a')).toBe(true);
      expect(await store.remove('s1', 'a')).toBe(false);
      expect(await store.of('s1')).toEqual([]);
    });

    it('has a bound for each recording, also when many write at once', async () => {
      const tried = await Promise.all(
        Array.from({ length: MAX_NOTES + 3 }, (_, index) => store.add(note(`n${String(index).padStart(4, '0')}`))),
      );
      expect(tried.filter((added) => added)).toHaveLength(MAX_NOTES);
      expect(await store.of('s1')).toHaveLength(MAX_NOTES);
      expect(await store.add(note('other', { sessionId: 's2' }))).toBe(true);
    });
  });
}
