/** Keeping, holding and deleting recordings from the command line, on recordings taken from files. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

const run = (args: readonly string[], input = ''): Promise<Ran> => {
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), SALLYPORT_SERVER: gateway.url };
  return runCommand(program, args, env, input);
};
const recording = (...args: string[]): Promise<Ran> => run(['recording', ...args]);
const ids = async (): Promise<string[]> => {
  const { stdout } = await recording('ls', '--json');
  const { items } = JSON.parse(stdout) as { items: { id: string; recording?: object }[] };
  return items.filter((item) => item.recording !== undefined).map(({ id }) => id);
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  data = join(home, 'data');
  const settings = ['--retention-floor', '0s', '--recording-encryption', 'on'];
  gateway = await startGateway(program, ['serve', '--data', data, '--http', '127.0.0.1:0', ...settings]);
  await setupToken(gateway);
  await run(['setup', '--data', data, '--admin', 'root', '--password-file', '-'], PASSWORD);
  await run(['login', '--user', 'root', '--password-file', '-'], PASSWORD);
  const cast = join(home, 'demo.cast');
  writeFileSync(cast, '{"version":2,"width":80,"height":24}\n[0.1,"o","hello"]\n');
  expect((await recording('import', cast, cast, cast)).stderr).toBe('');
});
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true, force: true });
});

describe.sequential('recordings are kept and deleted', () => {
  test('for ever at first; rules are set, shown, and refused when they cannot be read', async () => {
    const first = await recording('retention', 'show');
    expect(first.stdout).toContain('No rule: everything is kept for ever.');
    const wrong = await recording('retention', 'set', '--rule', 'all: 30');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('A rule looks like');
    const set = ['retention', 'set', '--rule', 'prod: env=prod 365d even-when-full', '--max-size', '500GB'];
    expect((await recording(...set)).stderr).toContain('The next sweep deletes 0 recordings');
    const shown = await recording('retention', 'show');
    expect(shown.stdout).toContain(
      'prod: env=prod 365d even-when-full\nSize goal: 500 GB\nFloor: nothing younger than 0',
    );
  });

  test('not while held: by whom and why is told, and a hold is lifted with a reason', async () => {
    const [id = ''] = await ids();
    expect((await recording('hold', id, '--reason', 'case 12')).code).toBe(0);
    const refused = await recording('delete', id, '--reason', 'asked for');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('under legal hold: case 12 (root)');
    expect((await recording('holds')).stdout).toMatch(/recording .* root +case 12/);
    expect((await recording('ls')).stdout).toContain('on hold');
    expect((await recording('hold', id, '--user', 'root', '--reason', 'case 12')).stderr).toContain('Name one thing');
    expect((await recording('release', id, '--reason', 'case closed')).code).toBe(0);
  });

  test('one by an administrator, the rest by a rule after a preview; the list says which', async () => {
    const [id = ''] = await ids();
    expect((await recording('delete', id)).code).toBe(2);
    expect((await recording('delete', id.slice(0, 8), '--reason', 'asked for')).stderr).toMatch(
      /^Deleted the recording/,
    );
    await recording('retention', 'set', '--rule', 'all: 0d');
    const preview = await recording('retention', 'preview');
    expect(preview.stdout).toContain('rule “all” kept it until');
    expect(preview.stderr).toContain('2 recordings');
    expect(await ids()).toHaveLength(2);
    expect((await recording('retention', 'run')).stderr).toContain('Deleted 2 recordings');
    const { stdout } = await recording('ls');
    expect(stdout.match(/deleted by root/g)).toHaveLength(1);
    expect(stdout.match(/deleted by all/g)).toHaveLength(2);
    const files = readdirSync(join(data, 'recordings'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /\.(sprec|spri)$/.test(name))).toEqual([]);
    const gone = await recording('export', id, join(home, 'x.cast'));
    expect(gone.stderr).toMatch(/The recording was deleted on .* by root: asked for/);
  });

  test('audit log and ledger stay whole over it', async () => {
    expect((await run(['audit', 'verify'])).code).toBe(0);
  });
});
