/** V26: a host that requires a watcher, on the product with a real sshd behind it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditAnswer, HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, type Person, rowOfEnded, sessionRow, ticketFor } from '../fixtures/product.js';
import { type PageTerminal, type TerminalPage, until } from '../fixtures/terminal-page.js';
import { openWatchPage, type PageWatch, type WatchPage } from '../fixtures/watch-page.js';

const GRACE_MS = 2_000;
/** Two pings, 2 s apart, and what a busy machine adds. */
const HALF_OPEN_MS = 6_000;
const bastion = standBastion('vault-01', { env: { SALLYPORT_WATCHER_GRACE: `${GRACE_MS / 1000}s` } });
const dir = mkdtempSync(join(tmpdir(), 'sallyport-four-eyes-'));
let alice: Person;
let page: TerminalPage;
beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  page = await bastion.openPage(alice);
  const host = await bastion.admin.call<HostAnswer>('PATCH', `hosts/${bastion.target.host.id}`, {
    watcherRequired: true,
  });
  expect(host.watcherRequired).toBe(true);
});
afterAll(() => {
  page?.drop();
  rmSync(dir, { recursive: true });
});

/** At its first output: nothing can be typed yet. */
async function openHeld(on: TerminalPage = page, person: Person = alice) {
  const terminal = on.open(await ticketFor(person, bastion.target));
  const opened = await until('the shell to open', () => terminal.opened);
  await until('its first output', () => terminal.bytes > 0);
  return Object.assign(terminal, { opened });
}
const watchPage = (person: Person): Promise<WatchPage> =>
  openWatchPage(`${bastion.product.url.replace('http', 'ws')}/api/v1/watch`, person.headers);
async function watching(id: string, person = bastion.admin): Promise<{ page: WatchPage; watch: PageWatch }> {
  const opened = await watchPage(person);
  const { ticket } = await person.call<{ ticket: string }>('POST', `sessions/${id}/watch-tickets`, {});
  const watch = opened.watch(ticket);
  await until('the screen', () => watch.screens > 0);
  return { page: opened, watch };
}
const notices = (terminal: PageTerminal, kind: string) => terminal.notices.filter((notice) => notice.kind === kind);
const told = (terminal: PageTerminal, kind: string, times: number) =>
  until(`${kind}, ${times} times`, () => notices(terminal, kind).length >= times && notices(terminal, kind).at(-1));
const audited = async (id: string): Promise<readonly string[]> =>
  (await bastion.admin.call<{ items: AuditAnswer[] }>('GET', `audit?target=session:${id}`)).items
    .map(({ action }) => action)
    .filter((action) => action.startsWith('session.watcher-'))
    .reverse();
let files = 0;
/** Types a command that would leave a file; the answer is its name. */
function touch(terminal: PageTerminal): string {
  const file = join(dir, `f${++files}`);
  terminal.type(`touch ${file}\r`);
  return file;
}
const type = async (terminal: PageTerminal): Promise<string> => {
  const file = touch(terminal);
  await until('what was typed to be done', () => existsSync(file));
  return file;
};

describe('V26: a required watcher', () => {
  it('nothing typed before one joins is ever run; a tile of the wall does not count; the end of the last socket holds the input', async () => {
    const terminal = await openHeld(); // its output is shown
    const { sessionId } = terminal.opened;
    expect(await told(terminal, 'unwatched', 1)).toEqual({ kind: 'unwatched' });
    const early = touch(terminal);
    const wall = await watchPage(bastion.admin);
    wall.want([sessionId]);
    await until('the tile', () => wall.tiles.has(sessionId));
    const onWall = touch(terminal);
    await page.ping(1);
    expect(await sessionRow(bastion.admin, sessionId)).toMatchObject({ unwatched: true, watchers: ['admin'] });

    const { page: watcher, watch } = await watching(sessionId);
    const attended = await told(terminal, 'attended', 1);
    expect(attended).toEqual({
      kind: 'attended',
      droppedBytes: `touch ${early}\r`.length + `touch ${onWall}\r`.length,
    });
    expect(watch.facts?.watcherRequired).toBe('there');
    await type(terminal);
    expect(await sessionRow(bastion.admin, sessionId)).not.toHaveProperty('unwatched');

    const gone = performance.now();
    watcher.drop(); // no close frame
    const held = await told(terminal, 'unwatched', 2);
    expect(performance.now() - gone).toBeLessThan(1_000);
    expect(held).toMatchObject({ endsAt: expect.any(Number) });
    const late = touch(terminal);
    await page.ping(2);

    const again = await watching(sessionId);
    await told(terminal, 'attended', 2);
    await type(terminal); // and runs after whatever was typed before
    expect([early, onWall, late].filter((file) => existsSync(file))).toEqual([]);

    again.watch.close();
    await until('the end', () => terminal.ended);
    expect(terminal.ended?.reason).toBe('unwatched');
    expect((await rowOfEnded(bastion.admin, sessionId)).endReason).toEqual({ kind: 'unwatched' });
    const [missing, back] = ['session.watcher-missing', 'session.watcher-back'];
    expect(await audited(sessionId)).toEqual([missing, back, missing, back, missing]);
    for (const one of [wall, again.page]) one.drop();
  });

  it('a watcher whose network is gone without a word is found in seconds, and the session ends after the grace', async () => {
    const terminal = await openHeld();
    const { page: watcher } = await watching(terminal.opened.sessionId);
    await type(terminal);
    const silent = performance.now();
    watcher.ws.pause(); // it reads nothing and answers nothing, and its TCP stands
    await told(terminal, 'unwatched', 2);
    expect(performance.now() - silent).toBeLessThan(HALF_OPEN_MS);
    const held = performance.now();
    await until('the end', () => terminal.ended);
    expect(terminal.ended?.reason).toBe('unwatched');
    expect(performance.now() - held).toBeLessThan(GRACE_MS + 2_000);
    watcher.drop();
  });

  it('a freeze and the hold for want of a watcher are apart: lifting one leaves the other', async () => {
    const terminal = await openHeld();
    const { sessionId } = terminal.opened;
    await bastion.admin.request('POST', `sessions/${sessionId}/freeze`, { reason: 'wait' });
    const { page: watcher } = await watching(sessionId);
    await told(terminal, 'attended', 1);
    const frozen = touch(terminal);
    await page.ping(3);
    await bastion.admin.request('POST', `sessions/${sessionId}/unfreeze`);
    await type(terminal);
    await bastion.admin.request('POST', `sessions/${sessionId}/freeze`, { reason: 'wait' });
    watcher.drop();
    await told(terminal, 'unwatched', 2);
    await bastion.admin.request('POST', `sessions/${sessionId}/unfreeze`);
    const unwatched = touch(terminal);
    await until('the end', () => terminal.ended);
    expect([frozen, unwatched].filter((file) => existsSync(file))).toEqual([]);
  });

  it('nobody is one’s own second pair of eyes, and a right that is taken away counts no more', async () => {
    const lin = await addUser(bastion.admin, bastion.product.url, 'lin', 'admin');
    const own = await bastion.openPage(lin);
    const terminal = await openHeld(own, lin);
    const { sessionId } = terminal.opened;
    const { page: self, watch } = await watching(sessionId, lin);
    expect(watch.facts?.watcherRequired).toBe('missing');
    const alone = touch(terminal);
    await own.ping(1);

    const wang = await addUser(bastion.admin, bastion.product.url, 'wang', 'auditor');
    const { page: auditor } = await watching(sessionId, wang);
    await type(terminal);
    const { items } = await bastion.admin.call<{ items: { id: string; name: string }[] }>('GET', 'users');
    const { id } = items.find(({ name }) => name === 'wang')!;
    await bastion.admin.call('PATCH', `users/${id}`, { role: 'operator' });
    await told(terminal, 'unwatched', 2);
    expect(existsSync(alone)).toBe(false);
    await until('the end', () => terminal.ended);
    for (const one of [self, auditor, own]) one.drop();
  });
});
