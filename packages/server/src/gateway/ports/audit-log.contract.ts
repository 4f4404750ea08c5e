/** What every AuditLog must do. Each adapter's test runs it. */
import { type AuditEntry, type AuditEvent, auditPreimage } from '@sallyport/core/model/audit.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditLog } from './audit-log.js';

export interface AuditLogUnderTest {
  readonly log: AuditLog;
  /** The time the log sees. */
  setTime(at: number): void;
  close(): Promise<void>;
}

const event = (change: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'host.create',
  result: 'ok',
  actor: 'zhou',
  source: '192.0.2.7',
  ...change,
});
const sha256 = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');

export function describeAuditLogContract(name: string, make: () => Promise<AuditLogUnderTest>): void {
  describe(`audit log: ${name}`, () => {
    let under: AuditLogUnderTest;
    let log: AuditLog;
    beforeEach(async () => {
      under = await make();
      log = under.log;
    });
    afterEach(() => under.close());

    const all = async (from = 1): Promise<AuditEntry[]> => {
      const entries: AuditEntry[] = [];
      for await (const entry of log.stream(from)) entries.push(entry);
      return entries;
    };

    it('verifies when empty', async () => {
      expect(await log.verify()).toEqual({ ok: true, entries: 0, head: '0'.repeat(64) });
      expect(await log.head()).toEqual({ seq: 0, hash: '0'.repeat(64) });
      expect(await all()).toEqual([]);
    });

    it('keeps actor, source, target, result, detail and time (W31)', async () => {
      under.setTime(1_800_000_000_123);
      const full = event({ actorId: 'u1', target: 'host:h1', detail: { port: 22, changed: true, name: '周' } });
      const entry = await log.append(full);
      expect(entry).toMatchObject({ ...full, seq: 1, at: 1_800_000_000_123, prevHash: '0'.repeat(64) });
      expect(await all()).toEqual([entry]);
    });

    it('numbers without a gap and keeps the order of the calls', async () => {
      const entries = await Promise.all(Array.from({ length: 1_200 }, (_, i) => log.append(event({ detail: { i } }))));
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      expect((await all()).map(({ detail }) => detail?.i)).toEqual(entries.map((_, i) => i));
      expect(await log.verify()).toMatchObject({ ok: true, entries: 1_200, head: entries.at(-1)?.hash });
      expect(await log.head()).toEqual({ seq: 1_200, hash: entries.at(-1)?.hash });
    });

    it('INVARIANT: each hash covers the entry and the hash before it (V47)', async () => {
      for (let i = 0; i < 5; i++) await log.append(event({ detail: { i } }));
      let before = '0'.repeat(64);
      for (const { hash, ...entry } of await all()) {
        expect(entry.prevHash).toBe(before);
        expect(hash).toBe(await sha256(auditPreimage(entry)));
        before = hash;
      }
    });

    it('reads back what it hashed, whatever the text (V33, V34)', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 60 });
      const value = fc.oneof(text, fc.boolean(), fc.integer(), fc.double());
      const events = fc.record(
        { actor: text, source: text, target: text, actorId: text, detail: fc.dictionary(text, value, { maxKeys: 4 }) },
        { requiredKeys: ['actor', 'source'] },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(events, { minLength: 1, maxLength: 5 }), async (drawn) => {
          await Promise.all(drawn.map((one) => log.append(event(one as Partial<AuditEvent>))));
          expect(await log.verify()).toMatchObject({ ok: true });
        }),
        { numRuns: 60 },
      );
    });

    it('survives halves of surrogate pairs, NUL and a very long name', async () => {
      const entry = await log.append(event({ actor: `a\0\ud800${'x'.repeat(100_000)}`, detail: { '\udfff': '\0' } }));
      expect(entry.actor.length).toBeLessThan(3_000);
      expect(await log.verify()).toMatchObject({ ok: true });
      expect(await all()).toEqual([entry]);
    });

    it('lists newest first, by action, actor and target, page by page', async () => {
      await log.append(event());
      await log.append(event({ action: 'sign-in.failed', result: 'failed', actor: 'li' }));
      await log.append(event({ target: 'host:h1' }));
      const seqs = async (query: Partial<Parameters<AuditLog['list']>[0]>) =>
        (await log.list({ limit: 10, ...query })).map(({ seq }) => seq);
      expect(await seqs({})).toEqual([3, 2, 1]);
      expect(await seqs({ limit: 2 })).toEqual([3, 2]);
      expect(await seqs({ limit: 2, before: 2 })).toEqual([1]);
      expect(await seqs({ action: 'sign-in.failed' })).toEqual([2]);
      expect(await seqs({ actor: 'li' })).toEqual([2]);
      expect(await seqs({ target: 'host:h1' })).toEqual([3]);
    });

    it('streams from any entry on, entries appended meanwhile included', async () => {
      for (let i = 0; i < 3; i++) await log.append(event());
      expect((await all(2)).map(({ seq }) => seq)).toEqual([2, 3]);
      expect(await all(4)).toEqual([]);
    });

    it('verifies while entries are appended', async () => {
      const appends = Array.from({ length: 700 }, () => log.append(event()));
      expect(await log.verify()).toMatchObject({ ok: true });
      await Promise.all(appends);
      expect(await log.verify()).toMatchObject({ ok: true, entries: 700 });
    });
  });
}
