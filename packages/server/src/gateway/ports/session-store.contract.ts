/** What every SessionStore must do. Each adapter's test runs it. */
import type { Session } from '@sallyport/core/model/session.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionQuery, SessionStore } from './session-store.js';

export interface SessionStoreUnderTest {
  readonly store: SessionStore;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);
const session = (id: string, change: Partial<Session> = {}): Session => ({
  id,
  userId: 'u1',
  userName: 'Zhou',
  hostId: 'h1',
  hostName: 'web-01',
  hostAddress: '10.0.0.1',
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
  ...change,
});

export function describeSessionStoreContract(name: string, make: () => Promise<SessionStoreUnderTest>): void {
  describe(`session store: ${name}`, () => {
    let under: SessionStoreUnderTest;
    let store: SessionStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    const ids = async (query: Partial<SessionQuery>): Promise<string[]> =>
      (await store.list({ sort: '-createdAt', limit: 50, ...query })).items.map(({ id }) => id);

    it('gives a created row back whole, before anything else happened (S12, S13-S18, X2)', async () => {
      const row = session('s1');
      await store.create(row);
      expect(await store.get('s1')).toEqual(row);
      expect(await store.get('s2')).toBeUndefined();
    });

    it('keeps two sessions of one user on one host in one second apart (W9)', async () => {
      await store.create(session('s1'));
      await store.create(session('s2'));
      expect(await ids({})).toEqual(['s2', 's1']);
      await expect(store.create(session('s1'))).rejects.toThrow();
    });

    it('goes opening, live, over, and stores why (S18, W10, W11)', async () => {
      await store.create(session('s1'));
      await store.setLive('s1', AT + 5);
      expect(await store.get('s1')).toMatchObject({ state: 'live', liveAt: AT + 5 });
      const reason = { kind: 'remote-exit', exitCode: 3 } as const;
      expect(await store.setOver('s1', { state: 'ended', reason, endedAt: AT + 9, outputBytes: 77 })).toBe(true);
      const over = await store.get('s1');
      expect(over).toMatchObject({ state: 'ended', endReason: reason, endedAt: AT + 9, outputBytes: 77 });
    });

    it('keeps a session that never became live as failed, with its reason (W11)', async () => {
      await store.create(session('s1'));
      const reason = { kind: 'failed', code: 'target.refused', params: { address: '10.0.0.1:22' } } as const;
      await store.setOver('s1', { state: 'failed', reason, endedAt: AT + 1, outputBytes: 0 });
      const row = await store.get('s1');
      expect(row).toMatchObject({ state: 'failed', endReason: reason });
      expect(row).not.toHaveProperty('liveAt');
    });

    it('INVARIANT: a row that is over never changes again (W8)', async () => {
      await store.create(session('s1'));
      const first = { state: 'ended', reason: { kind: 'shutdown' }, endedAt: AT + 1, outputBytes: 1 } as const;
      await store.setOver('s1', first);
      const before = await store.get('s1');
      expect(await store.setOver('s1', { ...first, reason: { kind: 'client-lost' }, endedAt: AT + 2 })).toBe(false);
      await store.setLive('s1', AT + 3);
      await store.renew('n1', AT + 99_999, new Map([['s1', 999]]));
      expect(await store.reap(AT + 999_999, 'n1')).toEqual([]);
      expect(await store.get('s1')).toEqual(before);
    });

    it('answers false for a session it does not know', async () => {
      const over = { state: 'ended', reason: { kind: 'shutdown' }, endedAt: AT, outputBytes: 0 } as const;
      expect(await store.setOver('nobody', over)).toBe(false);
    });

    it('renews the leases and counts of the sessions named and of its own node only (W8)', async () => {
      await store.create(session('s1'));
      await store.create(session('s2'));
      await store.create(session('other', { nodeId: 'n2' }));
      const named = new Map([
        ['s1', 2 ** 40],
        ['other', 1],
      ]);
      await store.renew('n1', AT + 30_000, named);
      expect(await store.get('s1')).toMatchObject({ leaseUntil: AT + 30_000, outputBytes: 2 ** 40 });
      expect(await store.get('s2')).toMatchObject({ leaseUntil: AT + 10_000, outputBytes: 0 });
      expect(await store.get('other')).toMatchObject({ leaseUntil: AT + 10_000 });
    });

    it('renews 2,000 sessions at once', async () => {
      const many = Array.from({ length: 2_000 }, (_, i) => `m${i}`);
      for (const id of many) await store.create(session(id));
      await store.renew('n1', AT + 30_000, new Map(many.map((id, i) => [id, i])));
      expect(await store.get('m1999')).toMatchObject({ leaseUntil: AT + 30_000, outputBytes: 1_999 });
    });

    it('reaps rows of a restarted node and rows whose lease has passed, once (W8, F1)', async () => {
      await store.create(session('mine', { leaseUntil: AT + 60_000 }));
      await store.create(session('lost', { nodeId: 'n2', leaseUntil: AT + 1_000 }));
      await store.create(session('alive', { nodeId: 'n2', leaseUntil: AT + 60_000 }));
      const now = AT + 5_000;
      const [one, two] = await Promise.all([store.reap(now, 'n1'), store.reap(now, 'n1')]);
      expect([...one, ...two].map(({ id }) => id).sort()).toEqual(['lost', 'mine']);
      expect(await store.get('mine')).toMatchObject({
        state: 'ended',
        endReason: { kind: 'interrupted' },
        endedAt: now,
      });
      expect(await store.get('lost')).toMatchObject({ endReason: { kind: 'interrupted' }, endedAt: AT + 1_000 });
      expect(await store.get('alive')).toMatchObject({ state: 'opening' });
    });

    it('filters by state, user, host and words in any case (X1)', async () => {
      await store.create(session('s1', { userName: 'Ünal', createdAt: AT + 1 }));
      await store.create(
        session('s2', { userId: 'u2', userName: '周明', hostId: 'h2', hostName: 'db', createdAt: AT + 2 }),
      );
      await store.setLive('s2', AT + 3);
      expect(await ids({ states: ['live'] })).toEqual(['s2']);
      expect(await ids({ states: ['live', 'opening'] })).toEqual(['s2', 's1']);
      expect(await ids({ states: [] })).toEqual([]);
      expect(await ids({ userId: 'u1' })).toEqual(['s1']);
      expect(await ids({ hostId: 'h2' })).toEqual(['s2']);
      expect(await ids({ text: 'üNAL' })).toEqual(['s1']);
      expect(await ids({ text: '周 root' })).toEqual(['s2']);
      expect(await ids({ text: 'nothing' })).toEqual([]);
    });

    it('narrows by time and by where they come from', async () => {
      const origin = {
        format: 'asciicast-v2',
        fileName: 'a.cast',
        sha256: '0'.repeat(64),
        importedAt: 200,
        importedBy: 'zhou',
      } as const;
      await store.create(session('s1', { createdAt: 100 }));
      await store.create(session('s2', { createdAt: 200, origin }));
      await store.create(session('s3', { createdAt: 300 }));
      const ids = async (query: Partial<SessionQuery>) =>
        (await store.list({ sort: 'createdAt', limit: 10, ...query })).items.map(({ id }) => id);
      expect(await ids({ from: 200 })).toEqual(['s2', 's3']);
      expect(await ids({ to: 200 })).toEqual(['s1']);
      expect(await ids({ from: 200, to: 201 })).toEqual(['s2']);
      expect(await ids({ imported: true })).toEqual(['s2']);
      expect(await ids({ imported: false })).toEqual(['s1', 's3']);
      expect(await ids({ held: true })).toEqual([]);
    });

    it('takes search text as text, whatever it holds', async () => {
      await store.create(session('s1', { hostName: 'a_b' }));
      await store.create(session('s2', { hostName: 'axb' }));
      expect(await ids({ text: 'a_b' })).toEqual(['s1']);
      for (const text of ['%', "' or 1=1 --", '\\', '"', '\u0000']) expect(await ids({ text })).toEqual([]);
    });

    it('sorts four ways (X1)', async () => {
      await store.create(session('s1', { createdAt: AT + 1, userName: 'bo', hostName: 'Y' }));
      await store.create(session('s2', { createdAt: AT + 2, userName: 'Al', hostName: 'z' }));
      await store.create(session('s3', { createdAt: AT + 3, userName: 'cy', hostName: 'x' }));
      expect(await ids({ sort: 'createdAt' })).toEqual(['s1', 's2', 's3']);
      expect(await ids({ sort: '-createdAt' })).toEqual(['s3', 's2', 's1']);
      expect(await ids({ sort: 'userName' })).toEqual(['s2', 's1', 's3']);
      expect(await ids({ sort: 'hostName' })).toEqual(['s3', 's1', 's2']);
    });

    it('pages without gap or repeat while rows are inserted, equal keys included', async () => {
      const first = Array.from({ length: 23 }, (_, i) => `p${String(i).padStart(2, '0')}`);
      for (const [i, id] of first.entries()) await store.create(session(id, { createdAt: AT + Math.floor(i / 5) }));
      for (const sort of ['-createdAt', 'createdAt', 'userName', 'hostName'] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.list({
            sort,
            limit: 4,
            text: 'web-01',
            ...(cursor === undefined ? {} : { cursor }),
          });
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.next;
          await store.create(session(`new-${sort}-${seen.length}`, { createdAt: AT + 1_000 + seen.length }));
        } while (cursor !== undefined && seen.length < 200);
        expect(seen.filter((id) => id.startsWith('p')).sort()).toEqual(first);
        expect(new Set(seen).size).toBe(seen.length);
      }
    });

    it('says next only when there is more', async () => {
      for (const id of ['s1', 's2']) await store.create(session(id));
      expect((await store.list({ sort: 'createdAt', limit: 2 })).next).toBeUndefined();
      expect((await store.list({ sort: 'createdAt', limit: 1 })).next).toEqual(expect.any(String));
    });

    it('answers a cursor that is not its own with an empty page', async () => {
      await store.create(session('s1'));
      await store.create(session('s2'));
      const { next } = await store.list({ sort: 'createdAt', limit: 1 });
      for (const cursor of ['', 'x', 'bnVsbA', Buffer.from('["created_at",{},1]').toString('base64url')]) {
        expect(await store.list({ sort: 'createdAt', limit: 9, cursor })).toEqual({ items: [] });
      }
      expect(await store.list({ sort: 'userName', limit: 9, cursor: next ?? '' })).toEqual({ items: [] });
    });

    it('tells when and as what each host was last used by a user', async () => {
      await store.create(session('s1', { createdAt: AT + 1, liveAt: AT + 1, state: 'live' }));
      await store.create(session('s2', { createdAt: AT + 2, accountId: 'a2', liveAt: AT + 2, state: 'live' }));
      await store.create(session('failed', { createdAt: AT + 3, accountId: 'a3' }));
      await store.create(session('s4', { createdAt: AT + 4, userId: 'u2', liveAt: AT + 4, state: 'live' }));
      await store.create(session('s5', { createdAt: AT + 1, hostId: 'h2', liveAt: AT + 1, state: 'live' }));
      expect(await store.lastUsed('u1')).toEqual(
        new Map([
          ['h1', { at: AT + 2, accountId: 'a2' }],
          ['h2', { at: AT + 1, accountId: 'a1' }],
        ]),
      );
    });
  });
}
