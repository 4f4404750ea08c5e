/** V47 on a whole data directory: whatever somebody does to it afterwards, the verification names it. */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextEntry } from '@sallyport/core/evidence/ledger-chain.js';
import type { LedgerEntry } from '@sallyport/core/evidence/ledger-entry.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { Session } from '@sallyport/core/model/session.js';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { composeEvidence, keysFrom } from '../../src/app/evidence.js';
import { type OfflineOptions, openEvidence } from '../../src/app/offline-evidence.js';
import { openStores, type Stores } from '../../src/app/stores.js';
import { systemClock } from '../../src/app/system-clock.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { recordingPath } from '../../src/edges/storage/disk/recording-files.js';
import { sha256 } from '../../src/edges/storage/disk/sha256.js';
import { type Database, openDatabase } from '../../src/edges/storage/sqlite/database.js';
import type { IntegrityReport } from '../../src/gateway/integrity-report.js';
import { rotateSigningKey } from '../../src/gateway/rotate-signing-key.js';

/** LONG_TESTS=1 flips a thousand bytes; the rule shows in a dozen as well. */
const IS_LONG = process.env.LONG_TESTS === '1';
const log = { info: () => {}, error: () => {} };
const by = { actor: 'root', source: 'local' };
const ids = Array.from({ length: 5 }, () => idFromBytes(randomBytes(16)));
let root: string;
let good: string;
/** An earlier state of the same data. */
let earlier: string;
let data: string;

async function record(
  stores: Stores,
  recordings: ReturnType<typeof createDiskRecordingStore>,
  id: string,
): Promise<void> {
  const at = Date.now();
  const row: Session = {
    id,
    userId: ids[0]!,
    userName: 'lin',
    hostId: ids[1]!,
    hostName: 'web-01',
    hostAddress: '192.0.2.1',
    accountId: ids[2]!,
    login: 'root',
    sourceAddress: '192.0.2.9',
    state: 'opening',
    cols: 80,
    rows: 24,
    createdAt: at,
    outputBytes: 0,
    nodeId: 'test',
    leaseUntil: at + 9000,
  };
  await stores.sessions.create(row);
  await stores.audit.append({
    action: 'session.open',
    result: 'ok',
    actor: 'lin',
    source: '192.0.2.9',
    target: `session:${id}`,
  });
  const header = {
    sessionId: id,
    startedAt: at,
    size: { cols: 80, rows: 24 },
    term: 'xterm',
    title: '',
    userName: 'lin',
    hostName: 'web-01',
    login: 'root',
  };
  const writer = await recordings.create(header);
  for (let n = 0; n < 6; n += 1) {
    writer.output(n * 1000, Buffer.from(`${n} of ${id}\r\n`.repeat(20)));
    await writer.flush();
  }
  await writer.seal(6000, 0);
  await stores.sessions.setOver(id, { state: 'ended', reason: { kind: 'remote-exit' }, endedAt: at, outputBytes: 1 });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-tamper-'));
  [good, earlier] = [join(root, 'good'), join(root, 'earlier')];
  const stores = await openStores({ data: good, masterKeyFile: undefined });
  const { signer, ledger } = stores;
  const recordings = createDiskRecordingStore({
    directory: stores.paths.recordings,
    clock: systemClock,
    evidence: { signer, ledger },
  });
  const evidence = composeEvidence(stores, recordings, log);
  await evidence.begin();
  for (const id of ids.slice(0, 2)) await record(stores, recordings, id);
  await recordings.close();
  await stores.heads.sign();
  await sql`pragma wal_checkpoint(truncate)`.execute(stores.database.query);
  cpSync(good, earlier, { recursive: true });
  await rotateSigningKey(stores, by);
  for (const id of ids.slice(2)) await record(stores, recordings, id);
  await recordings.close();
  await ledger.append({ kind: 'deleted', sessionId: ids[4]!, actor: 'keeper', reason: 'age', bytes: 1 });
  unlinkSync(recordingPath(stores.paths.recordings, ids[4]!));
  await evidence.close();
  await stores.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => data !== undefined && rmSync(data, { recursive: true, force: true }));

const file = (n: number): string => recordingPath(join(data, 'recordings'), ids[n]!);

async function check(
  damage: (db: Database['query']) => unknown,
  options: OfflineOptions = {},
): Promise<IntegrityReport> {
  data = join(root, `case-${randomBytes(4).toString('hex')}`);
  cpSync(good, data, { recursive: true });
  await change(damage);
  const evidence = await openEvidence({ data, masterKeyFile: undefined }, options);
  try {
    return await evidence.check();
  } finally {
    await evidence.close();
  }
}
/** As who has the file would: the triggers are no lock. */
async function change(damage: (db: Database['query']) => unknown): Promise<void> {
  const db = await openDatabase({ file: join(data, 'sallyport.db') });
  for (const table of ['audit', 'recording_ledger', 'signed_heads'])
    for (const what of ['update', 'delete'])
      await sql`drop trigger ${sql.ref(`${table}_no_${what}`)}`.execute(db.query);
  await damage(db.query);
  await db.close();
}
const run = (statement: string) => (db: Database['query']) => sql.raw(statement).execute(db);
const kinds = ({ findings }: IntegrityReport): string[] => [...new Set(findings.map(({ kind }) => kind))];

async function verifyOne(n: number, damage: () => void) {
  data = join(root, `case-${randomBytes(4).toString('hex')}`);
  cpSync(good, data, { recursive: true });
  damage();
  const evidence = await openEvidence({ data, masterKeyFile: undefined });
  try {
    return await evidence.verifyRecording(ids[n]!);
  } finally {
    await evidence.close();
  }
}

describe('V47: audit log, ledger and heads', () => {
  it('an untouched directory stands, a deleted recording and another key included', async () => {
    const report = await check(() => {});
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, ledger: { recordings: 5 } });
    expect(report.keyIds).toHaveLength(2);
    expect(report.heads.count).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['a changed row', "update audit set actor = 'wang' where seq = 2", 2],
    ['a deleted row', 'delete from audit where seq = 2', 2],
    ['a cut tail with a head to fit', 'delete from audit where seq > 2; ', 3],
  ])('audit log: %s is named', async (_, statement, seq) => {
    const report = await check(run(statement));
    expect(report.ok).toBe(false);
    expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'audit', seq }));
  });

  it('an audit tail cut with its head moved back contradicts a signed head', async () => {
    const report = await check(async (db) => {
      await run('delete from audit where seq > 1')(db);
      await run("update meta set value = '1 ' || (select hash from audit where seq = 1) where key = 'audit.head'")(db);
    });
    expect(kinds(report)).toEqual(['head']);
    expect(report.findings[0]).toMatchObject({
      seq: 1,
      detail: expect.stringContaining('the audit log was cut or rolled back'),
    });
  });

  it('a ledger rewritten as a whole, so that a recording never was, contradicts a signed head', async () => {
    const report = await check(async (db) => {
      const rows = await db.selectFrom('recording_ledger').selectAll().orderBy('seq').execute();
      await db.deleteFrom('recording_ledger').execute();
      let head: Pick<LedgerEntry, 'seq' | 'hash'> = { seq: 0, hash: '0'.repeat(64) };
      for (const row of rows.filter(({ session_id }) => session_id !== ids[1])) {
        const { kind, session_id, number, at } = row;
        const event = {
          ...(JSON.parse(row.fields) as object),
          kind,
          ...(session_id === null ? {} : { sessionId: session_id }),
        };
        const entry = nextEntry(head, at, event as LedgerEntry, number ?? undefined, sha256);
        await db
          .insertInto('recording_ledger')
          .values({ ...row, seq: entry.seq, prev_hash: entry.prevHash, hash: entry.hash })
          .execute();
        head = entry;
      }
      await run(`update meta set value = '${head.seq} ${head.hash}' where key = 'ledger.head'`)(db);
      await run(`delete from sessions where id = '${ids[1]}'`)(db);
      unlinkSync(file(1));
    });
    expect(kinds(report)).toEqual(['head', 'session-missing']);
    expect(report.findings[0]?.detail).toContain('the ledger was rewritten');
    expect(report.findings[1]).toMatchObject({ sessionId: ids[1] });
  });

  it('F24: a database rolled back to an earlier state contradicts the file of heads beside it', async () => {
    const report = await check(() => {});
    expect(report.ok).toBe(true);
    for (const end of ['', '-wal', '-shm']) rmSync(join(data, `sallyport.db${end}`), { force: true });
    copyFileSync(join(earlier, 'sallyport.db'), join(data, 'sallyport.db'));
    const evidence = await openEvidence({ data, masterKeyFile: undefined });
    const after = await evidence.check();
    await evidence.close();
    expect(kinds(after)).toEqual(expect.arrayContaining(['head', 'recording-unlisted']));
    expect(after.findings.filter(({ kind }) => kind === 'recording-unlisted')).toHaveLength(2);
  });

  it('the whole directory rolled back contradicts a head kept elsewhere', async () => {
    const kept = await (async () => {
      data = good;
      const evidence = await openEvidence({ data, masterKeyFile: undefined });
      const heads = await evidence.heads(1);
      await evidence.close();
      return heads;
    })();
    const rolled = join(root, 'rolled');
    cpSync(earlier, rolled, { recursive: true });
    data = rolled;
    const alone = await openEvidence({ data, masterKeyFile: undefined });
    expect((await alone.check()).ok).toBe(true);
    const keys = await (async () => {
      const now = await openEvidence({ data: good, masterKeyFile: undefined });
      const all = await now.keys();
      await now.close();
      return all;
    })();
    await alone.close();
    const evidence = await openEvidence({ data, masterKeyFile: undefined }, { heads: kept, keys });
    expect(kinds(await evidence.check())).toEqual(['head']);
    await evidence.close();
  });

  it('a forged head, a key put in afterwards, and heads of a stranger are named', async () => {
    const forged = await check(run(`update signed_heads set line = replace(line, '"at":1', '"at":2') where id = 2`));
    expect(kinds(forged)).toEqual(['head-signature']);
    const stranger = await openStores({ data: join(root, 'stranger'), masterKeyFile: undefined });
    const head = await stranger.heads.sign();
    await stranger.close();
    const foreign = await check(() => appendFileSync(join(data, 'signed-heads.jsonl'), `${JSON.stringify(head)}\n`));
    expect(kinds(foreign)).toEqual(['head-key']);
    const keys = await keysFrom(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }));
    if (typeof keys === 'string') throw new Error(keys);
    expect(kinds(await check(() => {}, { keys }))).toEqual(['head-key']);
  });

  it('a dropped file, a dropped row, a file nobody recorded and a file taken from elsewhere are named', async () => {
    expect((await check(() => unlinkSync(file(1)))).findings).toEqual([
      expect.objectContaining({ kind: 'recording-missing', sessionId: ids[1], number: 2 }),
    ]);
    const noRow = await check(run(`delete from sessions where id = '${ids[2]}'`));
    expect(noRow.findings).toEqual([
      expect.objectContaining({ kind: 'session-missing', sessionId: ids[2], number: 3 }),
    ]);
    const stray = idFromBytes(randomBytes(16));
    const more = await check(() => {
      const path = recordingPath(join(data, 'recordings'), stray);
      cpSync(file(0), path);
    });
    expect(more.findings).toEqual([expect.objectContaining({ kind: 'recording-unlisted', sessionId: stray })]);
    const swapped = await check(() => copyFileSync(file(0), file(1)));
    expect(swapped.findings).toEqual([expect.objectContaining({ kind: 'recording-changed', sessionId: ids[1] })]);
  });
});

describe('V47: one recording', () => {
  it('stands, also when it was signed by the key before', async () => {
    for (const n of [0, 1, 2, 3])
      expect(await verifyOne(n, () => {})).toMatchObject({ ok: true, number: n + 1, findings: [] });
    expect(await verifyOne(4, () => {})).toBeUndefined();
  });

  it.each([
    ['a flipped byte', (path: string) => flip(path, 700), ['changed', 'ledger-differs']],
    ['a cut tail', (path: string) => truncateSync(path, 900), ['cut', 'unsigned', 'ledger-differs']],
    ['bytes after the end', (path: string) => appendFileSync(path, 'more'), ['inserted', 'ledger-differs']],
  ])('%s is named', async (_, damage, expected) => {
    const verdict = await verifyOne(1, () => damage(file(1)));
    expect(verdict?.ok).toBe(false);
    expect(verdict?.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(expected.slice(0, 1)));
  });

  it('a missing file and another session’s file are named', async () => {
    expect((await verifyOne(1, () => unlinkSync(file(1))))?.findings).toMatchObject([{ kind: 'missing' }]);
    const other = await verifyOne(1, () => copyFileSync(file(0), file(1)));
    expect(other?.findings.map(({ kind }) => kind)).toEqual(['other-recording', 'ledger-differs']);
  });

  it('a row that names somebody else is named', async () => {
    const verdict = await verifyOne(1, () => {});
    expect(verdict?.ok).toBe(true);
    await change(run(`update sessions set user_name = 'wang' where id = '${ids[1]}'`));
    const evidence = await openEvidence({ data, masterKeyFile: undefined });
    expect((await evidence.verifyRecording(ids[1]!))?.findings).toMatchObject([
      { kind: 'row-differs', detail: 'userName is “lin” in the recording, and “wang” in the session’s row' },
    ]);
    await evidence.close();
  });

  it('random flips anywhere are always detected, and located', { timeout: IS_LONG ? 600_000 : 30_000 }, async () => {
    data = join(root, 'flips');
    cpSync(good, data, { recursive: true });
    const evidence = await openEvidence({ data, masterKeyFile: undefined });
    const original = readFileSync(file(1));
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = Buffer.from(original);
        bytes[at]! ^= mask;
        writeFileSync(file(1), bytes);
        // Somebody who verifies later: nothing is remembered.
        const later = await openEvidence({ data, masterKeyFile: undefined });
        const verdict = await later.verifyRecording(ids[1]!);
        await later.close();
        expect(verdict?.ok).toBe(false);
        const located = verdict?.findings.filter(({ kind }) => kind !== 'ledger-differs' && kind !== 'unsigned');
        expect(
          located?.some(({ from, to }) => from <= at && at < to),
          `${at}`,
        ).toBe(true);
      }),
      { numRuns: IS_LONG ? 1000 : 12 },
    );
    await evidence.close();
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}
