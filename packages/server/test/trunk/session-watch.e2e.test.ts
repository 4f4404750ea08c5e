/** `session watch` in a real terminal, of a real shell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as pty from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../cli/test/running-gateway.js';
import { createHeadlessEmulator } from '../../src/edges/screen/headless-emulator.js';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, apiToken, type Person } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const SCRIPT = fileURLToPath(new URL('../../../cli/bin/sallyport.js', import.meta.url));
const bastion = standBastion('web-01');
const home = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
let alice: Person;
let env: Record<string, string>;
beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  env = { HOME: home, SALLYPORT_SERVER: bastion.product.url, SALLYPORT_TOKEN: await apiToken(bastion.admin) };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function terminal(...args: string[]) {
  const child = pty.spawn(process.execPath, [SCRIPT, ...args], {
    ...{ name: 'xterm-256color', cols: 100, rows: 30 },
    env: { ...(process.env as Record<string, string>), ...env },
  });
  const emulator = createHeadlessEmulator({ cols: 100, rows: 30 });
  let raw = '';
  child.onData((text) => {
    raw += text;
    emulator.write(Buffer.from(text));
  });
  const exited = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    child,
    exited,
    raw: () => raw,
    text: () => {
      const view = emulator.view();
      const { rows } = view.alternateShown ? view.alternate : view.normal;
      return rows
        .map(({ cells }) =>
          cells
            .map((c) => (c.width === 0 ? '' : c.text || ' '))
            .join('')
            .trimEnd(),
        )
        .join('\n');
    },
  };
}

describe('session watch', () => {
  test('S3, V32: the screen at once, what follows, notices; nothing typed goes there, nothing hostile comes here', async () => {
    const page = await bastion.openPage(alice);
    const shell = await bastion.openShell(page, undefined, alice);
    const short = shell.opened.sessionId.slice(0, 6);
    shell.type('clear; printf "\\033[6;9H\\033[35mbefo\\162e 堡垒机\\033[m\\r\\n"\r');
    await until('the shell', () => shell.text().includes('before 堡垒机'));
    const mine = terminal('session', 'watch', short);
    await until('the screen', () => mine.text().includes('before 堡垒机'));
    expect(mine.text()).toContain('alice on web-01');
    shell.type('printf "\\033]52;c;ZXZpbA==\\007\\033[c\\033[6n\\033]2;evil\\007aft\\145r"\r');
    await until('what follows', () => mine.text().includes('after'));
    expect(mine.raw()).not.toMatch(/\x1b(\]52|\]2;|\[c|\[6n)/);
    mine.child.write('echo from-the-watcher\r');
    await bastion.admin.call('POST', `sessions/${shell.opened.sessionId}/freeze`, { reason: '核查' });
    await until('the notice', () => mine.text().includes('核查'));
    expect(shell.text()).not.toContain('from-the-watcher');
    mine.child.write('q');
    expect(await mine.exited).toBe(0);
    expect(mine.text()).toContain('it goes on');

    const other = terminal('session', 'watch', short);
    await until('the screen', () => other.text().includes('before'));
    await bastion.admin.call('POST', `sessions/${shell.opened.sessionId}/end`, { preset: 'policy', reason: '违规' });
    expect(await other.exited).toBe(0);
    expect(other.text()).toContain('is over: ended by admin');
    page.drop();
  });

  test('without a terminal, and of one that is over, it says so', async () => {
    const program = { node: process.execPath, script: SCRIPT };
    const piped = await runCommand(program, ['session', 'watch', 'abcdef'], env, '');
    expect([piped.code, piped.stderr]).toEqual([2, expect.stringContaining('needs a terminal')]);
    const none = terminal('session', 'watch', '0000000000');
    expect(await none.exited).toBe(5);
  });
});
