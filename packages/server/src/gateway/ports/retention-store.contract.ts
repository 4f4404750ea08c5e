/** What every RetentionStore must do. Each adapter's test runs it. */
import type { LegalHold } from '@sallyport/core/model/retention.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RetentionStore } from './retention-store.js';

export interface RetentionStoreUnderTest {
  readonly store: RetentionStore;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);
const hold = (id: string, change: Partial<LegalHold> = {}): LegalHold => ({
  id,
  subject: 'recording',
  subjectId: 's1',
  reason: 'case 12',
  by: 'zhou',
  byId: 'u1',
  at: AT,
  ...change,
});

export function describeRetentionStoreContract(name: string, make: () => Promise<RetentionStoreUnderTest>): void {
  describe(`retention store: ${name}`, () => {
    let under: RetentionStoreUnderTest;
    let store: RetentionStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    it('keeps everything until it is told otherwise, and gives the policy back as it was set', async () => {
      expect(await store.policy()).toEqual({ rules: [] });
      const policy = {
        rules: [{ name: '生产', labels: { env: 'prod' }, days: 365, evenWhenFull: true }],
        maxBytes: 2 ** 50,
      };
      await store.setPolicy({ rules: [], maxBytes: 1 });
      await store.setPolicy(policy);
      expect(await store.policy()).toEqual(policy);
    });

    it('gives standing holds, oldest first, all or by the ids they are on', async () => {
      await store.placeHold(hold('b', { at: AT + 1, subject: 'user', subjectId: 'u9' }));
      await store.placeHold(hold('a'));
      const { byId: _, ...nameless } = hold('c', { at: AT + 2, subject: 'host', subjectId: 'h1' });
      await store.placeHold(nameless);
      expect((await store.holds()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(await store.holds(['h1', 's1', 's1', 'nobody'])).toEqual([hold('a'), nameless]);
      expect(await store.holds([])).toEqual([]);
    });

    it('lifts a hold by name and keeps that it stood', async () => {
      await store.placeHold(hold('a'));
      const lifted = { by: 'li', byId: 'u2', at: AT + 9, reason: 'case closed' };
      const place = { subject: 'recording', subjectId: 's1' } as const;
      expect(await store.liftHold({ ...place, subject: 'user' }, lifted)).toMatchObject({ ok: false });
      expect(await store.liftHold(place, lifted)).toEqual({ ok: true, value: { ...hold('a'), lifted } });
      expect(await store.holds()).toEqual([]);
      expect(await store.holdHistory('recording', 's1')).toEqual([{ ...hold('a'), lifted }]);
      const again = await store.liftHold(place, lifted);
      expect(again).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    });

    it('has one standing hold per subject, without a moment between the old and the new', async () => {
      await store.placeHold(hold('a'));
      expect(await store.placeHold(hold('b', { at: AT + 5, reason: 'case 13', by: 'li' }))).toMatchObject({ ok: true });
      expect((await store.holds()).map(({ id }) => id)).toEqual(['b']);
      const [, first] = await store.holdHistory('recording', 's1');
      expect(first).toMatchObject({ id: 'a', lifted: { by: 'li', at: AT + 5 } });
    });
  });
}
