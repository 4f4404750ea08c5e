/** What every HeadLog must do. Each adapter's test runs it. */
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeadLog } from './head-log.js';

export async function listed(log: HeadLog): Promise<(SignedHead | string)[]> {
  const heads: (SignedHead | string)[] = [];
  for await (const one of log.all()) heads.push(one);
  return heads;
}

export interface HeadLogUnderTest {
  readonly log: HeadLog;
  close(): Promise<void>;
}

const point = (seq: number) => ({ seq, hash: seq.toString(16).padStart(64, '0') });
const head = (n: number): SignedHead => ({
  at: n,
  audit: point(n),
  ledger: point(2 * n),
  keyId: 'k'.repeat(43),
  signature: 's'.repeat(86),
});

export function describeHeadLogContract(name: string, make: () => Promise<HeadLogUnderTest>): void {
  describe(`head log: ${name}`, () => {
    let under: HeadLogUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    it('gives back what was appended, in order, all of it or the newest', async () => {
      const { log } = under;
      expect(await log.newest(3)).toEqual([]);
      const heads = Array.from({ length: 1200 }, (_, n) => head(n));
      for (const one of heads) await log.append(one);
      expect(await listed(log)).toEqual(heads);
      expect(await log.newest(3)).toEqual(heads.slice(-3));
    });

    it('keeps the order of appends that are not waited for', async () => {
      const heads = Array.from({ length: 20 }, (_, n) => head(n));
      await Promise.all(heads.map((one) => under.log.append(one)));
      expect(await under.log.newest(50)).toEqual(heads);
    });
  });
}
