import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_SWEEP_MS, SWEEP_EVERY_MS, startSweeper } from '../../src/gateway/keep/sweeper.js';
import { ADMIN, Crash, DAY, FLOOR, type KeepWorld, keepWorld } from './keep-world.js';

let world: KeepWorld;
beforeEach(async () => {
  world = await keepWorld();
});
afterEach(() => world.close());

const rule = (name: string, days: number, labels = {}, evenWhenFull = false) => ({ name, days, labels, evenWhenFull });
const rows = async (action: Parameters<typeof world.audit.list>[0]['action']) =>
  (await world.audit.list({ ...(action && { action }), limit: 500 })).toReversed();

describe('a sweep', () => {
  it('deletes by age what the longest rule that fits no longer keeps, and says by which rule', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [rule('all', 30), rule('prod', 365, { env: 'prod' })] }, ADMIN);
    const prod = await world.record({ labels: { env: 'prod' } });
    const test = await world.record({ labels: { env: 'test' } });
    clock.advance(30 * DAY - 1);
    expect(await keeper.sweep()).toEqual({ deleted: 0, bytes: 0, more: false });
    clock.advance(1);
    expect(await keeper.preview(10)).toMatchObject({ count: 1, bytes: 100, items: [{ rule: 'all', bytes: 100 }] });
    expect(world.stored(test)).toBe(true); // a preview deletes nothing
    expect(await keeper.sweep()).toEqual({ deleted: 1, bytes: 100, more: false });
    expect([world.stored(test), world.stored(prod)]).toEqual([false, true]);
    const [row] = await rows('recording.delete');
    const detail = { rule: 'all', reason: 'rule “all” kept it until 2026-01-31', bytes: 100 };
    expect(row).toMatchObject({ actor: 'system', target: `recording:${test}`, detail });
    expect(world.told).toEqual([
      { kind: 'deleted', sessionId: test, actor: 'system', rule: 'all', reason: detail.reason, bytes: 100 },
    ]);
    expect(world.destroyed).toEqual(new Set([test]));
    expect(await keeper.deleted(test)).toMatchObject({
      problem: { code: 'recording.deleted', params: { by: 'system (all)' } },
    });
    expect((await world.session(test))?.userName).toBe('name-u1'); // the session's row stays
  });

  it('keeps everything while there is no policy', async () => {
    await world.record();
    world.clock.advance(10_000 * DAY);
    expect(await world.keeper.sweep()).toEqual({ deleted: 0, bytes: 0, more: false });
  });

  it('over the size goal takes the oldest that no rule keeps even when full, and stops at the goal', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [rule('guard', 400, { env: 'prod' }, true)], maxBytes: 250 }, ADMIN);
    const guarded = await world.record({ labels: { env: 'prod' } });
    clock.advance(1000);
    const old = await world.record();
    clock.advance(DAY);
    const middle = await world.record();
    clock.advance(FLOOR);
    const young = await world.record();
    expect(await keeper.sweep()).toEqual({
      deleted: 2,
      bytes: 200,
      more: false,
      storedBytes: 400,
      goalBytes: 250,
      overBytes: 0,
    });
    expect([guarded, old, middle, young].map(world.stored)).toEqual([true, false, false, true]);
    const [row] = await rows('recording.delete');
    expect(row?.detail).toEqual({ rule: 'size-goal', reason: 'the oldest while all were over 250 bytes', bytes: 100 });
    expect(await rows('retention.short')).toEqual([]);
  });

  it('tells once a day that the goal cannot be reached: held and young recordings fill it', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [], maxBytes: 50 }, ADMIN);
    const held = await world.record();
    await keeper.hold({ subject: 'recording', subjectId: held }, 'case 12', ADMIN);
    clock.advance(FLOOR);
    await world.record();
    for (let sweeps = 0; sweeps < 3; sweeps++) {
      expect(await keeper.sweep()).toMatchObject({ deleted: 0, overBytes: 150 });
      clock.advance(1000);
    }
    expect((await rows('retention.short')).map(({ detail }) => detail)).toEqual([{ over: 150, maxBytes: 50 }]);
    clock.advance(DAY);
    await keeper.sweep();
    expect(await rows('retention.short')).toHaveLength(2);
  });

  it('runs in the background, an hour after the last one, and stops when told', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [rule('all', 7)] }, ADMIN);
    const errors: object[] = [];
    const log = { error: (fields: object) => errors.push(fields), info: () => {} };
    const id = await world.record();
    clock.advance(FLOOR);
    const sweeper = startSweeper(keeper, clock, log);
    clock.advance(FIRST_SWEEP_MS);
    await expect.poll(() => world.stored(id)).toBe(false);
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    const next = await world.record();
    clock.advance(FLOOR + SWEEP_EVERY_MS);
    await expect.poll(() => world.stored(next)).toBe(false);
    await sweeper.stop();
    expect(errors).toEqual([]);
  });

  it('passes over sessions that never had a recording, without a row', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [rule('all', 0)] }, ADMIN);
    const id = await world.record();
    const { rmSync } = await import('node:fs');
    rmSync(world.path(id));
    clock.advance(FLOOR);
    expect(await keeper.sweep()).toMatchObject({ deleted: 0 });
    expect(await keeper.deleted(id)).toBeUndefined();
  });
});

describe('an administrator', () => {
  it('deletes with a reason what nothing forbids, once', async () => {
    const { keeper, clock } = world;
    const id = await world.record();
    clock.advance(FLOOR);
    const gone = await keeper.remove(id, 'asked for by the works council', ADMIN);
    expect(gone).toMatchObject({
      ok: true,
      value: { state: 'done', by: 'zhou', reason: 'asked for by the works council' },
    });
    expect(world.stored(id)).toBe(false);
    expect(await keeper.remove(id, 'again', ADMIN)).toMatchObject({
      ok: false,
      problem: { code: 'recording.deleted' },
    });
    const hold = await keeper.hold({ subject: 'recording', subjectId: id }, 'too late', ADMIN);
    expect(hold).toMatchObject({ ok: false, problem: { code: 'recording.deleted', params: { by: 'zhou' } } });
    expect(await rows('recording.delete')).toHaveLength(1);
  });

  it('is refused what runs, is young, held, missing or unknown, each with its cause', async () => {
    const { keeper, clock } = world;
    const code = async (id: string): Promise<string | undefined> => {
      const answer = await keeper.remove(id, 'r', ADMIN);
      return answer.ok ? undefined : answer.problem.code;
    };
    const running = await world.record({ running: true });
    const young = await world.record();
    expect(await code(young)).toBe('recording.young');
    clock.advance(FLOOR);
    expect(await code(running)).toBe('recording.running');
    await keeper.hold({ subject: 'user', subjectId: 'u1' }, 'case 12', ADMIN);
    expect(await keeper.remove(young, 'r', ADMIN)).toMatchObject({
      problem: { code: 'recording.held', params: { reason: 'case 12', by: 'zhou' } },
    });
    await keeper.release({ subject: 'user', subjectId: 'u1' }, 'closed', ADMIN);
    expect(await code(young)).toBeUndefined();
    expect(await code('0'.repeat(26))).toBe('not-found');
    expect(world.stored(running)).toBe(true);
  });
});

describe('a legal hold', () => {
  it('on a user or host covers what is recorded later, and is lifted by name with a reason, both audited', async () => {
    const { keeper, clock } = world;
    await keeper.setPolicy({ rules: [rule('all', 7)] }, ADMIN);
    await world.record({ userId: 'u2' }); // so that the user is known
    expect(await keeper.hold({ subject: 'user', subjectId: 'u2' }, 'case 12', ADMIN)).toMatchObject({ ok: true });
    expect(await keeper.hold({ subject: 'host', subjectId: 'nobody' }, 'r', ADMIN)).toMatchObject({ ok: false });
    const later = await world.record({ userId: 'u2' });
    clock.advance(100 * DAY);
    expect(await keeper.sweep()).toMatchObject({ deleted: 0 });
    const session = await world.session(later);
    const kept = (await keeper.keptOf(session === undefined ? [] : [session])).get(later);
    expect(kept?.keep.holds).toMatchObject([{ subject: 'user', reason: 'case 12', by: 'zhou' }]);
    await keeper.release({ subject: 'user', subjectId: 'u2' }, 'closed', ADMIN);
    expect(await keeper.sweep()).toMatchObject({ deleted: 2 });
    expect((await rows('recording.hold')).map(({ target, detail }) => [target, detail])).toEqual([
      ['user:u2', { name: 'name-u2', reason: 'case 12' }],
    ]);
    const [lift] = await rows('recording.release');
    expect(lift).toMatchObject({ actor: 'zhou', detail: { reason: 'closed', held: 'case 12' } });
  });
});

describe('a crash at any step of a deletion', () => {
  it('leaves it undone or finishes it at the next start, told once (F24)', { timeout: 120_000 }, async () => {
    const { keeper, clock } = world;
    let outcomes = new Set<string>();
    for (const before of [true, false]) {
      for (let calls = 1; ; calls++) {
        const id = await world.record();
        writeFileSync(world.path(id).replace('.sprec', '.spri'), 'index');
        clock.advance(FLOOR);
        const dying = world.dying(calls, before);
        const died = await dying.remove(id, `step ${calls}`, ADMIN).then(
          () => false,
          (error: unknown) => {
            expect(error).toBeInstanceOf(Crash);
            return true;
          },
        );
        const decided = (await world.deps.deletions.of([id])).has(id);
        if (!decided) expect(world.stored(id)).toBe(true);
        // Nothing is taken away that audit log and ledger do not hold.
        if (!world.stored(id)) expect(world.told.some((one) => 'sessionId' in one && one.sessionId === id)).toBe(true);
        await keeper.recover();
        expect(await world.deps.deletions.unfinished()).toEqual([]);
        expect(world.stored(id)).toBe(!decided);
        expect((await world.deps.shelf.find(id)) === undefined).toBe(decided);
        expect(world.destroyed.has(id)).toBe(decided);
        const audited = await world.audit.list({ action: 'recording.delete', target: `recording:${id}`, limit: 9 });
        expect(audited).toHaveLength(decided ? 1 : 0);
        expect(world.told.filter((one) => 'sessionId' in one && one.sessionId === id)).toHaveLength(decided ? 1 : 0);
        outcomes = outcomes.add(decided ? 'finished' : 'undone');
        if (!died) break;
        if (calls > 40) throw new Error('it never lives');
      }
    }
    expect(outcomes).toEqual(new Set(['undone', 'finished']));
  });
});
