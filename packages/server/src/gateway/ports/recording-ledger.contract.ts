/** What every RecordingLedger must do. Each adapter's test runs it. */
import { createHash } from 'node:crypto';
import { ledgerBreach } from '@sallyport/core/evidence/ledger-chain.js';
import type { LedgerEntry, LedgerEvent } from '@sallyport/core/evidence/ledger-entry.js';
import { CHAIN_START } from '@sallyport/core/evidence/signed-head.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingLedger } from './recording-ledger.js';

export interface LedgerUnderTest {
  readonly ledger: RecordingLedger;
  close(): Promise<void>;
}

const end = { head: 'a'.repeat(64), bytes: 10, outputBytes: 5, state: 'complete' } as const;
const opened = (sessionId: string): LedgerEvent => ({ kind: 'opened', sessionId });
const sealed = (sessionId: string): LedgerEvent => ({ kind: 'sealed', sessionId, ...end });
const deleted = (sessionId: string, reason = 'age'): LedgerEvent => ({
  kind: 'deleted',
  sessionId,
  actor: 'system',
  reason,
  bytes: 10,
});

export function describeLedgerContract(name: string, make: () => Promise<LedgerUnderTest>): void {
  describe(`ledger of recordings: ${name}`, () => {
    let under: LedgerUnderTest;
    let ledger: RecordingLedger;
    beforeEach(async () => {
      under = await make();
      ledger = under.ledger;
    });
    afterEach(() => under.close());

    const all = async (from = 1): Promise<LedgerEntry[]> => {
      const entries: LedgerEntry[] = [];
      for await (const entry of ledger.stream(from)) entries.push(entry);
      return entries;
    };

    it('verifies when empty', async () => {
      expect(await ledger.verify()).toEqual({ ok: true, entries: 0, head: CHAIN_START.hash });
      expect(await ledger.head()).toEqual(CHAIN_START);
    });

    it('numbers entries and recordings without a gap, in the order of the calls', async () => {
      const ids = Array.from({ length: 700 }, (_, n) => `s${n}`);
      const entries = await Promise.all(ids.map((id) => ledger.append(opened(id))));
      expect(entries.map(({ seq }) => seq)).toEqual(ids.map((_, n) => n + 1));
      expect(entries.map(({ number }) => number)).toEqual(ids.map((_, n) => n + 1));
      expect(await ledger.append(sealed('s3'))).toMatchObject({ seq: 701, number: 4, ...end });
      expect(await ledger.append({ kind: 'key', keyId: 'k', x: 'x' })).not.toHaveProperty('number');
      expect(await all(701)).toMatchObject([{ kind: 'sealed' }, { kind: 'key' }]);
      expect(await ledger.verify()).toMatchObject({ ok: true, entries: 702 });
      expect(await ledger.head()).toMatchObject({ seq: 702 });
    });

    it('INVARIANT: each hash covers the entry and the hash before it (V47)', async () => {
      for (const id of ['a', 'b']) for (const one of [opened(id), sealed(id), deleted(id)]) await ledger.append(one);
      let last = CHAIN_START;
      for (const entry of await all()) {
        expect(ledgerBreach(last, entry, (bytes) => createHash('sha256').update(bytes).digest())).toBeUndefined();
        last = entry;
      }
      expect(last.seq).toBe(6);
    });

    it('says nothing twice: of a second entry the first is answered', async () => {
      const first = await ledger.append(opened('a'));
      expect(await ledger.append(opened('a'))).toEqual(first);
      const over = await ledger.append(sealed('a'));
      expect(await ledger.append({ ...end, kind: 'recovered', sessionId: 'a' })).toEqual(over);
      const gone = await ledger.append(deleted('a'));
      expect(await Promise.all([ledger.append(deleted('a', 'again')), ledger.append(deleted('a'))])).toEqual([
        gone,
        gone,
      ]);
      const key: LedgerEvent = { kind: 'key', keyId: 'k', x: 'x' };
      expect(await ledger.append(key)).toEqual(await ledger.append(key));
      expect((await ledger.of('a')).map(({ kind }) => kind)).toEqual(['opened', 'sealed', 'deleted']);
      expect(await ledger.of('b')).toEqual([]);
    });

    it('reads back what it hashed, whatever the text', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 60 });
      let n = 0;
      await fc.assert(
        fc.asyncProperty(text, text, async (actor, reason) => {
          n += 1;
          const entry = await ledger.append({ kind: 'deleted', sessionId: `s${n}`, actor, reason, bytes: 0 });
          expect(await ledger.of(`s${n}`)).toEqual([entry]);
        }),
        { numRuns: 50 },
      );
      expect(await ledger.verify()).toMatchObject({ ok: true, entries: n });
    });

    it('verifies while entries are appended', async () => {
      const appends = Array.from({ length: 700 }, (_, n) => ledger.append(opened(`s${n}`)));
      expect(await ledger.verify()).toMatchObject({ ok: true });
      await Promise.all(appends);
      expect(await ledger.verify()).toMatchObject({ ok: true, entries: 700 });
    });
  });
}
