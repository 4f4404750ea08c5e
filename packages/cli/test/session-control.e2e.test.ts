/** The commands that act on somebody's running session, against the product and a real sshd. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standBastion } from '../../server/test/fixtures/bastion.js';
import { addUser, apiToken, type Person } from '../../server/test/fixtures/product.js';
import { type TerminalPage, until } from '../../server/test/fixtures/terminal-page.js';
import { type Ran, runCommand } from './running-gateway.js';

const program = { node: process.execPath, script: fileURLToPath(new URL('../bin/sallyport.js', import.meta.url)) };
const bastion = standBastion('web-01');
const home = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
let alice: Person;
let page: TerminalPage;
let env: Record<string, string>;
beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  page = await bastion.openPage(alice);
  env = { HOME: home, SALLYPORT_SERVER: bastion.product.url, SALLYPORT_TOKEN: await apiToken(bastion.admin) };
});
afterAll(() => {
  page?.drop();
  rmSync(home, { recursive: true, force: true });
});
const run = (...args: string[]): Promise<Ran> => runCommand(program, args, env, '');

describe('sessions of others', () => {
  test('S34, S36: listed, held, spoken to, ended with a ground and a block, which is listed and lifted', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const id = terminal.opened.sessionId;
    const short = id.slice(0, 6);
    const held = await run('session', 'freeze', short, '--reason', 'wrong table');
    expect(held).toMatchObject({ code: 0, stdout: '' });
    expect(held.stderr).toMatch(/^Held the input of \w{6} \(alice on web-01\) in \d+ ms\.$/m);
    const listed = await run('session', 'ls', '--state', 'live');
    expect(listed.stdout).toMatch(/WATCHED BY +STATE OR END\n/);
    expect(listed.stdout).toMatch(new RegExp(`^${short} .* live, input held by admin: wrong table$`, 'm'));
    terminal.type('lost');
    await page.ping(1);
    const freed = await run('session', 'unfreeze', short, '--json');
    expect(JSON.parse(freed.stdout)).toMatchObject({ id, state: 'live', watchers: [] });
    await until('the count', () => terminal.notices.some((one) => one.kind === 'unfrozen' && one.droppedBytes === 4));
    expect((await run('session', 'message', id, '请回电')).code).toBe(0);
    await until('the message', () => terminal.notices.some((one) => one.kind === 'message' && one.text === '请回电'));

    const ended = await run('session', 'end', short, '--preset', 'policy', '--reason', 'wrong host', '--block', '2h');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('The user is blocked');
    expect(terminal.ended).toMatchObject({ params: { by: 'admin', preset: 'policy', reason: 'wrong host' } });
    expect((await run('session', 'end', short)).code).toBe(0);
    expect((await run('session', 'freeze', short, '--reason', 'late')).code).toBe(6);
    const over = await run('session', 'ls');
    expect(over.stdout).toContain('ended by admin: against policy, wrong host');

    const { items } = JSON.parse((await run('block', 'ls', '--json')).stdout) as { items: Record<string, string>[] };
    expect(items).toMatchObject([{ user_name: 'alice', by: 'admin', session_id: id, reason: 'wrong host' }]);
    expect(Date.parse(items[0]!.until!) - Date.parse(items[0]!.at!)).toBe(7_200_000);
    expect((await run('block', 'ls')).stdout).toMatch(/alice .* admin .* wrong host/);
    const lifted = await run('block', 'lift', items[0]!.id!.slice(0, 6));
    expect(lifted).toMatchObject({ code: 0, stdout: '' });
    expect(lifted.stderr).toContain('Lifted the block of alice.');
    expect((await run('block', 'lift', items[0]!.id!.slice(0, 6))).code).toBe(5);
    const added = await run('block', 'add', 'alice', '--for', '12h', '--reason', 'on leave');
    expect([added.code, added.stderr]).toEqual([0, expect.stringContaining('What ran in that name is ended.')]);
    expect((await run('block', 'ls')).stdout).toMatch(/alice .* admin .* on leave/);
    expect((await run('block', 'add', 'nobody', '--for', '1h', '--reason', 'x')).code).toBe(5);
  });

  test('what is not given right is told before anything is asked', async () => {
    for (const args of [
      ['end', 's7k2q4', '--block', '0m'],
      ['end', 's7k2q4', '--block', '400d'],
      ['end', 's7k2q4', '--preset', 'boredom'],
      ['freeze', 's7k2q4'],
      ['message', 's7k2q4'],
    ]) {
      expect([args, (await run('session', ...args)).code]).toEqual([args, 2]);
    }
    const { items } = await bastion.admin.call<{ items: SessionAnswer[] }>('GET', 'sessions?state=over&limit=1');
    const hidden = await run('session', 'message', items[0]!.id, 'turned \u202e back');
    expect(hidden.code).toBe(2);
    expect(hidden.stderr).toContain('The text must not contain control or invisible characters');
  });
});
