import { CHAIN_START } from '@sallyport/core/evidence/signed-head.js';
import type { AuditEvent } from '@sallyport/core/model/audit.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breach, chained, storable } from './audit-chain.js';

const event = (actor: string): AuditEvent => ({ action: 'server.stop', result: 'ok', actor, source: 'local' });
const events = fc.array(fc.string().map(event), { minLength: 2, maxLength: 20 });

function chain(list: readonly AuditEvent[]) {
  let head = CHAIN_START;
  return list.map((one, at) => {
    const entry = chained(head, at, storable(one));
    head = entry;
    return entry;
  });
}
/** Place of the first entry that does not follow, or undefined. */
function firstBreach(entries: ReturnType<typeof chain>): number | undefined {
  let head = CHAIN_START;
  for (const entry of entries) {
    const bad = breach(head, entry);
    if (bad !== undefined) return bad.badSeq;
    head = entry;
  }
  return undefined;
}

describe('audit chain', () => {
  it('gives the hashes written down in docs/formats/audit-chain.md', () => {
    const one = chained(CHAIN_START, 1_767_225_600_000, {
      action: 'host.create',
      result: 'ok',
      actor: '周明',
      actorId: '01',
      source: '192.0.2.7',
      target: 'host:h1',
      detail: { port: 22, name: 'web-01' },
    });
    expect(one.hash).toBe('62185eebb0d254c0e50a39ae081e7c162d23fbb343f0859e69fb78eae3686b9c');
    const two = chained(one, 1_767_225_600_001, event('system'));
    expect(two.hash).toBe('fb53bf642442302fd701425584fd707b88a35f498568dc64599d7ec3008ff0d6');
  });

  it('follows for any events (V47)', () => {
    fc.assert(fc.property(events, (list) => firstBreach(chain(list)) === undefined));
  });

  it('breaks where an entry was removed, doubled, moved or changed (V47)', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.constantFrom('remove', 'double', 'swap', 'change'), (list, n, how) => {
        const entries = chain(list);
        const i = n % (entries.length - 1); // not the last: a cut tail is the head's to find
        const [one, next] = [entries[i], entries[i + 1]];
        if (one === undefined || next === undefined) throw new Error('the index is inside');
        if (how === 'remove') entries.splice(i, 1);
        if (how === 'double') entries.splice(i, 0, one);
        if (how === 'swap') entries.splice(i, 2, next, one);
        if (how === 'change') entries.splice(i, 1, { ...one, actor: `${one.actor}!` });
        expect(firstBreach(entries)).toBe(how === 'double' ? i + 2 : i + 1);
      }),
    );
  });

  it('depends on every field', () => {
    const [one] = chain([event('a')]);
    if (one === undefined) throw new Error('one event gives one entry');
    const changes = [{ at: 9 }, { action: 'server.start' }, { result: 'failed' }, { source: 'x' }, { target: 'x' }];
    for (const change of [...changes, { actorId: 'x' }, { detail: {} }, { prevHash: one.hash }]) {
      expect(breach(CHAIN_START, { ...one, ...change } as typeof one), JSON.stringify(change)).toBeDefined();
    }
  });

  it('keeps only the fields of an event', () => {
    const extra = { ...event('a'), seq: 7, hash: 'x', password: 'secret' } as AuditEvent;
    expect(storable(extra)).toEqual(event('a'));
  });
});
