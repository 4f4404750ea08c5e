/** What every BlockStore must do. Each adapter's test runs it. */
import type { Block } from '@sallyport/core/model/block.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlockStore } from './block-store.js';

export interface BlockStoreUnderTest {
  readonly store: BlockStore;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 1);
const block = (id: string, change: Partial<Block> = {}): Block => ({
  id,
  userId: 'u1',
  until: NOW + 3_600_000,
  reason: 'deleted the wrong table',
  by: '林伟',
  byId: 'u9',
  at: NOW,
  sessionId: `session of ${id}`,
  ...change,
});

export function describeBlockStoreContract(name: string, make: () => Promise<BlockStoreUnderTest>): void {
  describe(`block store: ${name}`, () => {
    let under: BlockStoreUnderTest;
    let store: BlockStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    it('gives back those that stand as they were, the newest first', async () => {
      await store.add(block('a'));
      await store.add(block('b', { at: NOW + 1, userId: 'u2', reason: '' }));
      await store.add(block('past', { until: NOW }));
      expect(await store.standing(NOW)).toEqual([block('b', { at: NOW + 1, userId: 'u2', reason: '' }), block('a')]);
      expect(await store.standing(NOW + 3_600_000)).toEqual([]);
    });

    it('takes one for each session, also when many write at once', async () => {
      const tries = Array.from({ length: 20 }, (_, n) => store.add(block(`n${n}`, { sessionId: 's1' })));
      expect((await Promise.all(tries)).filter((added) => added)).toHaveLength(1);
      expect(await store.standing(NOW)).toHaveLength(1);
      expect(await store.add(block('other', { sessionId: 's2' }))).toBe(true);
    });

    it('takes as many as there are of those that came with no session', async () => {
      const { sessionId: _, ...without } = block('a');
      expect(await store.add(without)).toBe(true);
      expect(await store.add({ ...without, id: 'b' })).toBe(true);
      expect(await store.standing(NOW)).toEqual([without, { ...without, id: 'b' }]);
      expect(await store.lift('b')).toEqual({ ...without, id: 'b' });
    });

    it('lifts one, and tells what it was to one of those who ask', async () => {
      await store.add(block('a'));
      const lifted = await Promise.all([store.lift('a'), store.lift('a'), store.lift('nobody')]);
      expect(lifted.filter((one) => one !== undefined)).toEqual([block('a')]);
      expect(await store.standing(NOW)).toEqual([]);
    });
  });
}
