/** What others did around a session, on its replay page: listed, drawn, gone to by key; and what is looked for is told. */
import type { AuditAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, openPageAs, openShell, type Person } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';
import { openWatchPage } from '../fixtures/watch-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let id: string;
let operator: Person;
let page: Page;

beforeAll(async () => {
  const { admin, product } = bastion;
  operator = await addUser(admin, product.url, 'olga');
  const eve = await addUser(admin, product.url, 'eve');
  const socket = await openPageAs(product, operator);
  const terminal = await openShell(socket, operator, bastion.target);
  id = terminal.opened.sessionId;
  const watchers = await openWatchPage(`${product.url.replace('http', 'ws')}/api/v1/watch`, admin.headers);
  const { ticket } = await admin.call<{ ticket: string }>('POST', `sessions/${id}/watch-tickets`, {});
  const watch = watchers.watch(ticket);
  await until('the screen', () => watch.screens > 0);
  await admin.call('POST', `sessions/${id}/freeze`, { reason: 'wrong <b>host</b>' });
  terminal.type('abc');
  await admin.call('POST', `sessions/${id}/message`, { text: 'call me' });
  expect((await eve.request('POST', `sessions/${id}/end`, {})).status).toBe(404);
  await admin.call('POST', `sessions/${id}/unfreeze`, {});
  watch.close();
  watchers.drop();
  await until('the watching to be over', async () => {
    const { items } = await admin.call<{ items: AuditAnswer[] }>('GET', `audit?target=session:${id}&limit=50`);
    return items.some(({ action }) => action === 'session.watch-end');
  });
  terminal.type('printf "alpha%s\\n" -one; exit\r');
  await until('the session to end', () => terminal.ended);
  socket.drop();
  page = await (await bastion.signedIn(admin, { locale: 'en-GB', viewport: { width: 1440, height: 900 } })).newPage();
});
afterAll(async () => {
  await page?.context().close();
});

const slider = (of: Page) => of.getByRole('slider', { name: 'Position' });
const list = (of: Page) => of.getByRole('list', { name: 'Events' }).getByRole('button');
const open = async (of: Page): Promise<void> => {
  await of.goto(`${bastion.product.url}/recordings/${id}?t=0.1`);
  await slider(of).waitFor();
};
const finds = async (): Promise<AuditAnswer[]> =>
  (await bastion.admin.call<{ items: AuditAnswer[] }>('GET', 'audit?action=recording.find&limit=50')).items;

describe('events of a session on its replay page', () => {
  it('are listed in their order, in words, as text; each once though the recording has marks of them', async () => {
    await open(page);
    await page.keyboard.press('e');
    await list(page).first().waitFor();
    await until('all of them', async () => (await list(page).count()) === 5);
    const [watched, frozen, message, denied, unfrozen] = await list(page).allInnerTexts();
    expect(watched).toMatch(/admin watched for 00:0\d/);
    expect(frozen).toMatch(/admin held the input\s+wrong <b>host<\/b>/);
    expect(message).toMatch(/Message from admin\s+call me/);
    expect(denied).toContain('eve was refused: end a session');
    expect(unfrozen).toMatch(/admin let the input go, \d typed bytes? dropped/);
    expect(await page.getByRole('button', { name: 'Events 5' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('are reached and followed by keyboard alone, and told by name on the strip', async () => {
    await open(page);
    await page.locator('body').press('e');
    await until('the list to have the focus', () =>
      page.evaluate(() => document.activeElement?.closest('.revents') !== null),
    );
    for (let down = 0; down < 4; down += 1) await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('eve was refused');
    await page.keyboard.press('Enter');
    await until('its name at the position', async () =>
      ((await slider(page).getAttribute('aria-valuetext')) ?? '').includes('eve was refused: end a session'),
    );
    expect(await slider(page).getAttribute('aria-valuetext')).toContain('admin watched');
    for (const mark of ['watched', 'control', 'denied']) await page.locator(`.ctl .lg.${mark}`).waitFor();
    expect(await page.locator('.ctl .lg.input').count()).toBe(0);
  });

  it('paint the strip: red where somebody was refused', async () => {
    await open(page);
    await page.keyboard.press('e');
    await list(page).first().waitFor();
    const red = () =>
      page.locator('.strip canvas').evaluate((canvas: HTMLCanvasElement) => {
        const style = getComputedStyle(canvas).getPropertyValue('--danger').trim();
        const probe = document.createElement('canvas').getContext('2d')!;
        probe.fillStyle = style;
        probe.fillRect(0, 0, 1, 1);
        const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) found += 1;
        return found;
      });
    await until('red on the strip', async () => (await red()) > 20);
  });

  it('W7: the session’s own user sees who watched, not who else was refused', async () => {
    const context = await bastion.signedIn(operator, { locale: 'zh-CN' });
    const own = await context.newPage();
    await own.goto(`${bastion.product.url}/recordings/${id}?t=0.1`);
    await own.locator('.strip').waitFor();
    await own.keyboard.press('e');
    await until('her events', async () => (await own.locator('.revents button').count()) === 4);
    const text = await own.locator('.revents').textContent();
    expect(text).toContain('admin 旁观了');
    expect(text).not.toContain('eve');
    await context.close();
  });
});

describe('what is looked for in a recording', () => {
  it('W31: is a row of the audit log: when typing pauses or Enter is pressed, once for each text', async () => {
    await open(page);
    await page.locator('body').press('/');
    await page.keyboard.type('alpha-one', { delay: 20 });
    await page.getByText('1 match', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 1').waitFor();
    expect((await finds()).map(({ actor, target, detail }) => [actor, target, detail?.text])).toEqual([
      ['admin', `recording:${id}`, 'alpha-one'],
    ]);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('no match', { exact: true }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('alpha-one');
    await page.keyboard.press('Enter');
    await page.getByText('1 match', { exact: true }).waitFor();
    expect((await finds()).map(({ detail }) => detail?.text)).toEqual(['nowhere', 'alpha-one']);
  });

  it('W31: is not looked for when the audit log cannot be told', async () => {
    await open(page);
    await page.route('**/finds', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.locator('body').press('/');
    await page.keyboard.type('alpha');
    await page.keyboard.press('Enter');
    await page.getByText('not searched: the audit log could not be told').waitFor();
    expect(await page.locator('.rhits li').count()).toBe(0);
    await page.unroute('**/finds');
  });
});
