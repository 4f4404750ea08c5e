/** Evidence by the command line: with a gateway, and on its data directory once somebody has been at it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, type RunningGateway, runCommand, startGateway } from './running-gateway.js';

const program = { node: process.execPath, script: fileURLToPath(new URL('../bin/sallyport.js', import.meta.url)) };
const PASSWORD = 'correct horse battery 7';
const CAST = `${JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1_767_225_600, title: 'demo' })}
[0.1, "o", "hello\\r\\n"]
[1.5, "o", "somebody was here\\r\\n"]
`;
let home: string;
let data: string;
let gateway: RunningGateway;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-evidence-cli-'));
  data = join(home, 'data');
  gateway = await startGateway(program, ['serve', '--data', data, '--http', '127.0.0.1:0']);
  await run(['setup', '--data', data, '--admin', 'root', '--password-file', '-'], PASSWORD);
  await run(['login', '--user', 'root', '--password-file', '-'], PASSWORD);
  for (const name of ['one', 'two']) {
    writeFileSync(join(home, `${name}.cast`), CAST);
    expect(await run(['recording', 'import', join(home, `${name}.cast`)])).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true, force: true });
});

const run = (args: readonly string[], input = ''): Promise<Ran> =>
  runCommand(
    program,
    args,
    { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), SALLYPORT_SERVER: gateway.url },
    input,
  );
const recorded = (folder: string): string[] =>
  readdirSync(join(folder, 'recordings'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sprec'))
    .map((name) => join(folder, 'recordings', name));

describe.sequential('evidence', () => {
  test('V47: with a gateway all stands, and the exit code is 0', async () => {
    expect(await run(['recording', 'verify', '--all'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ok {2}\w{26} \(no\. \d\)[\s\S]*ok {2}2 recordings/),
    });
    const audit = await run(['audit', 'verify']);
    expect(audit).toMatchObject({ code: 0, stdout: expect.stringContaining('on 2 recordings') });
    const json = JSON.parse((await run(['audit', 'verify', '--json'])).stdout) as { ok: boolean };
    expect(json).toMatchObject({ ok: true, findings: [] });
    expect((await run(['recording', 'verify'])).code).toBe(2);
    expect((await run(['recording', 'verify', 'zzzz'])).code).toBe(5);
  });

  test('signing keys: listed, exported, rotated', async () => {
    const file = join(home, 'keys.jwk');
    expect(await run(['signing-key', 'export', file])).toMatchObject({ code: 0 });
    const before = JSON.parse(readFileSync(file, 'utf8')) as { keys: { kid: string }[] };
    const rotated = await run(['signing-key', 'rotate']);
    expect(rotated).toMatchObject({ code: 0 });
    const { stdout } = await run(['signing-key', 'ls']);
    expect(stdout).toContain(before.keys[0]?.kid);
    expect(stdout).toMatch(new RegExp(`${rotated.stdout.trim()}.*in force`));
    expect((await run(['signing-key', 'export', '--format', 'pem'])).stdout.match(/BEGIN PUBLIC KEY/g)).toHaveLength(2);
    const local = await run(['signing-key', 'rotate', '--data', data]);
    expect(local).toMatchObject({ code: 1, stderr: expect.stringContaining('A server runs on this data') });
    expect((await run(['recording', 'verify', '--all'])).code).toBe(0);
    const heads = await run(['audit', 'heads', '-n', '2']);
    expect(heads.stdout.trim().split('\n')).toHaveLength(2);
    writeFileSync(join(home, 'heads.jsonl'), heads.stdout);
  });

  test('V47: on a copy without its master key, damage is named and the exit code is 6', async () => {
    await gateway.stop();
    unlinkSync(join(data, 'master.key'));
    const trusted = ['--key', join(home, 'keys.jwk'), '--heads', join(home, 'heads.jsonl')];
    expect(await run(['audit', 'verify', '--data', data, ...trusted])).toMatchObject({ code: 0 });
    expect(await run(['recording', 'verify', '--all', '--data', data])).toMatchObject({ code: 0 });

    const hurt = join(home, 'hurt');
    cpSync(data, hurt, { recursive: true });
    const [first = '', second = ''] = recorded(hurt);
    const bytes = readFileSync(first);
    bytes[bytes.indexOf('somebody')]! ^= 1;
    writeFileSync(first, bytes);
    unlinkSync(second);
    const ran = await run(['recording', 'verify', '--all', '--data', hurt]);
    expect(ran).toMatchObject({ code: 6, stderr: expect.stringContaining('2 of 2 recordings do not stand up') });
    expect(ran.stdout).toMatch(
      /DAMAGED[\s\S]*changed: the bytes of a chunk do not match its hash \(bytes \d+ to \d+, chunk 1/,
    );
    expect(ran.stdout).toContain('missing: the ledger knows it');
    const audit = await run(['audit', 'verify', '--data', hurt, '--json']);
    expect(audit.code).toBe(6);
    expect(JSON.parse(audit.stdout)).toMatchObject({
      ok: false,
      findings: [{ kind: 'recording-missing', number: expect.any(Number) }],
    });
  });
});
