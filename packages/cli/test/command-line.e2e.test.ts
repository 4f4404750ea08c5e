import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, type RunningGateway, runCommand, setupToken, startGateway } from './running-gateway.js';

const program = { node: process.execPath, script: fileURLToPath(new URL('../bin/sallyport.js', import.meta.url)) };
const PASSWORD = 'correct horse battery 7';
let home: string;
let data: string;
let gateway: RunningGateway;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  data = join(home, 'data');
  writeFileSync(join(home, 'password'), `${PASSWORD}\n`);
  gateway = await startGateway(program, ['serve', '--data', data, '--http', '127.0.0.1:0']);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true, force: true });
});

const run = (args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ran> =>
  runCommand(
    program,
    args,
    { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), SALLYPORT_SERVER: gateway.url, ...env },
    input,
  );

describe.sequential('the command line against a running gateway', () => {
  test('nobody is signed in: exit code 3 and how to go on', async () => {
    const ran = await run(['host', 'ls']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toContain('sallyport login');
    const json = await run(['host', 'ls', '--json']);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'auth.required', status: 401 });
  });

  test('S37: setup by hand is the same as by the link: one administrator, then no more', async () => {
    await setupToken(gateway);
    const weak = await run(['setup', '--data', data, '--admin', 'root', '--password-file', '-'], 'short');
    expect(weak).toMatchObject({ code: 2 });
    const made = await run(['setup', '--data', data, '--admin', 'root', '--password-file', join(home, 'password')]);
    expect(made).toMatchObject({ code: 0, stdout: '' });
    const again = await run(['setup', '--data', data, '--admin', 'other', '--password-file', '-'], PASSWORD);
    expect(again.code).toBe(6);
    const without = await run(['setup', '--data', data, '--admin', 'other', '--no-input']);
    expect(without.code).toBe(2);
  });

  test('login keeps a token in an owner-only file; a wrong password ends with 3', async () => {
    expect((await run(['login', '--user', 'root', '--password-file', '-'], 'wrong wrong wrong')).code).toBe(3);
    const ran = await run(['login', '--user', 'root', '--password-file', '-'], PASSWORD);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    const file = join(home, 'config/sallyport/cli.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('sp_');
    expect(ran.stderr).not.toContain('sp_');
  });

  test('hosts: add, list, test, with did-you-mean and stable exit codes', async () => {
    const closed = await closedPort();
    const added = await run(
      ['host', 'add', 'web-01', `deploy@127.0.0.1:${closed}`, '--label', 'env=prod', '--password-file', '-'],
      'x',
    );
    expect(added).toMatchObject({ code: 0, stdout: '' });
    expect((await run(['host', 'add', 'WEB-01', '127.0.0.1'])).code).toBe(6);
    // A refused secret leaves no half-made host in the way of the corrected command.
    const badKey = ['host', 'add', 'web-02', 'deploy@127.0.0.1', '--key-file', join(home, 'password')];
    expect((await run(badKey)).code).toBe(2);
    expect((await run(badKey)).code).toBe(2);
    const listed = JSON.parse((await run(['host', 'ls', '--json'])).stdout);
    expect(listed.items[0]).toMatchObject({
      name: 'web-01',
      port: closed,
      accounts: [{ login: 'deploy', kind: 'password' }],
    });
    expect(listed.items[0].created_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect((await run(['host', 'ls', 'prod'])).stdout).toContain('web-01');
    const near = await run(['host', 'test', 'web-10']);
    expect(near.code).toBe(5);
    expect(near.stderr).toContain('Did you mean web-01?');
    expect((await run(['host', 'test', 'web-01'])).code).toBe(7);
    expect((await run(['hots', 'ls'])).stderr).toContain('Did you mean host?');
    expect((await run(['host', 'ls', '--frobnicate'])).code).toBe(2);
  });

  test('roles: an operator’s token may not add users (4)', async () => {
    expect((await run(['user', 'add', 'olga', '--password-file', '-'], PASSWORD)).code).toBe(0);
    const token = await run(['token', 'create', '--data', data, '--user', 'olga']);
    expect(token.stdout).toMatch(/^sp_[\w-]{43}\n$/);
    const SALLYPORT_TOKEN = token.stdout.trim();
    const refused = await run(['user', 'add', 'eve', '--password-file', '-'], PASSWORD, { SALLYPORT_TOKEN });
    expect(refused.code).toBe(4);
    expect((await run(['host', 'ls'], '', { SALLYPORT_TOKEN })).stdout).toContain('web-01');
    expect((await run(['token', 'create', '--data', data, '--user', 'nobody'])).code).toBe(5);
  });

  test('V33: an escape sequence in stored text is printed visibly', async () => {
    const evil = 'Eve\u001b]0;owned\u0007\u009b2J\u202e';
    const refused = await run(['user', 'add', 'eve', '--display-name', evil, '--password-file', '-'], PASSWORD);
    expect(refused.code).toBe(2);
    // What somebody typed as a name is stored as it came.
    expect((await run(['login', '--user', evil, '--password-file', '-'], PASSWORD)).code).toBe(3);
    const { stdout } = await run(['audit', 'tail']);
    expect(stdout).toContain('Eve\\x1b]0;owned\\x07\\x9b2J\\u{202e}');
    const documents = [['tail', '--json'], ['export'], ['export', '--data', data]];
    const shown = [stdout];
    for (const args of documents) {
      const text = (await run(['audit', ...args])).stdout;
      expect(text).toContain('Eve\\u001b]0;owned\\u0007\\u009b2J\\u202e');
      shown.push(text);
    }
    for (const text of shown) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('W22: audit verify, tail and export, over the API and straight from the data', async () => {
    expect((await run(['audit', 'verify'])).stdout).toMatch(/^ok {2}\d+ entries, head [0-9a-f]{64}\n/);
    expect((await run(['audit', 'verify', '--data', data])).code).toBe(0);
    const tail = await run(['audit', 'tail', '-n', '500']);
    for (const action of ['server.start', 'setup.complete', 'sign-in.failed', 'host.create', 'token.create']) {
      expect(tail.stdout).toContain(action);
    }
    const lines = (await run(['audit', 'export'])).stdout.trim().split('\n');
    const local = (await run(['audit', 'export', '--data', data])).stdout.trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ seq: 1, action: 'server.start' });
    expect(local.slice(0, lines.length - 1)).toEqual(lines.slice(0, -1));
  });

  test('W22: the master key is rotated under a running gateway, which goes on opening secrets', async () => {
    const rotated = await run(['vault', 'rotate', '--data', data, '--json']);
    expect(JSON.parse(rotated.stdout).resealed).toBeGreaterThan(0);
    expect((await run(['host', 'test', 'web-01'])).code).toBe(7); // the port is closed, the vault is not
  });

  test('backup writes a copy that verifies, refuses to overwrite, and says that the key is apart', async () => {
    const file = join(home, 'copy.db');
    const made = await run(['backup', file, '--data', data]);
    expect(made.code).toBe(0);
    expect(made.stderr).toContain('master key is not in the backup');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run(['backup', file, '--data', data])).code).toBe(6);
  });

  test('F24: restore puts it into an empty directory, verifies it, and refuses one in use or a file that is not there', async () => {
    const parts = ['--recordings', join(data, 'recordings'), '--key', join(data, 'master.key')];
    const into = ['--data', join(home, 'restored')];
    const made = await run(['restore', join(home, 'copy.db'), ...parts, ...into]);
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('Everything fits together')]);
    expect((await run(['audit', 'verify', ...into])).code).toBe(0);
    const again = await run(['restore', join(home, 'copy.db'), ...parts, ...into]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('is not empty');
    const missing = await run(['restore', join(home, 'no.db'), ...parts, '--data', join(home, 'fourth')]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('no such file')]);
  });

  test('doctor is content, and names what is wrong', async () => {
    const { port } = new URL(gateway.url);
    const good = await run(['doctor', '--data', data, '--http', `127.0.0.1:${port}`, '--json']);
    expect(JSON.parse(good.stdout).items).toContainEqual(expect.objectContaining({ name: 'master key', state: 'ok' }));
    const bad = await run(['doctor', '--data', join(home, 'elsewhere'), '--http', `127.0.0.1:${port}`]);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('Choose another address');
  });

  test('config show tells values and origins; mistakes end with 2', async () => {
    const shown = await run(['config', 'show', '--origin', '--data', data], '', { SALLYPORT_IDLE_LIMIT: '5m' });
    expect(shown.stdout).toMatch(/idleLimit +5m +SALLYPORT_IDLE_LIMIT/);
    expect((await run(['config', 'show'], '', { SALLYPORT_IDEL_LIMIT: '5m' })).stderr).toContain(
      'did you mean SALLYPORT_IDLE_LIMIT',
    );
    expect((await run(['serve', '--http', 'nowhere'])).code).toBe(2);
  });

  test('a second server on the same data, or on a taken port, is refused with a sentence', async () => {
    const same = await run(['serve', '--data', data, '--http', '127.0.0.1:0']);
    expect(same.code).toBe(6);
    expect(same.stderr).toContain(`process ${gateway.child.pid}`);
    const { port } = new URL(gateway.url);
    const taken = await run(['serve', '--data', join(home, 'second'), '--http', `127.0.0.1:${port}`]);
    expect(taken.code).toBe(6);
    expect(taken.stderr).toContain('listens on');
    const unreachable = await run(['host', 'ls', '--server', `http://127.0.0.1:${await closedPort()}`], '', {
      SALLYPORT_TOKEN: 'sp_x',
    });
    expect(unreachable.code).toBe(7);
  });

  test('SIGTERM stops it in order: exit code 0, and the audit log says so', async () => {
    expect(await gateway.stop()).toBe(0);
    const tail = await run(['audit', 'tail', '-n', '1', '--data', data, '--json']);
    expect(JSON.parse(tail.stdout)).toMatchObject({ action: 'server.stop', actor: 'system' });
  });
});

test('demo: reachable at once, four sign-ins, a real shell behind a known key, and no trace after the end', async () => {
  const temp = mkdtempSync(join(tmpdir(), 'sallyport-demo-test-'));
  const started = performance.now();
  const demo = await startGateway(program, ['demo', '--port', '0'], { TMPDIR: temp });
  try {
    expect(performance.now() - started).toBeLessThan(10_000);
    const [, password = ''] = /admin +(\S+) +admin/.exec(demo.output()) ?? [];
    const env = { XDG_CONFIG_HOME: temp, SALLYPORT_SERVER: demo.url };
    expect((await runCommand(program, ['login', '--user', 'admin', '--password-file', '-'], env, password)).code).toBe(
      0,
    );
    const tested = await runCommand(program, ['host', 'test', 'toybox', '--json'], env);
    expect(JSON.parse(tested.stdout).steps.map((step: { state: string }) => step.state)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
    expect(await demo.stop('SIGINT')).toBe(0);
    rmSync(join(temp, 'sallyport'), { recursive: true });
    expect(readdirSync(temp)).toEqual([]);
  } finally {
    await demo.stop('SIGKILL');
    rmSync(temp, { recursive: true, force: true });
  }
});

async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
