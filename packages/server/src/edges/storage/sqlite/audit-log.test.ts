import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AuditEvent } from '@sallyport/core/model/audit.js';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeClock, fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { ENGINES, type TestDatabase, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeAuditLogContract } from '../../../gateway/ports/audit-log.contract.js';
import type { AuditLog } from '../../../gateway/ports/audit-log.js';
import { createSqliteAuditLog } from './audit-log.js';
import { openDatabase } from './database.js';

for (const engine of ENGINES) {
  describeAuditLogContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    const clock = fakeClock();
    return { log: createSqliteAuditLog(db, clock), setTime: (at) => clock.step(at - clock.now()), close };
  });
}

const event = (actor: string): AuditEvent => ({ action: 'host.update', result: 'ok', actor, source: 'local' });

describe('audit log in SQLite', () => {
  let test: TestDatabase;
  let clock: FakeClock;
  let log: AuditLog;
  beforeEach(async () => {
    test = await testDatabase();
    clock = fakeClock();
    log = createSqliteAuditLog(test.db, clock);
  });
  afterEach(() => test.close());

  /** As somebody would who has the file: the triggers are no lock against him. */
  async function tamper(...statements: string[]): Promise<void> {
    for (const change of ['update', 'delete']) {
      await sql`drop trigger if exists ${sql.ref(`audit_no_${change}`)}`.execute(test.db.query);
    }
    for (const statement of statements) await sql.raw(statement).execute(test.db.query);
  }
  const fill = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => log.append(event(`user ${i + 1}`))));

  it('blocks changes and deletions in the database itself (V47)', async () => {
    await fill(3);
    const { query } = test.db;
    await expect(query.updateTable('audit').set({ actor: 'x' }).where('seq', '=', 1).execute()).rejects.toThrow(
      'append-only',
    );
    await expect(query.deleteFrom('audit').execute()).rejects.toThrow('append-only');
    expect(await log.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  it('names the first entry that any change of any field touches (V47)', async () => {
    const ways = [
      (n: number) => [`update audit set actor = actor || 'x' where seq = ${n}`, n],
      (n: number) => [`update audit set at = at + 1 where seq = ${n}`, n],
      (n: number) => [`update audit set target = 'host:x' where seq = ${n}`, n],
      (n: number) => [`update audit set result = 'denied' where seq = ${n}`, n],
      (n: number) => [`update audit set detail = '{' where seq = ${n}`, n],
      (n: number) => [`update audit set hash = prev_hash where seq = ${n}`, n],
      (n: number) => [`delete from audit where seq = ${n}`, n],
      (n: number) => [`delete from audit where seq >= ${n}`, n],
      (n: number) => [`update audit set seq = ${n} + 100000 where seq = ${n}`, n],
    ] as const;
    await fill(60);
    await tamper('create table good as select * from audit');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ways), fc.integer({ min: 1, max: 60 }), async (way, n) => {
        const [statement, badSeq] = way(n);
        await tamper(String(statement));
        expect(await log.verify()).toMatchObject({ ok: false, badSeq, detail: expect.stringContaining(`${n}`) });
        await tamper('delete from audit', 'insert into audit select * from good');
        expect(await log.verify()).toMatchObject({ ok: true });
      }),
      { numRuns: 80 },
    );
  });

  it('finds two entries that changed places (V47)', async () => {
    await fill(9);
    await tamper(
      'update audit set seq = -4 where seq = 4',
      'update audit set seq = 4 where seq = 7',
      'update audit set seq = 7 where seq = -4',
    );
    expect(await log.verify()).toMatchObject({ ok: false, badSeq: 4 });
  });

  it('finds an entry whose hash was made to fit, by the next one (V47)', async () => {
    await fill(9);
    const forged = await testDatabase();
    const other = createSqliteAuditLog(forged.db, clock);
    for (let i = 1; i <= 5; i++) await other.append(event(i === 5 ? 'somebody else' : `user ${i}`));
    const [row] = await forged.db.query.selectFrom('audit').selectAll().where('seq', '=', 5).execute();
    await forged.close();
    await tamper(`update audit set actor = '${row?.actor}', hash = '${row?.hash}' where seq = 5`);
    expect(await log.verify()).toMatchObject({ ok: false, badSeq: 6 });
  });

  it('finds a forged last entry by the head (V47)', async () => {
    const entries = await fill(3);
    const head = entries.at(-1);
    await tamper(`update meta set value = '2 ${entries[1]?.hash}' where key = 'audit.head'`);
    expect(await log.verify()).toMatchObject({ ok: false, badSeq: 3 });
    await tamper(`delete from meta where key = 'audit.head'`);
    expect(await log.verify()).toMatchObject({ ok: false, badSeq: 3, head: head?.hash });
    await expect(log.append(event('late'))).rejects.toThrow(); // fails closed rather than start a second chain
  });

  it('writes what waits in groups, not one by one (V47)', async () => {
    const before = await test.db.query.selectFrom('meta').selectAll().execute();
    expect(before).toEqual([]);
    let statements = 0;
    const { query } = test.db;
    const counting = query.withPlugin({
      transformQuery: ({ node }) => {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const counted = createSqliteAuditLog({ ...test.db, query: counting }, clock);
    await Promise.all(Array.from({ length: 400 }, () => counted.append(event('many'))));
    expect(statements).toBeLessThan(12);
    expect(await counted.verify()).toMatchObject({ ok: true, entries: 400 });
  });

  it('holds entries while another process has the lock, and loses or doubles none (F5)', async () => {
    const tries = vi.spyOn(test.db.query, 'transaction');
    const other = await openDatabase({ file: test.db.file });
    await other.query.connection().execute(async (held) => {
      await sql`begin immediate`.execute(held);
      const waiting = fill(50);
      let turns = 0;
      const turning = setInterval(() => {
        turns += 1;
      }, 10);
      // The lock outlasts the busy timeout of 5 s: the first try fails and is made again.
      await vi.waitUntil(() => tries.mock.calls.length === 2, { timeout: 20_000 });
      clearInterval(turning);
      expect(turns).toBeGreaterThan(100); // the loop that relays keystrokes never stood still
      await sql`commit`.execute(held);
      await waiting;
    });
    await other.close();
    expect(await log.verify()).toMatchObject({ ok: true, entries: 50 });
  });

  it('does not fork when two processes append to one file at once (V47)', async () => {
    const started = ['cli', 'cron'].map((actor) => appendFromAnotherProcess(test.db.file, actor, 60));
    await Promise.all(started.map(({ ready }) => ready));
    await fill(100);
    for (const { ended } of started) expect(await ended).toBe(0);
    expect(await log.verify()).toMatchObject({ ok: true, entries: 220 });
    const actors = (await log.list({ limit: 220 })).map(({ actor }) => actor);
    expect(actors.filter((actor) => actor === 'cli')).toHaveLength(60);
    expect(actors.filter((actor) => actor === 'cron')).toHaveLength(60);
  });
});

function appendFromAnotherProcess(file: string, actor: string, count: number) {
  const at = (name: string): string => fileURLToPath(new URL(`../../../../test/fixtures/${name}`, import.meta.url));
  const args = ['--import', at('ts-hooks.mjs'), at('append-audit.ts'), file, actor, String(count)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => code as number);
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the second process ended before it was ready')));
  });
  return { ready, ended };
}
