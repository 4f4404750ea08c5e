/** What every ControlStore must do. Each adapter's test runs it. */
import type { Change } from '@sallyport/core/policy/book.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlStore } from './control-store.js';

export interface ControlStoreUnderTest {
  readonly store: ControlStore;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 1);
const change = (version: number, id = `b${version}`): Change => ({
  ...{ version, at: NOW + version, by: '林伟', noun: 'block', key: id },
  after: { id, on: { user: 'u:1 ' }, source: 'manual', reason: '删错了库', by: '林伟', until: NOW + 9 },
});

export function describeControlStoreContract(name: string, make: () => Promise<ControlStoreUnderTest>): void {
  describe(`control store: ${name}`, () => {
    let under: ControlStoreUnderTest;
    let store: ControlStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    it('W23: gives back what was appended, as it was and in order', async () => {
      expect(await store.changes(0)).toEqual([]);
      const { after } = change(1) as { after: object };
      const lifted = {
        ...change(3),
        key: 'b1',
        before: after,
        after: { ...after, lifted: { at: 1, by: 'x', reason: '' } },
      };
      const gone = { ...{ version: 4, at: NOW, by: 'x', noun: 'block', key: 'b2' }, before: after } as Change;
      expect(await store.append([change(1), change(2)])).toBe(true);
      expect(await store.append([lifted as Change, gone])).toBe(true);
      expect(await store.changes(0)).toEqual([change(1), change(2), lifted, gone]);
      expect(await store.changes(2)).toEqual([lifted, gone]);
    });

    it('refuses a version that is taken, and one that would leave a gap, all of it', async () => {
      expect(await store.append([change(1)])).toBe(true);
      expect(await store.append([change(1, 'other'), change(2)])).toBe(false);
      expect(await store.append([change(3)])).toBe(false);
      expect(await store.changes(0)).toEqual([change(1)]);
    });

    it('lets one of many win that write the same version at once', async () => {
      const tries = await Promise.all(Array.from({ length: 20 }, (_, n) => store.append([change(1, `n${n}`)])));
      expect(tries.filter((won) => won)).toHaveLength(1);
      expect(await store.changes(0)).toHaveLength(1);
    });
  });
}
