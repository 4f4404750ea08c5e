/** What goes wrong while somebody watches, on the real product. */
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from '../../src/edges/screen/headless-emulator.js';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { addUser, type Person, sessionRow } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';
import { openWatchPage, type PageWatch, type WatchPage } from '../fixtures/watch-page.js';

const bastion = standBastion('faults');
const ticketFor = async (id: string, person: Person): Promise<string> =>
  (await person.call<{ ticket: string }>('POST', `sessions/${id}/watch-tickets`, {})).ticket;
const watchPage = (person: Person = bastion.admin): Promise<WatchPage> =>
  openWatchPage(`${bastion.product.url.replace('http', 'ws')}/api/v1/watch`, person.headers);
async function watching(id: string, person: Person = bastion.admin): Promise<{ page: WatchPage; watch: PageWatch }> {
  const page = await watchPage(person);
  const watch = page.watch(await ticketFor(id, person));
  await until('the screen', () => watch.screens > 0);
  return { page, watch };
}
const looks = ({ normal, alternate, alternateShown, size }: ScreenView): string => {
  const { rows, cursor } = alternateShown ? alternate : normal;
  return JSON.stringify({ rows, cursor, size, alternateShown });
};

describe('while somebody watches', () => {
  it('F20: the operator’s page vanishes and comes back: the shell goes on, and the watcher sees all of it', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const { page: watcher, watch } = await watching(sessionId);
    shell.type('sleep 0.3; echo while-aw\\ay\r');
    page.drop();
    await until('what was printed meanwhile', () => watch.text().includes('while-away'));
    const again = await bastion.openPage();
    const ticket = await bastion.admin.call<{ ticket: string }>('POST', `sessions/${sessionId}/tickets`, {});
    const back = again.open(ticket.ticket);
    await until('the history', () => back.historyEnd);
    // W7: who comes back is told who watches.
    await until('the notice', () => back.notices.some((n) => n.kind === 'watched' && n.names.includes('admin')));
    back.type('echo ba\\ck\r');
    await until('the watcher to see it', () => watch.text().includes('back'));
    expect(watch.screens).toBeLessThanOrEqual(2);
    await closeShell(back);
    for (const one of [again, watcher]) one.drop();
  });

  it('W10: the host goes: operator and watcher read the same reason', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { watch, page: watcher } = await watching(shell.opened.sessionId);
    shell.type('echo pid=$PPID\r');
    const pid = await until('the host’s process', () => /pid=(\d+)\r/.exec(shell.text())?.[1]);
    process.kill(Number(pid), 'SIGKILL');
    await until('both to be told', () => shell.ended && watch.ended);
    expect(watch.ended).toEqual(shell.ended);
    expect(shell.ended!.reason).toBe('target-lost');
    for (const one of [page, watcher]) one.drop();
  });

  it('F15: a storm of sizes: the watcher’s screen is the operator’s', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    shell.type('seq 1 200\r');
    await until('the numbers', () => shell.text().includes('200\r\n'));
    const { watch, page: watcher } = await watching(shell.opened.sessionId);
    for (let n = 0; n < 2_000; n++) shell.resize(1 + ((n * 37) % 250), 1 + ((n * 11) % 90));
    shell.resize(100, 30);
    shell.type('clear; stty size\r');
    await until('the last size', () => watch.text().includes('30 100') && watch.emulator.view().size.cols === 100);
    expect(watch.emulator.view().size).toEqual({ cols: 100, rows: 30 });
    await closeShell(shell);
    for (const one of [page, watcher]) one.drop();
  });

  it('S5, W3: five hundred join in a moment while it prints: each has the same screen, the operator all bytes', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const auditors = await Promise.all(
      Array.from({ length: 4 }, (_, n) => addUser(bastion.admin, bastion.product.url, `auditor-${n}`, 'auditor')),
    );
    const pages = await Promise.all(auditors.flatMap((who) => Array.from({ length: 16 }, () => watchPage(who))));
    shell.type(
      'for i in $(seq 1 4000); do printf "\\033[%dmline %d\\033[m\\n" $((31 + i % 6)) $i; done; echo; echo al\\l\r',
    );
    const watches: PageWatch[] = [];
    await Promise.all(
      pages.map(async (one, n) => {
        for (let m = 0; m < 8 && watches.length < 500; m++) {
          const watch = one.watch(await ticketFor(sessionId, auditors[Math.floor(n / 16)]!));
          watches.push(watch);
        }
      }),
    );
    await until('the operator', () => shell.text().endsWith('ready> ') && shell.text().includes('all\r\n'), 60_000);
    await until('all of them', () => watches.every((watch) => watch.text().includes('all')), 60_000);
    expect(watches.length).toBeGreaterThanOrEqual(500);
    const own = createHeadlessEmulator({ cols: 80, rows: 24 });
    for (const chunk of shell.chunks) own.write(chunk);
    await until(
      'the same screen',
      () => watches.every((watch) => looks(watch.emulator.view()) === looks(own.view())),
      30_000,
    );
    const numbers = [...shell.text().matchAll(/mline (\d+)/g)].map(([, n]) => Number(n));
    expect(numbers.slice(-4000)).toEqual(Array.from({ length: 4000 }, (_, n) => n + 1));
    // They vanish, all at once.
    for (const one of pages) one.drop();
    await until('nobody to watch', async () => (await sessionRow(bastion.admin, sessionId)).watchers?.length === 0);
    shell.type('echo stil\\l\r');
    await until('the shell', () => shell.text().includes('still\r\n'));
    await closeShell(shell);
    page.drop();
  });

  it('V40: whoever’s sign-in ends stops seeing', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const auditor = await addUser(bastion.admin, bastion.product.url, 'leaver', 'auditor');
    const { page: watcher, watch } = await watching(shell.opened.sessionId, auditor);
    await auditor.call('POST', 'sign-out', {});
    expect(await watcher.closed).toBe(4401);
    const before = watch.bytes;
    shell.type('echo secre\\t\r');
    await until('the echo', () => shell.text().includes('secret'));
    expect(watch.bytes).toBe(before);
    await closeShell(shell);
    page.drop();
  });
});
