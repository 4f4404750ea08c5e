/** The end of a session by somebody else, on real hosts: in a blink, whatever stands in its way, and nothing of it runs on. */
import { cpus, loadavg } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { isRunning, signalQuietly } from '../fixtures/processes.js';
import {
  addTarget,
  openPageAs,
  openShell,
  type Person,
  rowOfEnded,
  sessionRow,
  type TargetOnFile,
} from '../fixtures/product.js';
import { type Sshd, sshdMissing, startSshd } from '../fixtures/sshd.js';
import { type PageTerminal, type TerminalPage, until } from '../fixtures/terminal-page.js';

const PASSWORD = 'shell-Lantern-2026!';
/** The product's promise, for a machine that has time for it: where others queue for the processors, their turn is awaited too. */
const patience = Math.max(1, (2 * loadavg()[0]!) / cpus().length);
const GONE_MS = 1_000 * patience;
const TOLD_MS = 300 * patience;

const bastion = standBastion('web-01');
let page: TerminalPage;
beforeAll(async () => {
  page = await bastion.openPage();
});
afterAll(() => page?.drop());

const pidIn = (terminal: PageTerminal, name: string): Promise<number> =>
  until(`the process ${name}`, () => Number(new RegExp(`${name}=(\\d+)`).exec(terminal.text())?.[1]));
/** Prints its own number, then becomes the command. */
const started = (name: string, command: string): string => `sh -c 'echo ${name}=$$; ${command}'`;

async function end(
  person: Person,
  terminal: PageTerminal & { opened: { sessionId: string } },
  pids: readonly number[],
) {
  const clicked = performance.now();
  let last = 0;
  terminal.onBytes = () => {
    last = performance.now() - clicked;
  };
  const answered = person
    .request('POST', `sessions/${terminal.opened.sessionId}/end`, { preset: 'security', reason: 'stop' })
    .then(({ status }) => ({ status, ms: performance.now() - clicked }));
  const goneBy = Promise.all(
    pids.map((pid) => until(`${pid} to be gone`, () => !isRunning(pid), 5_000).then(() => performance.now() - clicked)),
  );
  await until('the page to be told', () => terminal.ended);
  const told = performance.now() - clicked;
  const [answer, gone] = await Promise.all([answered, goneBy]);
  expect(answer.status).toBe(204);
  const row = await rowOfEnded(person, terminal.opened.sessionId);
  expect(row).toMatchObject({ state: 'ended', recording: { state: 'complete' } });
  return { last, told, answered: answer.ms, gone: Math.max(0, ...gone) };
}

describe('S4, X44: ended by an administrator', () => {
  it.each([
    ['a flood', started('front', 'exec yes')],
    ['a program that sleeps', started('front', 'exec sleep 1000')],
    ['a full screen', `${started('front', 'exec top')}`],
    ['a job in the background', `${started('front', 'exec sleep 1000')} & sleep 1000`],
  ])('%s: the page is told in 300 ms and the processes are gone in 1 s', async (_, command) => {
    const terminal = await bastion.openShell(page);
    terminal.type(`echo shell=$$; ${command}\r`);
    const pids = await Promise.all([pidIn(terminal, 'shell'), pidIn(terminal, 'front')]);
    terminal.keeping = false;
    await until('output', () => terminal.bytes > 100);
    const { told, gone, last } = await end(bastion.admin, terminal, pids);
    expect(told).toBeLessThan(TOLD_MS);
    expect(last).toBeLessThan(TOLD_MS);
    expect(gone).toBeLessThan(GONE_MS);
  });

  it('the recording of a flood is playable to the last byte that was shown', async () => {
    const terminal = await bastion.openShell(page);
    terminal.type('yes\r');
    await until('the flood', () => terminal.bytes > 1_000_000);
    await end(bastion.admin, terminal, []);
    const row = await sessionRow(bastion.admin, terminal.opened.sessionId);
    expect(row.outputBytes).toBe(terminal.bytes);
    expect(row.recording?.outputBytes).toBe(terminal.bytes);
  });

  it('F8: a page that takes nothing does not hold the end up', async () => {
    const stalled = await openPageAs(bastion.product, bastion.admin, { crediting: false });
    const terminal = await openShell(stalled, bastion.admin, bastion.target);
    terminal.type(`echo shell=$$; ${started('front', 'exec yes')}\r`);
    const pids = await Promise.all([pidIn(terminal, 'shell'), pidIn(terminal, 'front')]);
    await until('the window to be used up', () => terminal.bytes > 500_000);
    const { told, gone } = await end(bastion.admin, terminal, pids);
    expect(told).toBeLessThan(TOLD_MS);
    expect(gone).toBeLessThan(GONE_MS);
    stalled.drop();
  });

  it('W10: a target that stopped reading does not hold the end up', async () => {
    const terminal = await bastion.openShell(page);
    terminal.type(`echo shell=$$; stty raw -echo; ${started('front', 'exec sleep 1000')}\r`);
    const pids = await Promise.all([pidIn(terminal, 'shell'), pidIn(terminal, 'front')]);
    for (let i = 0; i < 120; i += 1) terminal.type(Buffer.alloc(32 * 1024, 'x')); // more than its window
    await page.ping(1);
    const { told, gone } = await end(bastion.admin, terminal, pids);
    expect(told).toBeLessThan(TOLD_MS);
    expect(gone).toBeLessThan(GONE_MS);
  });

  it('F9: a host that is there no more does not hold the end up', async () => {
    const own = await startSshd();
    const target = await addTarget(bastion.admin, {
      name: 'gone',
      port: own.port,
      login: own.login,
      secret: { kind: 'key', privateKey: own.userKey.text },
    });
    const terminal = await openShell(page, bastion.admin, target);
    // Stopped, they answer nothing and keep the connection: like a cable that was pulled.
    for (const pid of own.pids()) signalQuietly(pid, 'SIGSTOP');
    const { told, answered } = await end(bastion.admin, terminal, []);
    expect(told).toBeLessThan(TOLD_MS);
    expect(answered).toBeLessThan(GONE_MS);
    await own.stop();
  });
});

const missing = sshdMissing({ password: PASSWORD });
describe.skipIf(missing !== undefined)('X44: on a host that takes signals (not a root login)', () => {
  let own: Sshd;
  let target: TargetOnFile;
  beforeAll(async () => {
    own = await startSshd({ password: PASSWORD });
    target = await addTarget(bastion.admin, {
      name: 'signals',
      port: own.port,
      login: own.login,
      secret: { kind: 'password', password: PASSWORD },
    });
  });
  afterAll(() => own?.stop());

  it('a shell that ignores HUP is killed, and so is a program in its place', async () => {
    for (const command of [
      "trap '' HUP; echo front=$$",
      'exec sh -c \'trap "" HUP; echo front=$$; while :; do :; done\'',
    ]) {
      const terminal = await openShell(page, bastion.admin, target);
      terminal.type(`${command}\r`);
      const pid = await pidIn(terminal, 'front');
      const { gone } = await end(bastion.admin, terminal, [pid]);
      expect(gone).toBeLessThan(GONE_MS);
    }
  });

  it('the limit: a job that ignores HUP in a group of its own is cut off and runs on; SSH has no word for it', async () => {
    const terminal = await openShell(page, bastion.admin, target);
    terminal.type(`echo shell=$$; ${started('front', 'trap "" HUP; exec sleep 1000')}\r`);
    const [shell, front] = await Promise.all([pidIn(terminal, 'shell'), pidIn(terminal, 'front')]);
    const { gone, told } = await end(bastion.admin, terminal, [shell]);
    expect(gone).toBeLessThan(GONE_MS);
    expect(told).toBeLessThan(TOLD_MS);
    expect(isRunning(front)).toBe(true);
    signalQuietly(front, 'SIGKILL');
  });
});
