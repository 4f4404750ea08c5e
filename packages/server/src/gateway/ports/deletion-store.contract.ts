/** What every DeletionStore must do. Each adapter's test runs it. */
import type { RecordingDeletion } from '@sallyport/core/model/retention.js';
import type { Session } from '@sallyport/core/model/session.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeletionStore } from './deletion-store.js';
import type { RetentionStore } from './retention-store.js';
import type { SessionStore } from './session-store.js';

export interface DeletionStoreUnderTest {
  readonly store: DeletionStore;
  readonly sessions: SessionStore;
  readonly retention: RetentionStore;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);
const session = (id: string): Session => ({
  id,
  userId: 'u1',
  userName: 'Zhou',
  hostId: 'h1',
  hostName: 'web-01',
  hostAddress: '10.0.0.1',
  hostLabels: { env: 'prod' },
  accountId: 'a1',
  login: 'root',
  sourceAddress: '192.0.2.7',
  state: 'opening',
  cols: 120,
  rows: 40,
  createdAt: AT,
  outputBytes: 0,
  nodeId: 'n1',
  leaseUntil: AT + 10_000,
});
const deletion = (sessionId: string): Omit<RecordingDeletion, 'state'> => ({
  sessionId,
  at: AT + 1000,
  by: 'system',
  source: 'local',
  rule: 'old',
  reason: 'older than 30 days',
  bytes: 584,
  head: 'ab'.repeat(32),
});

export function describeDeletionStoreContract(name: string, make: () => Promise<DeletionStoreUnderTest>): void {
  describe(`deletion store: ${name}`, () => {
    let under: DeletionStoreUnderTest;
    let store: DeletionStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    async function ended(id: string, endedAt: number): Promise<void> {
      await under.sessions.create(session(id));
      await under.sessions.setOver(id, {
        state: 'ended',
        reason: { kind: 'closed-by-user' },
        endedAt,
        outputBytes: 1,
      });
    }

    it('walks what may be deleted, oldest end first, page by page, without what runs or was deleted', async () => {
      for (const [id, at] of [
        ['s3', AT + 5],
        ['s1', AT + 5],
        ['s2', AT + 1],
        ['s4', AT + 9],
      ] as const)
        await ended(id, at);
      await under.sessions.create(session('s5'));
      await store.mark(deletion('s4'), AT + 100);
      const first = await store.candidates(2);
      expect(first.map(({ id }) => id)).toEqual(['s2', 's1']);
      expect(first[0]?.hostLabels).toEqual({ env: 'prod' });
      expect((await store.candidates(2, [AT + 5, 's1'])).map(({ id }) => id)).toEqual(['s3']);
    });

    it('marks once, and remembers every step until it is done', async () => {
      await ended('s1', AT);
      expect(await store.mark(deletion('s1'), AT)).toBeUndefined();
      expect(await store.mark(deletion('s1'), AT)).toBe('deleted');
      expect(await store.unfinished()).toEqual([{ ...deletion('s1'), state: 'marked' }]);
      await store.advance('s1', 'logged');
      expect(await store.unfinished()).toEqual([{ ...deletion('s1'), state: 'logged' }]);
      await store.advance('s1', 'done');
      expect(await store.unfinished()).toEqual([]);
      const all = await store.of(['s1', 's2']);
      expect([...all]).toEqual([['s1', { ...deletion('s1'), state: 'done' }]]);
    });

    it('marks nothing that runs, is held by itself, its user or its host, or is under the floor', async () => {
      await under.sessions.create(session('s1'));
      expect(await store.mark(deletion('s0'), AT)).toBe('unknown');
      expect(await store.mark(deletion('s1'), AT + 10 ** 9)).toBe('running');
      await ended('s2', AT + 50);
      expect(await store.mark(deletion('s2'), AT + 49)).toBe('floor');
      const places = [
        ['recording', 's2'],
        ['user', 'u1'],
        ['host', 'h1'],
      ] as const;
      for (const [subject, subjectId] of places) {
        await under.retention.placeHold({ id: subject, subject, subjectId, reason: 'r', by: 'z', at: AT });
        expect(await store.mark(deletion('s2'), AT + 50), subject).toBe('held');
        await under.retention.liftHold({ subject, subjectId }, { by: 'z', at: AT, reason: 'r' });
      }
      expect(await store.mark(deletion('s2'), AT + 50)).toBeUndefined();
      const late = await under.retention.placeHold({
        id: 'x',
        subject: 'recording',
        subjectId: 's2',
        reason: 'r',
        by: 'z',
        at: AT,
      });
      expect(late).toMatchObject({ ok: false, problem: { code: 'recording.deleted' } });
    });

    it('never has a hold answered as placed beside a deletion marked, when both race', async () => {
      for (let round = 0; round < 10; round++) {
        const id = `r${round}`;
        await ended(id, AT);
        const [marked, held] = await Promise.all([
          store.mark(deletion(id), AT),
          under.retention.placeHold({ id, subject: 'recording', subjectId: id, reason: 'r', by: 'z', at: AT }),
        ]);
        expect(marked === undefined).toBe(!held.ok);
      }
    });
  });
}
