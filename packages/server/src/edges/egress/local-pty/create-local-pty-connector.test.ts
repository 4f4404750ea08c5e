import { describe, expect, it } from 'vitest';
import { openShell, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import { describeTargetConnectorContract } from '../../../gateway/ports/target-connector.contract.js';
import { createLocalPtyConnector } from './create-local-pty-connector.js';

const way = {
  target: { hostName: 'demo', address: 'localhost', port: 22, legacyAlgorithms: false },
  login: 'demo',
  secret: { kind: 'password', password: 'unused' },
} as const;
const shell = '/bin/bash';

describeTargetConnectorContract('local shell', () =>
  Promise.resolve({
    connector: createLocalPtyConnector({ shell, args: ['--norc'] }),
    way,
    stop: () => Promise.resolve(),
  }),
);

describe('local shell', () => {
  it('keeps the gateway’s own variables from the shell', async () => {
    const environment = { ...process.env, SALLYPORT_MASTER_KEY: 'secret-1', DATABASE_PASSWORD: 'secret-2' };
    const driver = await openShell(createLocalPtyConnector({ shell: '/bin/sh', environment }), shellRequest(way));
    driver.exec('env; echo do""ne');
    await driver.sees(/done/);
    expect(driver.text()).not.toMatch(/secret-|SALLYPORT/);
    expect(driver.text()).toMatch(/PATH=/);
    await driver.ended;
  });

  it('shows one made-up key while it runs, and the same one from the same seed', async () => {
    const { signal } = new AbortController();
    const key = async (keySeed?: Uint8Array) =>
      (await createLocalPtyConnector(keySeed ? { keySeed } : {}).probe(way.target, signal)).key;
    const connector = createLocalPtyConnector();
    expect((await connector.probe(way.target, signal)).key).toEqual((await connector.probe(way.target, signal)).key);
    const seed = new Uint8Array(32).fill(7);
    expect(await key(seed)).toEqual(await key(seed));
    expect(await key()).not.toEqual(await key());
  });

  it('a shell that cannot be run is a problem, not an exception', async () => {
    const answer = await createLocalPtyConnector({ shell: '/nonexistent/sh' }).connect(shellRequest(way));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'target.no-shell', params: { host: 'demo' } } });
  });

  it('input to a stopped program does not stop the gateway', async () => {
    const driver = await openShell(createLocalPtyConnector({ shell }), shellRequest(way));
    driver.exec('stty raw -echo; echo RE""ADY; exec sleep 1000');
    await driver.sees(/READY/);
    const since = performance.now();
    expect(driver.end.write(Buffer.alloc(1024 * 1024, 0x61))).toBe(false);
    expect(performance.now() - since).toBeLessThan(200);
    driver.end.close();
    await driver.ended;
  });
});
