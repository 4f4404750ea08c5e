/** F24: from a backup to a gateway whose recordings all verify; what does not fit is refused and leaves nothing. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBackup } from '../../src/app/local-admin.js';
import { openEvidence } from '../../src/app/offline-evidence.js';
import { restoreBackup } from '../../src/app/restore.js';
import { openStores } from '../../src/app/stores.js';
import { openDatabase } from '../../src/edges/storage/sqlite/database.js';
import { addSshd, openPageAs, openShell, type Product, sessionRow, setUp, startProduct } from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

const SESSIONS = 3;
const at = (data: string) => ({ data, masterKeyFile: undefined });

let root: string;
let sshd: Sshd;
let product: Product | undefined;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-restore-'));
  sshd = await startSshd();
});
afterEach(async () => {
  await product?.stop();
  await sshd.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A gateway with sessions that are over, one that runs, and its backup as an operator makes it. */
async function backedUp(): Promise<{ file: string; recordings: string; key: string; ids: string[] }> {
  const data = join(root, 'data');
  product = await startProduct({ data });
  const admin = await setUp(product);
  const target = await addSshd(admin, sshd, 'kept');
  const page = await openPageAs(product, admin);
  const ids: string[] = [];
  for (let n = 0; n < SESSIONS; n += 1) {
    const terminal = await openShell(page, admin, target);
    ids.push(terminal.opened.sessionId);
    terminal.type(`echo session ${n} 中文; exit\r`);
    await until('its end', () => terminal.ended);
    await until('its seal', async () => (await sessionRow(admin, ids[n]!)).recording?.state === 'complete');
  }
  const running = await openShell(page, admin, target);
  ids.push(running.opened.sessionId);
  const file = join(root, 'backup.db');
  const stores = await openStores(at(data));
  const written = await writeBackup(stores, file);
  await stores.close();
  expect(written.recordings).toBe(SESSIONS + 1);
  const recordings = join(root, 'copied');
  cpSync(join(data, 'recordings'), recordings, { recursive: true });
  cpSync(join(data, 'master.key'), join(root, 'kept.key'));
  page.drop();
  await product.stop();
  return { file, recordings, key: join(root, 'kept.key'), ids };
}

describe('a backup', () => {
  it('F24: is restored: every recording verifies, the audit log too, and the gateway goes on from there', async () => {
    const { file, recordings, key, ids } = await backedUp();
    const data = join(root, 'new');
    const done = await restoreBackup(at(data), { database: file, recordings, masterKey: key });
    expect(done).toMatchObject({ recordings: SESSIONS + 1, missing: [], integrity: { findings: [] } });
    for (const entry of readdirSync(data, { recursive: true, withFileTypes: true }))
      expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0);
    product = await startProduct({ data });
    await product.stop();
    const evidence = await openEvidence(at(data));
    for (const id of ids) expect((await evidence.verifyRecording(id))?.findings).toEqual([]);
    expect((await evidence.check()).findings).toEqual([]);
    await evidence.close();
    const stores = await openStores(at(data));
    expect(await stores.sessions.get(ids[SESSIONS]!)).toMatchObject({ endReason: { kind: 'interrupted' } });
    const told = await stores.audit.list({ action: 'backup.restore', limit: 5 });
    expect(told).toHaveLength(1);
    await stores.close();

    // What is missing is named, and a directory in use is not touched.
    rmSync(join(recordings, ids[0]!.slice(0, 2)), { recursive: true });
    const again = await restoreBackup(at(join(root, 'third')), { database: file, recordings, masterKey: key });
    expect(again.missing.join()).toContain(ids[0]);
    expect(again.integrity.findings).toContainEqual(
      expect.objectContaining({ kind: 'recording-missing', sessionId: ids[0] }),
    );
    await expect(restoreBackup(at(data), { database: file, recordings, masterKey: key })).rejects.toThrow(
      'is not empty',
    );

    // Another key, no key, a newer version's database: refused with what to do, and nothing is left behind.
    const refused = join(root, 'refused');
    mkdirSync(refused);
    writeFileSync(join(root, 'other.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    await expect(
      restoreBackup(at(refused), { database: file, recordings, masterKey: join(root, 'other.key') }),
    ).rejects.toThrow(/key/);
    await expect(restoreBackup(at(refused), { database: file })).rejects.toThrow('master key is missing');
    const newer = join(root, 'newer.db');
    cpSync(file, newer);
    const db = await openDatabase({ file: newer });
    await sql`insert into schema_migration (name, timestamp) values ('9999-from-later', 'x')`.execute(db.query);
    await db.close();
    await expect(restoreBackup(at(refused), { database: newer, masterKey: key })).rejects.toThrow(
      /newer version.*Start that version/s,
    );
    expect(readdirSync(refused)).toEqual([]);
    const unmade = join(root, 'unmade');
    await expect(restoreBackup(at(unmade), { database: join(root, 'no.db'), masterKey: key })).rejects.toThrow('no.db');
    expect(existsSync(unmade)).toBe(false);
  }, 120_000);
});
