/** Two people, two browsers: one works in a terminal, the other looks on, holds the keys, speaks, ends. */
import type { AuditAnswer, Page as PageOf, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, openPageAs, openShell, type Person } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let alice: Person;
let operator: Page;
let watcher: Page;
let contexts: BrowserContext[];
/** What the watching page sent on its socket, by frame type, PING left out. */
const sent: number[] = [];

beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  contexts = [
    await bastion.signedIn(alice, { locale: 'en-GB', viewport: { width: 1000, height: 640 } }),
    await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1440, height: 900 } }),
  ];
  await contexts[1]!.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: bastion.product.url });
  operator = await contexts[0]!.newPage();
  watcher = await contexts[1]!.newPage();
  for (const page of [operator, watcher]) page.on('dialog', (dialog) => void dialog.accept());
  watcher.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const type = typeof payload === 'string' ? 0 : payload[0]!;
      if (type !== 0x06) sent.push(type);
    }),
  );
});
afterAll(async () => {
  for (const context of contexts ?? []) await context.close();
});

const rows = async (page: Page): Promise<string> =>
  (await page.locator('.xterm-rows').first().innerText()).replaceAll('\u00a0', ' ');
async function shows(page: Page, what: RegExp): Promise<void> {
  let text = '';
  await until(`the screen to show ${what}`, async () => {
    text = await rows(page);
    return what.test(text);
  }).catch((error: Error) => Promise.reject(new Error(`${error.message}; it shows ${JSON.stringify(text)}`)));
}
/** Characters with their looks, cell by cell; without the cursor, which is drawn for who has the focus. */
const cells = (page: Page): Promise<string[]> =>
  page
    .locator('.xterm-rows')
    .first()
    .evaluate((screen) =>
      Array.from(screen.children, (row) =>
        Array.from(row.querySelectorAll('span'))
          .flatMap((span) => {
            const look = [...span.classList].filter((name) => !name.startsWith('xterm-cursor')).sort();
            const colour = span.style.color;
            return Array.from(span.textContent ?? '', (character) => [character, ...look, colour].join('|'));
          })
          .join(' '),
      ),
    );
async function sameScreen(): Promise<void> {
  let last: [string[], string[]] = [[], []];
  await until('the same screen', async () => {
    last = [await cells(operator), await cells(watcher)];
    return JSON.stringify(last[0]) === JSON.stringify(last[1]);
  }).catch(() => expect(last[1]).toEqual(last[0]));
}
async function run(line: string): Promise<void> {
  await operator.keyboard.insertText(line);
  await operator.keyboard.press('Enter');
}
async function openTerminal(): Promise<string> {
  await operator.goto('about:blank');
  // Not the terminal's page: it would take its session up again and note it anew.
  await operator.goto(`${bastion.product.url}/healthz`);
  await operator.evaluate(() => sessionStorage.clear());
  await operator.goto('about:blank');
  const { host, accountId } = bastion.target;
  await operator.goto(`${bastion.product.url}/terminal?open=${host.id}.${accountId}`);
  await operator.locator('.xterm-rows').first().waitFor();
  await shows(operator, /[#$] /);
  await run("PS1='ready> '; clear");
  await shows(operator, /^ready> /);
  const { items } = await bastion.admin.call<PageOf<SessionAnswer>>('GET', 'sessions?state=live&sort=-createdAt');
  return items[0]!.id;
}
const watch = (id: string) => watcher.goto(`${bastion.product.url}/live/${id}`);
const audited = async (id: string, action: string): Promise<readonly AuditAnswer[]> =>
  (await bastion.admin.call<PageOf<AuditAnswer>>('GET', `audit?target=session:${id}`)).items.filter(
    (entry) => entry.action === action,
  );

describe('two browsers', () => {
  it('S3, S30, W1: joins vim late and sees the same cells, then every key and every size', async () => {
    const id = await openTerminal();
    await run('vim -n -u NONE -c "set nu" /etc/services');
    await shows(operator, /"\/etc\/services"/);
    await watcher.goto(`${bastion.product.url}/live`);
    const tile = watcher.locator(`[data-session="${id}"]`);
    await tile.focus();
    await watcher.keyboard.press('w');
    await watcher.waitForURL(`**/live/${id}`);
    await shows(watcher, /"\/etc\/services"/);
    await sameScreen();
    await operator.keyboard.press('i');
    await operator.keyboard.insertText('看得见 the change');
    await shows(watcher, /看得见 the change/);
    await sameScreen();
    await operator.setViewportSize({ width: 820, height: 520 });
    await sameScreen();
    // Who watches is told to its user by name, and stands in the bar of who watches.
    await operator.locator('.watched').getByText('admin', { exact: false }).waitFor();
    await watcher.getByText('you watch; alice sees who').waitFor();
    await operator.setViewportSize({ width: 1000, height: 640 });
    await sameScreen();
    await operator.keyboard.press('Escape');
    await run(':q!');
    await shows(operator, /ready>\s*$/);
    await sameScreen();
  });

  it('S33: frozen keys do nothing, both see who and why; let go, they type again', async () => {
    const id = await openTerminal();
    await watch(id);
    await shows(watcher, /ready> /);
    await watcher.keyboard.press('f');
    await watcher.getByLabel('Reason').fill('wrong host');
    await watcher.keyboard.press('Enter');
    await operator.locator('.strip-note.frozen').getByText('wrong host', { exact: false }).waitFor();
    expect(await operator.locator('.strip-note.frozen').innerText()).toMatch(/^admin .*“wrong host”/);
    expect(await watcher.locator('.strip-note.frozen').innerText()).toMatch(/^admin .*alice.*“wrong host”/);
    await watcher.getByRole('button', { name: 'Unfreeze' }).waitFor();
    await operator.locator('.xterm-screen').first().click();
    await operator.keyboard.type('touch /tmp/never');
    await watcher.keyboard.press('f');
    await watcher.locator('.strip-note.frozen').waitFor({ state: 'detached' });
    await watcher.getByText('16 typed bytes were dropped', { exact: false }).first().waitFor();
    await operator.locator('.xterm-screen').first().click();
    await run('echo let\\ go');
    await shows(watcher, /let go/);
    expect(await rows(watcher)).not.toContain('never');
    await watcher.getByRole('button', { name: 'Freeze' }).waitFor();
  });

  it('a message stands on the operator’s page, beside the terminal’s own stream', async () => {
    const id = await openTerminal();
    await watch(id);
    await shows(watcher, /ready> /);
    await watcher.keyboard.press('m');
    await watcher.getByRole('dialog').getByRole('textbox').fill('请停一下\n<b>now</b>');
    await watcher.keyboard.press('Control+Enter');
    const said = operator.locator('.strip-note.said');
    await said.waitFor();
    expect(await said.innerText()).toContain('<b>now</b>');
    expect(await rows(operator)).not.toContain('请停一下');
    await watcher.getByText('admin to alice: 请停一下', { exact: false }).first().waitFor();
  });

  it('S34, S35, S36: an end out of vim: both read the same sentence, and the watcher may replay', async () => {
    const id = await openTerminal();
    await run('vim -n -u NONE -c "set mouse=a" /etc/passwd');
    await shows(operator, /"\/etc\/passwd"/);
    await watch(id);
    await shows(watcher, /"\/etc\/passwd"/);
    await watcher.keyboard.press('e');
    const dialog = watcher.getByRole('dialog');
    await dialog.getByText('Security').click();
    await dialog.getByLabel('Details').fill('key was shared');
    // Enter in the text never ends a session.
    await watcher.keyboard.press('Enter');
    await dialog.getByRole('button', { name: '15 min' }).click();
    await dialog.getByText('keeps alice out until', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: 'End and block' }).click();
    const dock = watcher.locator('.wover b');
    await dock.waitFor();
    const sentence = (await dock.innerText()).trim();
    expect(sentence).toMatch(/admin/);
    expect(sentence).toMatch(/security, key was shared/i);
    await until('the same sentence at the operator', async () =>
      (await rows(operator)).replaceAll(/\s+/g, ' ').includes(sentence),
    );
    // Out of the alternate screen: what stood before vim is there again, and no mouse is taken.
    await shows(watcher, /ready> vim/);
    expect(await watcher.locator('.xterm.enable-mouse-events').count()).toBe(0);
    const blocks = await bastion.admin.call<{ items: { id: string; userId: string; by: string; sessionId: string }[] }>(
      'GET',
      'blocks',
    );
    expect(blocks.items).toMatchObject([{ userId: alice.me.user.id, by: 'admin', sessionId: id }]);
    for (const block of blocks.items) await bastion.admin.call('DELETE', `blocks/${block.id}`);
    await watcher.getByRole('link', { name: 'Replay' }).click();
    await watcher.waitForURL(`**/recordings/${id}`);
    await shows(watcher, /ready>|passwd/);
  });

  it('V32, V48: hostile output makes the watching page send nothing, and leaves clipboard and title alone', async () => {
    const id = await openTerminal();
    await watcher.goto('about:blank');
    await watch(id);
    await shows(watcher, /ready> /);
    await watcher.evaluate(() => navigator.clipboard.writeText('my own'));
    const title = await watcher.title();
    sent.length = 0;
    await run(
      [
        "printf '\\033[c\\033[>c\\033[=c\\033[6n\\033[5n\\033[?6n\\033[?2026$p\\033[18t\\033[21t'",
        "printf '\\033]52;c;aGFja2Vk\\a\\033]52;c;?\\a\\033]2;owned\\a\\033]11;?\\a\\033]4;1;?\\a\\033P$qm\\033\\\\'",
        "printf '\\033]8;;javascript:alert(1)\\aclick\\033]8;;\\a\\033[?1003h\\033[?1004h'",
        // What the operator's own terminal answers.
        'read -rst1 -d "" answers',
        'clear',
        'echo hostile-over',
      ].join('; '),
    );
    await shows(watcher, /hostile-over/);
    const box = (await watcher.locator('.xterm-screen').first().boundingBox())!;
    await watcher.mouse.click(box.x + 30, box.y + 10);
    await watcher.keyboard.type('xyz');
    await watcher.mouse.wheel(0, 200);
    // Comes by the same socket, so what the page would have sent is sent.
    await bastion.admin.call('POST', `sessions/${id}/message`, { text: 'heard' });
    await watcher.locator('.strip-note').getByText('heard', { exact: false }).waitFor();
    // Credit alone.
    expect([...new Set(sent)].filter((type) => type !== 0x04)).toEqual([]);
    expect(await watcher.evaluate(() => navigator.clipboard.readText())).toBe('my own');
    expect(await watcher.title()).toBe(title);
    expect(await audited(id, 'session.watch-refused')).toEqual([]);
    expect(await audited(id, 'session.watch')).toHaveLength(1);
    await bastion.admin.call('POST', `sessions/${id}/end`, { preset: 'other' });
  });

  it('goes back in time while the session goes on, and returns to live at once', async () => {
    const id = await openTerminal();
    await run('echo the-be\\ginning; sleep 3; clear; echo the-pre\\sent');
    await shows(operator, /the-beginning/);
    await watch(id);
    await shows(operator, /the-present/);
    await shows(watcher, /the-present/);
    await until('an earlier moment', async () => {
      await watcher.keyboard.press('ArrowLeft');
      await watcher.locator('.wshift .xterm-rows').waitFor();
      return true;
    });
    const slider = watcher.getByRole('slider');
    const box = (await slider.boundingBox())!;
    const earlier = watcher.locator('.wshift .xterm-rows');
    const begun = (await bastion.admin.call<SessionAnswer>('GET', `sessions/${id}`)).liveAt!;
    await until('the beginning', async () => {
      // A second or two after it, wherever that is on the strip by now.
      const at = 0.45;
      await watcher.mouse.click(box.x + box.width * at * Math.min(1, 5_000 / (Date.now() - begun)), box.y + 20);
      return ((await earlier.textContent()) ?? '').includes('the-beginning');
    });
    await watcher.getByText('an earlier moment').waitFor();
    await run('echo mean\\while');
    await shows(operator, /meanwhile/);
    expect(await earlier.textContent()).not.toContain('meanwhile');
    await watcher.locator('body').press('End');
    await earlier.waitFor({ state: 'detached' });
    await shows(watcher, /meanwhile/);
    await sameScreen();
  });

  it('S32: a lost line says so, greys the screen, and comes back to the present one', async () => {
    const id = await openTerminal();
    await watch(id);
    await shows(watcher, /ready> /);
    await contexts[1]!.setOffline(true);
    await watcher.getByText('This is the screen as it was then', { exact: false }).waitFor();
    await watcher.locator('.wlive.old').waitFor();
    await run('echo while\\ away');
    await shows(operator, /while away/);
    await contexts[1]!.setOffline(false);
    await shows(watcher, /while away/);
    await watcher.locator('.wlive:not(.old)').waitFor();
    await watcher.getByText('You see the screen again').waitFor();
    await sameScreen();
  });
});

describe('the live page', () => {
  it('S25, S27: rows follow the state without a reload: live ones watch, freeze, end; ended ones replay', async () => {
    const socket = await openPageAs(bastion.product, alice);
    const shell = await openShell(socket, alice, bastion.target);
    const id = shell.opened.sessionId;
    await watcher.goto(`${bastion.product.url}/live?view=table&q=alice`);
    const row = watcher.locator(`[data-session="${id}"]`);
    await row.waitFor();
    const acts = () => row.locator('[data-act]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(await acts()).toEqual([
      'Watch the session of alice on web-01',
      'Freeze the input of alice on web-01',
      'End the session of alice on web-01',
    ]);
    await bastion.admin.call('POST', `sessions/${id}/freeze`, { reason: 'look' });
    await row.getByText('frozen by admin').waitFor();
    expect(await acts()).toContain('Unfreeze the input of alice on web-01');
    await row.focus();
    await watcher.keyboard.press('f');
    await row.getByText('live', { exact: true }).waitFor();
    await watcher.keyboard.press('e');
    await watcher.getByRole('dialog').getByText('Opened by mistake').click();
    await watcher.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
    await row.getByText('ended by admin: opened by mistake').waitFor();
    expect(await acts()).toEqual(['Play the session of alice on web-01']);
    expect(shell.ended).toMatchObject({ reason: 'ended-by-admin' });
    socket.drop();
  });

  it('paints the screen of a tile, again when it changes, and keeps the filter in the address', async () => {
    const socket = await openPageAs(bastion.product, alice);
    const shell = await openShell(socket, alice, bastion.target);
    const id = shell.opened.sessionId;
    await watcher.goto(`${bastion.product.url}/live`);
    const canvas = watcher.locator(`[data-session="${id}"] canvas`);
    const offset = async (): Promise<number> => Number((await canvas.getAttribute('data-offset')) ?? 0);
    await until('a picture', async () => (await offset()) > 0);
    const colours = () =>
      canvas.evaluate(
        (place: HTMLCanvasElement) =>
          new Set(new Uint32Array(place.getContext('2d')!.getImageData(0, 0, place.width, place.height).data.buffer))
            .size,
      );
    expect(await colours()).toBeGreaterThan(3);
    const before = await offset();
    shell.type('printf "\\033[41mred\\033[0m\\n"\r');
    await until('the next picture', async () => (await offset()) > before);
    await watcher.locator('body').press('/');
    await watcher.keyboard.type('nobody-of-that-name');
    await watcher.getByText('No live session matches').waitFor();
    expect(new URL(watcher.url()).search).toBe('?q=nobody-of-that-name');
    await watcher.getByRole('button', { name: 'Clear the filters' }).click();
    await canvas.waitFor();
    await watcher.getByRole('button', { name: 'Table' }).click();
    await watcher.locator('tr[data-session]').first().waitFor();
    expect(new URL(watcher.url()).search).toBe('?view=table');
    shell.close();
    await until('the end', () => shell.ended);
    socket.drop();
  });

  it('an auditor watches and touches nothing; the emulator is not loaded for the wall', async () => {
    const auditor = await addUser(bastion.admin, bastion.product.url, '张敏', 'auditor');
    const socket = await openPageAs(bastion.product, alice);
    const shell = await openShell(socket, alice, bastion.target);
    const context = await bastion.signedIn(auditor, { locale: 'en-GB' });
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(`${bastion.product.url}/live`);
    const tile = page.locator(`[data-session="${shell.opened.sessionId}"]`);
    await tile.waitFor();
    await until('a picture', async () => (await tile.locator('canvas').getAttribute('data-offset')) !== null);
    expect(await tile.locator('[data-act]').count()).toBe(1);
    expect(loaded.filter((url) => /emulator|xterm/.test(url))).toEqual([]);
    await tile.focus();
    await page.keyboard.press('Enter');
    await shows(page, /ready> /);
    expect(await page.locator('.wbar .end button').count()).toBe(0);
    await context.close();
    shell.close();
    await until('the end', () => shell.ended);
    socket.drop();
  });
});
