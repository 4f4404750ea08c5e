import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signingKeyPem } from '@sallyport/core/evidence/signing-key.js';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../test/fixtures/fake-clock.js';
import { ENGINES, testDatabase } from '../../../test/fixtures/test-database.js';
import { describeSignerContract } from '../../gateway/ports/signer.contract.js';
import { createSqliteSecretRows } from '../storage/sqlite/secrets.js';
import { createSqliteSigningKeyRows } from '../storage/sqlite/signing-keys.js';
import { createSigner } from './signing-keys.js';
import { createVault } from './vault.js';

async function setUp(engine?: (typeof ENGINES)[number]) {
  const test = await testDatabase(engine);
  const clock = fakeClock();
  const rows = createSqliteSigningKeyRows(test.db);
  const masterKeyFile = join(test.folder, 'master.key');
  const vault = () => createVault({ rows: createSqliteSecretRows(test.db), masterKeyFile });
  const start = async () => createSigner({ rows, vault: await vault(), clock });
  return { test, clock, rows, vault, start };
}

for (const engine of ENGINES) {
  describeSignerContract(`vault over sqlite on ${engine}`, async () => {
    const { test, clock, start } = await setUp(engine);
    return { signer: await start(), again: start, pass: (ms) => clock.advance(ms), close: test.close };
  });
}

it('of two first starts both sign with one key, and no secret is left over', async () => {
  const { test, start } = await setUp();
  const [a, b] = await Promise.all([start(), start()]);
  expect(await a.keys()).toEqual(await b.keys());
  expect(a.sign((id) => id)).toEqual(b.sign((id) => id));
  expect(await test.db.query.selectFrom('secrets').select('purpose').execute()).toEqual([{ purpose: 'signing-key' }]);
  await test.close();
});

it('W22: the master key’s rotation leaves the signing key as it is', async () => {
  const { test, start, vault } = await setUp();
  const signer = await start();
  expect(await (await vault()).rotate()).toBe(1);
  expect((await start()).sign((id) => id)).toEqual(signer.sign((id) => id));
  await test.close();
});

it('V46: the private half is nowhere in the clear, and gone after a rotation', async () => {
  const { test, rows, start, vault } = await setUp();
  const signer = await start();
  const [row] = await rows.list();
  const der = Buffer.from(await (await vault()).open('signing-key', row?.secretId ?? ''));
  const seed = der.subarray(-32);
  const forms = [seed, Buffer.from(seed.toString('hex')), Buffer.from(seed.toString('base64url').slice(1, -2))];
  const scan = (): void => {
    for (const folder of [test.folder, join(test.folder, 'data')])
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = readFileSync(join(folder, entry.name));
        for (const form of forms) expect(bytes.includes(form), entry.name).toBe(false);
      }
  };
  scan();
  await signer.rotate(async () => {});
  scan();
  expect(await test.db.query.selectFrom('secrets').select('purpose').execute()).toHaveLength(1);
  await expect((await vault()).open('signing-key', row?.secretId ?? '')).rejects.toThrow('holds no');
  expect(JSON.stringify(await signer.keys())).not.toContain('secret');
  expect(signingKeyPem((await signer.keys())[0]!)).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  await test.close();
});
