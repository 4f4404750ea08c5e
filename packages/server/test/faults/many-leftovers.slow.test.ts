/**
 * A start after a crash with ten thousand sessions. Aims: people are served within 10 s whatever was left open, rows
 * tell the truth from the first answer on, memory stays bounded, and the repair goes on behind it until all is sealed.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecording } from '@sallyport/core/cast/encode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { expect, it } from 'vitest';
import { recordingPath } from '../../src/edges/storage/disk/recording-files.js';
import { sha256 } from '../../src/edges/storage/disk/sha256.js';
import { openDatabase } from '../../src/edges/storage/sqlite/database.js';
import { createSqliteSessionStore } from '../../src/edges/storage/sqlite/sessions.js';
import { newHeader } from '../../src/gateway/ports/recording-store.contract.js';
import { ADMIN, addSshd, openPageAs, openShell, sessionRow, setUp, signIn, startProduct } from '../fixtures/product.js';
import { freePort, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';
import { quickDirectory } from './recorded-shell.js';

const LEFT = 10_000;
const READY_MS = 10_000;
const SEALED_MS = 180_000;
/** What a start with nothing left takes, and this much more. */
const MORE_MIB = 256;

/** What other processes of a busy machine took from its main thread. */
const waitedForProcessorMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;

const peakMib = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Rows that say live and recordings without a seal, every second one with a torn tail. */
async function leave(data: string, target: { hostId: string; accountId: string; userId: string }): Promise<string[]> {
  const recordings = join(data, 'recordings');
  mkdirSync(join(recordings, 'open'), { recursive: true, mode: 0o700 });
  const events: RecordedEvent[] = [{ type: 'output', atMs: 1, offset: 0, bytes: Buffer.alloc(400, 'left behind\r\n') }];
  const ids = Array.from({ length: LEFT }, () => idFromBytes(randomBytes(16)));
  for (const [n, id] of ids.entries()) {
    const bytes = Buffer.concat([
      ...encodeRecording(
        newHeader({ sessionId: id }),
        [...events, { type: 'resize', atMs: 2, offset: 400, size: { cols: 90, rows: 30 } }],
        { sha256, gatherMs: 0 },
      ),
    ]);
    const path = recordingPath(recordings, id);
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(path, n % 2 === 0 ? bytes : Buffer.concat([bytes, bytes.subarray(20, 90)]), { mode: 0o600 });
    writeFileSync(join(recordings, 'open', id), '');
  }
  const db = await openDatabase({ file: join(data, 'sallyport.db') });
  await db.query.transaction().execute(async (query) => {
    const sessions = createSqliteSessionStore({ ...db, query });
    const at = Date.now() - 60_000;
    for (const id of ids)
      await sessions.create({
        id,
        ...target,
        ...{ userName: 'admin', hostName: 'left', hostAddress: '127.0.0.1', login: 'root', sourceAddress: '192.0.2.7' },
        ...{ state: 'live', cols: 80, rows: 24, createdAt: at, liveAt: at, outputBytes: 400, hostLabels: {} },
        ...{ nodeId: 'local', leaseUntil: Date.now() + 9_000 },
      });
  });
  await db.close();
  return ids;
}

it.skipIf(process.env.LONG_TESTS !== '1')(
  `F1, W8: ${LEFT} sessions left open: ready within ${READY_MS / 1000} s, true at once, all sealed behind it`,
  async () => {
    const data = mkdtempSync(join(quickDirectory(), 'sallyport-left-'));
    const port = await freePort();
    const sshd = await startSshd();
    let product = await startProduct({ data, port });
    const first = await setUp(product);
    const target = await addSshd(first, sshd, 'left');
    const usualMib = peakMib(product.process.pid!);
    await product.stop();
    const ids = await leave(data, { hostId: target.host.id, accountId: target.accountId, userId: first.me.user.id });

    const started = performance.now();
    product = await startProduct({ data, port });
    const readyMs = performance.now() - started;
    const waitedMs = waitedForProcessorMs(product.process.pid!);
    const admin = await signIn(product.url, ADMIN.name, ADMIN.password);
    const live = await admin.call<{ items: SessionAnswer[] }>('GET', 'sessions?state=live&limit=500');
    expect(live.items).toEqual([]);
    expect(await sessionRow(admin, ids[LEFT - 1]!)).toMatchObject({ endReason: { kind: 'interrupted' } });

    // While the repair goes on: a shell opens and answers.
    const opening = performance.now();
    const page = await openPageAs(product, admin);
    const terminal = await openShell(page, admin, target);
    const openedMs = performance.now() - opening;
    terminal.type('exit\r');
    await until('its end', () => terminal.ended);

    const open = (): number => readdirSync(join(data, 'recordings', 'open')).length;
    await until('all to be sealed', () => open() === 0, SEALED_MS);
    const sealedMs = performance.now() - started;
    const moreMib = peakMib(product.process.pid!) - usualMib;
    const said = (ms: number): string => (ms / 1000).toFixed(1);
    console.info(
      `${LEFT} left open: ready ${said(readyMs)} s (${said(waitedMs)} s of them waiting for a processor), a shell ${said(openedMs)} s, sealed ${said(sealedMs)} s, ${moreMib.toFixed(0)} MiB more`,
    );
    for (const id of [ids[0]!, ids[1]!, ids[LEFT - 1]!])
      expect((await sessionRow(admin, id)).recording).toMatchObject({ state: 'truncated', outputBytes: 400 });
    page.drop();
    await product.stop();
    await sshd.stop();
    rmSync(data, { recursive: true, force: true });
    expect(readyMs - waitedMs).toBeLessThan(READY_MS);
    expect(moreMib).toBeLessThan(MORE_MIB);
  },
  400_000,
);
