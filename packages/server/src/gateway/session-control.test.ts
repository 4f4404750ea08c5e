/** Ends that wait for nobody. */
import { describe, expect, it } from 'vitest';
import { alice, later, lin, memoryGateway, settled, wang } from '../../test/fixtures/memory-gateway.js';
import { watcherPage } from '../../test/fixtures/watcher-page.js';

describe('an end', () => {
  it('W4, X44: is answered when the target is closed and everybody told, though the recording disk hangs', async () => {
    const one = memoryGateway();
    const disk = later();
    one.wait.disk = disk.kept;
    const { id, told } = await one.open();
    await settled();
    const page = watcherPage();
    await one.watch(wang, id, page.end);
    const answer = await one.gateway.end(lin, id, { reason: 'stop' }); // the clock stands still
    const reason = { kind: 'ended-by-admin', by: 'lin', reason: 'stop' };
    expect(answer.ok).toBe(true);
    expect([one.shells[0]!.did.closed, told.ended, page.told.ended]).toEqual(['kill', reason, reason]);
    expect([one.gateway.ending(id), one.rows.get(id)?.state]).toEqual([true, 'live']);
    // Again, while the disk hangs: no mistake for who ended it, too late for anybody else.
    expect((await one.gateway.end(lin, id, { reason: 'stop' })).ok).toBe(true);
    expect(await one.gateway.end(wang, id, {})).toMatchObject({ problem: { code: 'session.over' } });
    expect(await one.gateway.freeze(wang, id, 'x')).toMatchObject({ problem: { code: 'session.over' } });
    disk.keep();
    await settled();
    expect(one.rows.get(id)).toMatchObject({ state: 'ended', endReason: reason });
    expect(one.gateway.ending(id)).toBe(false);
    expect((await one.gateway.end(lin, id, { reason: 'stop' })).ok).toBe(true);
    expect(one.actions('session.end')).toMatchObject([{ actor: 'lin' }]);
  });

  it('W4: a hundred at once are one end, one row and one block', async () => {
    const one = memoryGateway({ turn: () => new Promise((resolve) => setImmediate(resolve)) });
    const { id } = await one.open();
    await settled();
    const ends = await Promise.all(
      Array.from({ length: 100 }, () => one.gateway.end(lin, id, { preset: 'security', blockMinutes: 15 })),
    );
    expect(ends.every(({ ok }) => ok)).toBe(true);
    await settled();
    expect([one.actions('session.end').length, one.actions('block.create').length, one.blocks.length]).toEqual([
      1, 1, 1,
    ]);
  });

  it('X44: by its own user without a word closes it', async () => {
    const one = memoryGateway();
    const { id } = await one.open();
    await settled();
    expect((await one.gateway.end(alice, id, {})).ok).toBe(true);
    expect(one.shells[0]!.did.closed).toBe('hang-up');
    await settled();
    expect(one.rows.get(id)?.endReason).toEqual({ kind: 'closed-by-user' });
  });

  it('F20: what others did before there was a recorder is in the recording, in order and bounded', async () => {
    const one = memoryGateway();
    const { id } = await one.open();
    for (let n = 0; n < 3; n++) await one.gateway.freeze(lin, id, `reason ${n}`);
    await settled();
    expect(one.marks).toEqual([0, 1, 2].map((n) => `input held by lin: reason ${n}`));
  });
});
