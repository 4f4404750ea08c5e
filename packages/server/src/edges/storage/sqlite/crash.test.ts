import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { testDatabase } from '../../../../test/fixtures/test-database.js';
import { createSqliteAuditLog } from './audit-log.js';
import { createSqliteSessionStore } from './sessions.js';

const at = (name: string): string => fileURLToPath(new URL(`../../../../test/fixtures/${name}`, import.meta.url));

/** Lets a real process write until it has told `count` rows, kills it with -9 and answers what it told. */
async function writeAndKill(file: string, run: string, count: number): Promise<readonly (readonly [string, number])[]> {
  const args = ['--import', at('ts-hooks.mjs'), at('write-rows.ts'), file, run];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: (readonly [string, number])[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', seq = ''] = line.split(' ');
    told.push([id, Number(seq)]);
    if (told.length === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return told;
}

it('loses nothing that was told when the process is killed, and reaps its rows at the next start (F1, W8, S12)', async () => {
  const { db, close } = await testDatabase();
  const store = createSqliteSessionStore(db);
  const log = createSqliteAuditLog(db, fakeClock());
  for (const [run, count] of [1, 7, 40].entries()) {
    const told = await writeAndKill(db.file, `run${run}`, count);
    expect(told.length).toBeGreaterThanOrEqual(count);
    const entries = new Map<number, string | undefined>();
    for await (const { seq, target } of log.stream(1)) entries.set(seq, target);
    for (const [id, seq] of told) {
      expect(await store.get(id)).toMatchObject({ state: 'live' });
      expect(entries.get(seq)).toBe(id);
    }
    expect(await log.verify()).toMatchObject({ ok: true });

    const reaped = new Set((await store.reap(Date.now(), 'n1')).map(({ id }) => id));
    for (const [id] of told) expect(reaped.has(id)).toBe(true);
    expect((await store.list({ states: ['opening', 'live'], sort: 'createdAt', limit: 1 })).items).toEqual([]);
  }
  await close();
});
