/** Watching on the real product: a real shell behind a real sshd, watched through the real socket by headless pages. */
import { createHash } from 'node:crypto';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from '../../src/edges/screen/headless-emulator.js';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { addUser, type Person, sessionRow } from '../fixtures/product.js';
import { type PageTerminal, until } from '../fixtures/terminal-page.js';
import { openWatchPage, type PageWatch, type WatchPage } from '../fixtures/watch-page.js';

const bastion = standBastion('watched');
const watchUrl = (): string => `${bastion.product.url.replace('http', 'ws')}/api/v1/watch`;
const ticketFor = async (id: string, person: Person = bastion.admin): Promise<string> =>
  (await person.call<{ ticket: string }>('POST', `sessions/${id}/watch-tickets`, {})).ticket;
const watchPage = (person: Person = bastion.admin): Promise<WatchPage> => openWatchPage(watchUrl(), person.headers);

const looks = ({ normal, alternate, alternateShown, size }: ScreenView): string => {
  const { rows, cursor } = alternateShown ? alternate : normal;
  return JSON.stringify({ rows, cursor, size, alternateShown });
};
/** The operator's own screen, from all bytes that its page was sent. */
function operatorScreen(terminal: PageTerminal, size = { cols: 80, rows: 24 }): string {
  const emulator = createHeadlessEmulator(size);
  for (const chunk of terminal.chunks) emulator.write(chunk);
  return looks(emulator.view());
}
const same = (terminal: PageTerminal, watch: PageWatch): Promise<true> =>
  until('the watcher to show what the operator sees', () =>
    operatorScreen(terminal) === looks(watch.emulator.view()) ? (true as const) : undefined,
  );
const auditOf = (target: string): Promise<{ items: { action: string; actor: string; detail?: object }[] }> =>
  bastion.admin.call('GET', `audit?target=${encodeURIComponent(target)}`);

describe('watching', () => {
  it('W1, S3, S29, S30: who joins in the middle of vim sees the whole screen at once, then every key', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    shell.type('seq 1 400; vim -u NONE -i NONE -n -c "set nocp laststatus=2" /tmp/堡垒机-watch.txt\r');
    await until('vim', () => shell.text().includes('\x1b[?1049h'));
    shell.type('i你好, line one\rline two');
    await until('the text', () => shell.text().includes('line two'));
    const watcher = await watchPage();
    const watch = watcher.watch(await ticketFor(sessionId));
    await until('the screen', () => watch.screens > 0);
    expect(watch.text()).toContain('你好, line one');
    expect(watch.facts).toMatchObject({ sessionId, hostName: 'watched', notice: 'always', recorded: true });
    shell.type('\rthree 三\x1b:split\r');
    await same(shell, watch);
    const rows = (await bastion.admin.call<{ items: unknown[] }>('GET', 'sessions')).items.length;
    expect(rows).toBe(1); // S29: watching makes no row
    shell.type('\x1b:qa!\r');
    await until('the prompt', () => shell.text().endsWith('ready> '));
    await same(shell, watch);
    await until('the lines above', () => watch.emulator.view(300).normal.history?.length === 300);
    // S32: the watcher goes, the session stays.
    watcher.drop();
    await until('the row without a watcher', async () =>
      (await sessionRow(bastion.admin, sessionId)).watchers?.length === 0 ? true : undefined,
    );
    shell.type('echo still he\\re\r');
    await until('the shell', () => shell.text().includes('still here'));
    await closeShell(shell);
    const { items } = await auditOf(`session:${sessionId}`);
    const actions = items.map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith('session.watch'))).toEqual([
      'session.watch-end',
      'session.watch',
    ]);
    page.drop();
  });

  it('S31, V48: input, sizes and unknown frames of a watcher reach nothing; it is told and audited', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const watcher = await watchPage();
    const watch = watcher.watch(await ticketFor(sessionId));
    await until('the screen', () => watch.screens > 0);
    for (let n = 0; n < 50; n++) watch.type('touch /tmp/sallyport-watcher-was-here\r');
    watch.resize(200, 60);
    await until('the refusal', () => watch.notices.some(({ kind }) => kind === 'read-only'));
    shell.type('ls /tmp/sallyport-watcher-was-here; stty size\r');
    await until('the answer', () => /24 80\r\n/.test(shell.text()));
    expect(shell.text()).toContain('cannot access');
    const refused = (await auditOf(`session:${sessionId}`)).items.filter(
      ({ action }) => action === 'session.watch-refused',
    );
    expect(refused).toMatchObject([{ actor: 'admin', detail: { what: 'input' } }]);
    watcher.ws.send(Buffer.from([0x7f, 0, 1]));
    expect(await watcher.closed).toBe(1002);
    await closeShell(shell);
    page.drop();
  });

  it('S28, W5, V25: a ticket for the one door opens not the other; who may not watch is told of no session', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const stranger = await addUser(bastion.admin, bastion.product.url, 'stranger');
    const answers = await Promise.all(
      [sessionId, '0'.repeat(26)].map(async (id) => {
        const answer = await stranger.request('POST', `sessions/${id}/watch-tickets`, {});
        return [answer.status, ((await answer.json()) as { code: string }).code];
      }),
    );
    expect(answers).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
    ]);
    const watcher = await watchPage();
    const wrong = watcher.watch(
      (await bastion.admin.call<{ ticket: string }>('POST', `sessions/${sessionId}/tickets`, {})).ticket,
    );
    await until('the refusal', () => wrong.ended);
    expect(wrong.ended).toMatchObject({ reason: 'failed', code: 'ticket.invalid' });
    const terminal = page.open(await ticketFor(sessionId));
    await until('the refusal', () => terminal.ended);
    expect(terminal.ended).toMatchObject({ reason: 'failed', code: 'ticket.invalid' });
    await closeShell(shell);
    const over = await bastion.admin.request('POST', `sessions/${sessionId}/watch-tickets`, {});
    expect([over.status, ((await over.json()) as { code: string }).code]).toEqual([409, 'session.over']);
    page.drop();
    watcher.drop();
  });

  it('W2, W3, F7: one that stops reading under `yes` costs the operator nothing, and is brought back', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const watcher = await watchPage();
    const [stuck, quick] = [watcher.watch(await ticketFor(sessionId)), watcher.watch(await ticketFor(sessionId))];
    await until('the screens', () => stuck.screens > 0 && quick.screens > 0);
    stuck.reading = false;
    const other = await watchPage();
    other.ws.pause(); // its socket, not only its parser
    shell.keeping = false;
    shell.type('yes 0123456789 | head -c 40000000; echo; echo all-th\\ere\r');
    let tail = '';
    shell.onBytes = (bytes) => {
      tail = (tail + bytes.toString('latin1')).slice(-200);
    };
    await until('the whole flood', () => tail.includes('all-there'), 60_000);
    expect(shell.bytes).toBeGreaterThan(40_000_000);
    expect(stuck.bytes).toBeLessThan(1024 * 1024);
    await until('the quick one', () => quick.text().includes('all-there'));
    stuck.reading = true;
    watcher.ws.send(Buffer.from([0x04, 0, 1, 0x7f, 0xff, 0xff, 0xff])); // all of it is read now
    await until('the other', () => stuck.text().includes('all-there'));
    await until('the notice', () => stuck.notices.some(({ kind }) => kind === 'resynchronised'));
    expect(looks(stuck.emulator.view())).toBe(looks(quick.emulator.view()));
    await closeShell(shell);
    for (const one of [page, watcher, other]) one.drop();
  });

  it('S6: operator and watchers are sent the same bytes: hashes equal, from each one’s screen on', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const watcher = await watchPage();
    const watches: PageWatch[] = [];
    for (let n = 0; n < 6; n++) {
      const watch = watcher.watch(await ticketFor(shell.opened.sessionId));
      watch.keeping = true;
      watches.push(watch);
      shell.type(`echo joined-${n}\r`);
    }
    // The lines above come in a second screen, a moment after the first.
    await until('all screens', () => watches.every(({ screens }) => screens > 1));
    shell.type('head -c 300000 /dev/urandom | base64; echo 主机-完\\了; echo all-th\\ere\r');
    await until('all of it', () => shell.text().includes('all-there\r\n'), 60_000);
    await closeShell(shell);
    await until('the last word', () => watches.every(({ ended }) => ended));
    const all = Buffer.concat(shell.chunks);
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    for (const { since, notices } of watches) {
      const seen = Buffer.concat(since.chunks);
      expect(seen.length).toBeGreaterThan(400_000);
      expect([since.offset + seen.length, hash(seen)]).toEqual([all.length, hash(all.subarray(since.offset))]);
      expect(notices.filter(({ kind }) => kind === 'resynchronised')).toEqual([]);
    }
    page.drop();
    watcher.drop();
  });

  it('S35, W10: what ends a session ends its watches, with the same words', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const watcher = await watchPage();
    const watch = watcher.watch(await ticketFor(shell.opened.sessionId));
    await until('the screen', () => watch.screens > 0);
    await bastion.admin.call('POST', `sessions/${shell.opened.sessionId}/end`, { preset: 'policy', reason: '违规' });
    await until('both to be told', () => shell.ended && watch.ended);
    expect(watch.ended).toEqual(shell.ended);
    page.drop();
    watcher.drop();
  });

  it('W1: pictures of what is in sight, when it changes, and no others', async () => {
    const page = await bastion.openPage();
    const shell = await bastion.openShell(page);
    const { sessionId } = shell.opened;
    const wall = await watchPage();
    wall.want([sessionId, '0'.repeat(26)]);
    const first = await until('a picture', () => wall.tiles.get(sessionId));
    const words = ({ picture }: typeof first): string =>
      picture.lines.map((runs) => runs.map(({ text }) => text).join('')).join('\n');
    expect(words(first)).toContain('ready>');
    shell.type('clear; echo \x1b[Kpicture-of-th\\is\r');
    await until('the change', () => words(wall.tiles.get(sessionId)!).includes('picture-of-this'));
    expect([...wall.tiles.keys()]).toEqual([sessionId]);
    expect(shell.notices.some((notice) => notice.kind === 'watched' && notice.names.includes('admin'))).toBe(true);
    await closeShell(shell);
    page.drop();
    wall.drop();
  });
});
