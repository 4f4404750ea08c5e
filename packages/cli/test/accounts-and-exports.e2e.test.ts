/** What a newcomer meets: a host without an account, tokens that end, exports and the errors in between. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '../../server/test/fixtures/sshd.js';
import { type Ran, type RunningGateway, runCommand, setupToken, startGateway } from './running-gateway.js';

const program = { node: process.execPath, script: fileURLToPath(new URL('../bin/sallyport.js', import.meta.url)) };
const PASSWORD = 'correct horse battery 7';
let home: string;
let data: string;
let gateway: RunningGateway;

const run = (args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ran> =>
  runCommand(
    program,
    args,
    { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), SALLYPORT_SERVER: gateway.url, ...env },
    input,
  );
const signIn = () => run(['login', '--user', 'root', '--password-file', '-'], PASSWORD);
interface Row {
  readonly action: string;
  readonly actor: string;
  readonly source: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}
const auditRows = async (action: string): Promise<readonly Row[]> => {
  const { stdout } = await run(['audit', 'tail', '--data', data, '-n', '500', '--json']);
  const rows = stdout.trim().split('\n');
  return rows.map((line) => JSON.parse(line) as Row).filter((row) => row.action === action);
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  data = join(home, 'data');
  gateway = await startGateway(program, ['serve', '--data', data, '--http', '127.0.0.1:0']);
  await setupToken(gateway);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true, force: true });
});

describe.sequential('the command line, where things are missing', () => {
  test('S37: setup on the data directory keeps the rules of the setup link', async () => {
    const setup = ['setup', '--data', data, '--password-file', '-'];
    const odd = await run([...setup, '--admin', 'root', '--display-name', 'R\u202eoot'], PASSWORD);
    expect(odd).toMatchObject({ code: 2, stdout: '' });
    expect(odd.stderr).toContain('--display-name must not contain control or invisible characters');
    const name = await run([...setup, '--admin', 'two words'], PASSWORD);
    expect(name.code).toBe(2);
    expect(name.stderr).toContain('--admin must have 1 to 64 characters');
    expect((await run([...setup, '--admin', 'root', '--display-name', 'Root'], PASSWORD)).code).toBe(0);
    expect((await signIn()).code).toBe(0);
  });

  test('a field that does not fit names the option, what is allowed, and ends with 2', async () => {
    for (const [args, said] of [
      [['host', 'add', 'web-09', '127.0.0.1:70000'], 'The port must be a whole number from 1 to 65535.'],
      [['host', 'add', 'web 09', '127.0.0.1'], 'The name must have 1 to 64 characters'],
      [['host', 'add', 'web-09', '[a b]'], 'The address must be a DNS name'],
      [['host', 'add', 'web-09', '127.0.0.1', '--label', 'a b=c'], '--label a b must be named with'],
      [['user', 'add', 'x', '--display-name', 'a\tb', '--password-file', '-'], '--display-name must not contain'],
      [['token', 'create', '--data', data, '--user', 'root', '--name', ''], '--name must not be empty.'],
    ] as const) {
      const ran = await run(args, PASSWORD);
      expect(ran.stderr, args.join(' ')).toContain(said);
      expect(ran.code, args.join(' ')).toBe(2);
      expect(ran.stderr).not.toMatch(/expected|Invalid|received/);
    }
  });

  test('W31: a token made on the data directory is one audit entry, by the machine’s own hand', async () => {
    const before = (await auditRows('token.create')).length;
    const made = await run(['token', 'create', '--data', data, '--user', 'root', '--name', 'ci', '--json']);
    const rows = await auditRows('token.create');
    expect(rows.length).toBe(before + 1);
    const { id } = JSON.parse(made.stdout) as { id: string };
    expect(rows.at(-1)).toMatchObject({
      actor: 'system',
      source: 'local',
      detail: { token: id, name: 'ci', days: 90 },
    });
  });

  test('a wrong token is told to be refused, and where it came from', async () => {
    const wrong = await run(['host', 'ls'], '', { SALLYPORT_TOKEN: `sp_${'A'.repeat(43)}` });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain('The API token was refused');
    expect(wrong.stderr).toContain('SALLYPORT_TOKEN');
    expect(wrong.stderr).not.toContain('sp_');
    const json = await run(['host', 'ls', '--json'], '', { SALLYPORT_TOKEN: 'sp_x' });
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'auth.token-refused', status: 401, exit_code: 3 });
    expect((await run(['login', '--no-input'])).stderr).toContain('--user');
  });

  const missing = sshdMissing();
  test.skipIf(missing)(
    'X20: a host without an account: the test says what ran, what did not, and what to do',
    async () => {
      const sshd: Sshd = await startSshd();
      try {
        const key = join(home, 'key');
        writeFileSync(key, sshd.userKey.text, { mode: 0o600 });
        await run(['host', 'add', 'bare', `127.0.0.1:${sshd.port}`]);
        expect((await run(['host', 'test', 'bare'])).code).toBe(6);
        expect((await run(['host', 'trust', 'bare', sshd.hostKeyFingerprint])).code).toBe(0);
        const tested = await run(['host', 'test', 'bare']);
        expect(tested.code).toBe(0);
        expect(tested.stdout).toMatch(/network +ok[\s\S]*host-key +ok/);
        expect(tested.stderr).toContain('Sign-in and shell were not tried');
        expect(tested.stderr).toContain('sallyport account add bare');
        expect(tested.stderr).not.toContain('All steps passed');
        const json = JSON.parse((await run(['host', 'test', 'bare', '--json'])).stdout);
        expect(json.untried).toEqual({ steps: ['sign-in', 'shell'], reason: 'no-account' });

        const added = await run(['account', 'add', 'bare', sshd.login, '--key-file', key]);
        expect(added).toMatchObject({ code: 0, stdout: '' });
        expect((await run(['account', 'add', 'bare', sshd.login, '--key-file', key])).code).toBe(6);
        expect((await run(['account', 'add', 'bear', 'x', '--key-file', key])).stderr).toContain('Did you mean bare?');
        const whole = await run(['host', 'test', 'bare']);
        expect(whole.stderr).toContain('All steps passed.');
      } finally {
        await sshd.stop();
      }
    },
  );

  test('exports and backups: no file is replaced unasked, none is left half, and a bad place is told plainly', async () => {
    const file = join(home, 'audit.jsonl');
    expect((await run(['audit', 'export', file])).code).toBe(0);
    const first = readFileSync(file, 'utf8');
    for (const args of [[], ['--data', data]]) {
      const again = await run(['audit', 'export', file, ...args]);
      expect(again.code).toBe(6);
      expect(again.stderr).toContain('--force');
      expect(readFileSync(file, 'utf8')).toBe(first);
    }
    const forced = await run(['audit', 'export', file, '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toEqual({ file, bytes: readFileSync(file).length });
    expect(readFileSync(file, 'utf8')).not.toBe(first);

    const nowhere = join(home, 'no/such/x');
    for (const args of [
      ['audit', 'export', nowhere],
      ['backup', nowhere, '--data', data],
    ]) {
      const ran = await run(args);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain(`there is no directory ${join(home, 'no/such')}`);
      expect(ran.stderr).toContain('mkdir -p');
      expect(ran.stderr).not.toContain('ENOENT');
    }
    expect(readdirSync(home).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(existsSync(join(home, 'no'))).toBe(false);
    const secret = await run(['login', '--user', 'root', '--password-file', nowhere]);
    expect(secret.stderr).toContain('there is no such file');
  });

  test('V40: logout revokes the token; without the gateway it says until when it stays valid', async () => {
    const file = join(home, 'config/sallyport/cli.json');
    const token = (): string => JSON.parse(readFileSync(file, 'utf8')).tokens[gateway.url];
    await signIn();
    const SALLYPORT_TOKEN = token();
    const left = await run(['logout']);
    expect(left).toMatchObject({ code: 0, stdout: '' });
    expect(left.stderr).toContain('Revoked the token');
    expect((await run(['host', 'ls'], '', { SALLYPORT_TOKEN })).stderr).toContain('refused');
    expect((await run(['logout'])).stderr).toContain('No token is stored');

    await signIn();
    const kept = token();
    const only = JSON.parse((await run(['logout', '--keep', '--json'])).stdout);
    expect(only).toMatchObject({ forgotten: true, revoked: false, valid_until: expect.stringMatching(/^20\d\d-/) });
    expect((await run(['host', 'ls'], '', { SALLYPORT_TOKEN: kept })).code).toBe(0);

    await signIn();
    expect(await gateway.stop()).toBe(0);
    const alone = await run(['logout']);
    expect(alone.code).toBe(7);
    expect(alone.stderr).toMatch(/forgotten, but not revoked.*cannot be reached/);
    expect(alone.stderr).toMatch(/stays valid until 20\d\d-.*Profile/);
    expect(token()).toBeUndefined();
  });
});
