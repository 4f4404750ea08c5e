import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES, type TestDatabase, testDatabase } from '../../../test/fixtures/test-database.js';
import type { SecretRows } from '../../gateway/ports/secret-rows.js';
import { describeVaultContract } from '../../gateway/ports/vault.contract.js';
import { createSqliteSecretRows } from '../storage/sqlite/secrets.js';
import { createVault } from './vault.js';

for (const engine of ENGINES) {
  describeVaultContract(`envelope over sqlite on ${engine}`, async () => {
    const { db, folder, close } = await testDatabase(engine);
    const rows = createSqliteSecretRows(db);
    return { vault: await createVault({ rows, masterKeyFile: join(folder, 'master.key') }), close };
  });
}

const text = async (secret: Promise<Uint8Array>): Promise<string> => Buffer.from(await secret).toString();

describe('the vault and its key file', () => {
  let test: TestDatabase;
  let rows: SecretRows;
  let file: string;
  beforeEach(async () => {
    test = await testDatabase();
    rows = createSqliteSecretRows(test.db);
    file = join(test.folder, 'master.key');
  });
  afterEach(() => test.close());
  const open = (change: Partial<Parameters<typeof createVault>[0]> = {}) =>
    createVault({ rows, masterKeyFile: file, ...change });
  const keyFiles = (): string[] => readdirSync(test.folder).filter((name) => name.startsWith('master.key'));

  it('makes an owner-only key of 32 bytes at the first start, and keeps it (W22)', async () => {
    const id = await (await open()).seal('account', Buffer.from('s'));
    expect(readFileSync(file)).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyFiles()).toEqual(['master.key']);
    expect(await text((await open()).open('account', id))).toBe('s');
  });

  it('meets at one key when two first starts race', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const id = await one.seal('account', Buffer.from('s'));
    expect(await text(two.open('account', id))).toBe('s');
  });

  it('takes an operator’s key as raw bytes, hex or base64, and never makes one up for him', async () => {
    await expect(open({ createKey: false })).rejects.toThrow(/no master key file.*openssl rand -hex 32/);
    expect(existsSync(file)).toBe(false);
    const key = randomBytes(32);
    writeFileSync(file, key, { mode: 0o600 });
    const id = await (await open({ createKey: false })).seal('account', Buffer.from('s'));
    const forms = [
      key.toString('hex'),
      `${key.toString('hex').toUpperCase()}\n`,
      key.toString('base64'),
      `${key.toString('base64url')}\r\n`,
    ];
    for (const form of forms) {
      writeFileSync(file, form);
      expect(await text((await open({ createKey: false })).open('account', id))).toBe('s');
    }
  });

  it.runIf(process.platform !== 'win32')('refuses a key others may read, and says how to mend it', async () => {
    await open();
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(file, mode);
      await expect(open()).rejects.toThrow(`mode ${mode.toString(8)}). Run: chmod 600`);
    }
  });

  it.each([
    ['nothing', ''],
    ['a word', 'short'],
    ['64 letters that are no hex', 'z'.repeat(64)],
    ['something long', 'x'.repeat(5000)],
  ])('refuses a key file that holds %s, without repeating it', async (_, content) => {
    writeFileSync(file, content, { mode: 0o600 });
    const error: unknown = await open().catch((e: unknown) => e);
    expect(String(error)).toMatch(/does not hold a key/);
    if (content.length > 10) expect(String(error)).not.toContain(content);
  });

  it('refuses to start with another key, or with none (W22)', async () => {
    await open();
    writeFileSync(file, randomBytes(32));
    await expect(open()).rejects.toThrow(/holds key [0-9a-f]{16}, but the stored secrets are sealed under key/);
    rmSync(file);
    await expect(open()).rejects.toThrow(/no master key file.*Restore it/);
    expect(existsSync(file)).toBe(false);
  });

  it('opens no row that was changed, or put in another’s place (V46)', async () => {
    const vault = await open();
    const [a, b] = [await vault.seal('account', Buffer.from('a')), await vault.seal('account', Buffer.from('b'))];
    const [rowA, rowB] = [await rows.get(a), await rows.get(b)];
    if (rowA === undefined || rowB === undefined) throw new Error('rows were just stored');
    const flipped = (sealed: string): string =>
      sealed.slice(0, 10) + (sealed[10] === 'A' ? 'B' : 'A') + sealed.slice(11);
    const wrong = [
      { ...rowA, sealed: flipped(rowA.sealed) },
      { ...rowA, wrappedKey: flipped(rowA.wrappedKey) },
      { ...rowA, sealed: rowB.sealed },
      { ...rowA, sealed: rowB.sealed, wrappedKey: rowB.wrappedKey },
      { ...rowA, sealed: rowA.sealed.slice(0, 20) },
      { ...rowA, sealed: 'plain text' },
    ];
    for (const row of wrong) {
      await rows.update(row);
      await expect(vault.open('account', a)).rejects.toThrow(/does not open/);
    }
    await rows.update(rowA);
    expect(await text(vault.open('account', a))).toBe('a');
  });

  it('uses the secret for its purpose only, even when the row is relabelled (V46)', async () => {
    const vault = await open();
    const id = await vault.seal('account', Buffer.from('s'));
    await test.db.query.updateTable('secrets').set({ purpose: 'totp' }).execute();
    await expect(vault.open('totp', id)).rejects.toThrow(/does not open/);
  });

  it('leaves no trace of the old key after a rotation, and opens after a restart (W22)', async () => {
    const vault = await open();
    const id = await vault.seal('account', Buffer.from('s'));
    const old = readFileSync(file);
    expect(await vault.rotate()).toBe(1);
    expect(readFileSync(file).equals(old)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyFiles()).toEqual(['master.key']);
    expect(await text((await open()).open('account', id))).toBe('s');
    writeFileSync(file, old);
    await expect(open()).rejects.toThrow(/sealed under key/);
  });

  it('starts after a crash before the rotation was committed (W22)', async () => {
    const id = await (await open()).seal('account', Buffer.from('s'));
    const crashing = await open({ rows: { ...rows, rewrap: () => Promise.reject(new Error('killed')) } });
    await expect(crashing.rotate()).rejects.toThrow('killed');
    expect(keyFiles()).toHaveLength(2);
    const vault = await open();
    expect(await text(vault.open('account', id))).toBe('s');
    await vault.rotate();
    expect(await text((await open()).open('account', id))).toBe('s');
  });

  it('starts after a crash between the commit and the renaming (W22)', async () => {
    const vault = await open();
    const id = await vault.seal('account', Buffer.from('s'));
    const old = readFileSync(file);
    await vault.rotate();
    renameSync(file, `${file}.next-${await rows.keyMark()}`);
    writeFileSync(file, old, { mode: 0o600 });
    expect(await text((await open()).open('account', id))).toBe('s');
    expect(keyFiles()).toEqual(['master.key']);
    expect(readFileSync(file).equals(old)).toBe(false);
  });

  it('goes on in the server when the command line rotates the key beside it (W22)', async () => {
    const [server, cli] = [await open(), await open()];
    const id = await server.seal('account', Buffer.from('old'));
    await cli.rotate();
    expect(await text(server.open('account', id))).toBe('old');
    await cli.rotate();
    const added = await server.seal('account', Buffer.from('new'));
    await cli.rotate();
    await server.replace('account', id, Buffer.from('newer'));
    expect(await text(cli.open('account', added))).toBe('new');
    expect(await text(cli.open('account', id))).toBe('newer');
  });

  it('lets one of two rotations through at a time, and loses nothing', async () => {
    const vaults = await Promise.all([open(), open(), open()]);
    const id = await vaults[0].seal('account', Buffer.from('s'));
    const done = await Promise.allSettled(vaults.map((vault) => vault.rotate()));
    expect(done.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const vault of [...vaults, await open()]) expect(await text(vault.open('account', id))).toBe('s');
  });

  it('rotates to a key the operator provides, and leaves his files alone', async () => {
    const mine = join(test.folder, 'operator.hex');
    const vault = await open();
    const id = await vault.seal('account', Buffer.from('s'));
    await expect(vault.rotate(mine)).rejects.toThrow(/no master key file/);
    writeFileSync(mine, randomBytes(32).toString('hex'), { mode: 0o600 });
    expect(await vault.rotate(mine)).toBe(1);
    expect(keyFiles()).toEqual(['master.key']);
    expect(await text(vault.open('account', id))).toBe('s');
    expect(await text((await open({ masterKeyFile: mine, createKey: false })).open('account', id))).toBe('s');
    await expect(open()).rejects.toThrow(/sealed under key/);
  });

  it('never uses a data key or a nonce twice', async () => {
    const drawn: string[] = [];
    const vault = await open({
      random: (size) => {
        const bytes = randomBytes(size);
        drawn.push(bytes.toString('hex'));
        return bytes;
      },
    });
    const id = await vault.seal('account', Buffer.from('same'));
    const first = await rows.get(id);
    await vault.replace('account', id, Buffer.from('same'));
    const second = await rows.get(id);
    expect(second?.sealed).not.toBe(first?.sealed);
    expect(second?.wrappedKey).not.toBe(first?.wrappedKey);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('leaves no secret in the database, its log or its copy: raw, base64 or hex (V46, X4)', async () => {
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    const vault = await open();
    const id = await vault.seal('account', Buffer.from(`{"kind":"password","password":"${canary}"}`));
    await vault.seal('totp', Buffer.from(canary));
    await vault.seal('recovery-codes', Buffer.from(canary));
    await vault.replace('account', id, Buffer.from(canary));
    await vault.rotate();
    const master = readFileSync(file);
    const folder = join(test.folder, 'data');
    const forms = [Buffer.from(canary), master].flatMap((secret) => [secret, ...encodings(secret)]);
    const scan = (): void => {
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name));
        for (const form of forms) expect(bytes.includes(form), name).toBe(false);
      }
    };
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['sallyport.db', 'sallyport.db-wal']));
    scan();
    await test.db.query.deleteFrom('secrets').execute();
    scan();
  });
});

/** Base64 has three alignments; the middle of each is searched for, so that neighbours do not matter. */
function encodings(secret: Buffer): Buffer[] {
  const forms = [secret.toString('hex'), secret.toString('hex').toUpperCase()];
  for (let shift = 0; shift < 3; shift++) {
    const aligned = secret.subarray(shift, shift + Math.floor((secret.length - shift) / 3) * 3);
    forms.push(aligned.toString('base64'), aligned.toString('base64url'));
  }
  return forms.map((form) => Buffer.from(form));
}
