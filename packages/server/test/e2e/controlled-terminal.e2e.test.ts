/** What a user's own page shows while others hold its input, write to it and end it. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, type Person } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let wang: Person;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  wang = await addUser(bastion.admin, bastion.product.url, 'wang', 'admin');
  context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1000, height: 600 } });
  page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.accept());
});

const rows = async (): Promise<string> =>
  (await page.locator('.xterm-rows').first().innerText()).replaceAll('\u00a0', ' ');
const shows = (what: RegExp): Promise<string> =>
  until(`the terminal to show ${what}`, async () => {
    const text = await rows();
    return what.test(text) ? text : undefined;
  });
async function opened(): Promise<string> {
  await page.goto('about:blank');
  await page.goto(`${bastion.product.url}/terminal?open=${bastion.target.host.id}.${bastion.target.accountId}`);
  await page.locator('.xterm-rows').first().waitFor();
  await shows(/[#$] /);
  await page.keyboard.insertText("PS1='ready> '; clear");
  await page.keyboard.press('Enter');
  await shows(/^ready> /);
  const { items } = await wang.call<{ items: SessionAnswer[] }>('GET', 'sessions?state=live');
  return items[0]!.id;
}
const control = (id: string, what: string, body?: object): Promise<void> =>
  wang.call('POST', `sessions/${id}/${what}`, body);

describe('a terminal that others act on', () => {
  it('F20: says who holds the keys and why, as long as it is so, also after a reload', async () => {
    const id = await opened();
    await control(id, 'freeze', { reason: 'wrong table' });
    const strip = page.locator('.strip-note.frozen');
    await strip.getByText(/wang holds your keys since .* “wrong table”/).waitFor();
    await page.keyboard.insertText('echo dropped');
    await page.reload();
    await strip.getByText(/wang holds your keys/).waitFor();
    await shows(/^ready> /);
    await control(id, 'unfreeze');
    await page.getByText('wang let your keys go. 12 typed bytes were dropped.').waitFor();
    await strip.waitFor({ state: 'detached' });
    await page.locator('.xterm').first().click();
    await page.keyboard.insertText('echo on$((1+1))');
    await page.keyboard.press('Enter');
    expect(await shows(/^on2/m)).not.toContain('dropped');
    await control(id, 'end', {});
  });

  it('shows a message with its sender until it is closed, and takes no row from the screen', async () => {
    const id = await opened();
    const before = await page.locator('.xterm-rows > div').count();
    await control(id, 'message', { text: '请先停手\n<b>now</b>' });
    const said = page.locator('.strip-note.said');
    await said.getByText(/wang, \d\d:\d\d:\d\d:/).waitFor();
    expect(await said.innerText()).toContain('请先停手\n<b>now</b>');
    await page.keyboard.insertText('echo typed');
    await shows(/echo typed/);
    expect(await said.count()).toBe(1);
    expect(await page.locator('.xterm-rows > div').count()).toBe(before);
    await page.getByRole('button', { name: 'Close this message' }).click();
    await said.waitFor({ state: 'detached' });
    await control(id, 'end', {});
  });

  it('S35: ended in the middle of vim, it shows the shell’s screen again and a sentence: who, why, what next', async () => {
    const id = await opened();
    await page.keyboard.insertText("echo kept; vim -u NONE -N -c 'set mouse=a'");
    await page.keyboard.press('Enter');
    await shows(/~\s*\n~/);
    await until('vim to have the mouse', () => page.locator('.xterm.enable-mouse-events').count());
    expect(await rows()).not.toContain('kept');
    await control(id, 'end', { preset: 'security', reason: 'wrong \u4e3b\u673a' });
    const text = await shows(/Ended by wang/);
    expect(text).toContain('kept');
    expect(text).toMatch(/Ended by wang: “security, wrong 主机”\. Press Enter to open a new session/);
    expect(await page.locator('.xterm.enable-mouse-events').count()).toBe(0);
    await page.locator('.xterm').first().click();
    await page.keyboard.press('Enter');
    await shows(/new session[\s\S]*[#$] /);
  });
});
