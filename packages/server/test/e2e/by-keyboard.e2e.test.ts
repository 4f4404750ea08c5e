/** The console without a mouse, and what it does by itself: keys, focus, a list that follows, a sign-in that ends. */
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { ADMIN } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let page: Page;

beforeAll(async () => {
  const zh = await bastion.admin.call<{ id: string }>('POST', 'hosts', {
    name: '支付网关',
    address: '10.9.8.7',
    port: 22,
  });
  await bastion.admin.call('POST', `hosts/${zh.id}/accounts`, {
    login: 'app',
    secret: { kind: 'password', password: 'x' },
  });
  page = await (
    await bastion.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  ).newPage();
});

/** The accessible name of what has the focus, or its text. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
  });

describe('the console by keyboard', () => {
  it('signs in, finds a host by its letters and opens its shell with Enter', async () => {
    await page.goto(`${bastion.product.url}/sign-in`);
    await page.getByLabel('User name').waitFor();
    await page.keyboard.type(ADMIN.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connect/);
    await until('the search to have the focus', async () => (await focused()) === 'Find a host');
    await page.keyboard.type('wb1');
    await page.getByText('1 match').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(
      (url) => url.searchParams.get('open') === `${bastion.target.host.id}.${bastion.target.accountId}`,
    );
    await page.locator('.xterm-rows').waitFor();
  });

  it('moves with g and a letter, never while a field has the focus (WCAG 2.1.4)', async () => {
    await page.goto(`${bastion.product.url}/inventory/hosts`);
    await page.getByRole('table').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/recordings$/);
    await page.getByLabel('User, host or login').focus();
    await page.keyboard.type('ga');
    await page.waitForURL(/q=ga/);
    expect(new URL(page.url()).pathname).toBe('/recordings');
  });

  it('`?` lists the keys, and g with each letter it names leads to that page', async () => {
    await page.goto(`${bastion.product.url}/settings`);
    await page.locator('main section').first().waitFor();
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await list.waitFor();
    const chords = (await list.locator('dt').allTextContents()).filter((keys) => keys.startsWith('g '));
    expect(chords).toEqual(['g c', 'g l', 'g r', 'g a', 'g i', 'g s']);
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    const leads = { c: '/connect', l: '/live', r: '/recordings', a: '/audit', i: '/inventory/hosts', s: '/settings' };
    for (const [key, path] of Object.entries(leads)) {
      // Connect gives its search box the focus, where letters are letters.
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === path);
      await page.locator('main :is(table, section)').first().waitFor();
    }
  });

  it('a dialog begins at its first field and gives the focus back', async () => {
    await page.goto(`${bastion.product.url}/inventory/users`);
    await page.getByRole('button', { name: 'Add user' }).focus();
    await page.keyboard.press('Enter');
    await until('the first field', () => page.evaluate(() => document.activeElement?.tagName === 'INPUT'));
    await page.keyboard.press('Escape');
    await until('the opener', async () => (await focused()) === 'Add user');
    await page.getByRole('button', { name: 'More for admin' }).focus();
    await page.keyboard.press('Enter');
    await until('the first item', async () => (await focused()) === 'Edit…');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Set a new password…');
    await page.keyboard.press('Escape');
    await until('the opener', async () => (await focused()) === 'More for admin');
  });

  it('the palette finds a host by the initials of its pinyin, and pages by name', async () => {
    await page.keyboard.press('Control+k');
    await until('the box', async () => (await focused()) === 'Find a host, a recording or a page');
    await page.keyboard.type('zfwg');
    await page.getByRole('option', { name: '支付网关' }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('settings');
    await page.getByRole('option', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings$/);
  });
});

describe('by itself', () => {
  it('X1: the files of a terminal are fetched while the person chooses: the press fetches none', async () => {
    const files = (): Promise<string[]> =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => /\/assets\//.test(name)),
      );
    await page.goto(`${bastion.product.url}/connect`);
    const button = page.getByRole('button', { name: /^Connect to web-01/ });
    await button.waitFor();
    const quiet = await until('the fetching to be over', async () => {
      const before = await files();
      await page.waitForLoadState('networkidle');
      const after = await files();
      return before.length === after.length && after.some((name) => /page-.*\.css$/.test(name)) ? after : undefined;
    });
    await button.click();
    await page.locator('.xterm-rows').waitFor();
    expect((await files()).filter((name) => !quiet.includes(name))).toEqual([]);
  });

  it('the palette plays a recording by the names in it, newest first', async () => {
    const socket = await bastion.openPage();
    const terminal = await bastion.openShell(socket);
    terminal.type('exit\r');
    await until('the session to end', () => terminal.ended);
    socket.drop();
    await page.goto(`${bastion.product.url}/settings`);
    await page.locator('main section').first().waitFor();
    await page.keyboard.press('Control+k');
    await until('the box', async () => (await focused()) === 'Find a host, a recording or a page');
    await page.keyboard.type('web-01');
    const newest = page.getByRole('group', { name: 'Recordings' }).getByRole('option').first();
    await newest.getByText('admin on web-01').waitFor();
    await newest.click();
    await page.waitForURL((url) => url.pathname === `/recordings/${terminal.opened.sessionId}`);
  });

  it('S25: the list of sessions shows an end without a reload', async () => {
    const socket = await bastion.openPage();
    const terminal = await bastion.openShell(socket);
    await page.goto(`${bastion.product.url}/recordings?state=open`);
    const row = page.getByRole('row').filter({ hasText: 'web-01' });
    await row.getByText('live', { exact: true }).first().waitFor();
    await page.goto(`${bastion.product.url}/recordings`);
    await row.getByText('live', { exact: true }).first().waitFor();
    terminal.type('exit 3\r');
    await page.getByText('shell ended with status 3').waitFor();
    socket.drop();
  });

  it('V37: a pasted fingerprint that differs bars the trust', async () => {
    const made = await bastion.admin.call<{ id: string }>('POST', 'hosts', {
      name: 'untrusted',
      address: '127.0.0.1',
      port: bastion.sshd.port,
    });
    await bastion.admin.call('POST', `hosts/${made.id}/test`, {});
    await page.goto(`${bastion.product.url}/inventory/hosts`);
    await page.getByRole('link', { name: 'Approve… untrusted' }).click();
    await page.waitForURL((url) => url.pathname === `/inventory/hosts/${made.id}`);
    const box = page.getByLabel('Paste the fingerprint to compare');
    const trust = page.getByRole('button', { name: 'Trust this key' });
    await box.fill(`256 SHA256:${'A'.repeat(43)} root@elsewhere (ED25519)`);
    await page.getByText(/Do not trust this key/).waitFor();
    expect(await trust.isDisabled()).toBe(true);
    await box.fill('');
    expect(await trust.isEnabled()).toBe(true);
  });

  it('S59: a sign-in that ended leads to the door, says so, and back to the same place', async () => {
    await page.goto(`${bastion.product.url}/audit`);
    await page.getByRole('table').waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Your sign-in ended.').waitFor();
    await page.getByLabel('User name').fill(ADMIN.name);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings$/);
  });

  it('an authenticator set up by the picture’s secret is asked for at the next sign-in', async () => {
    await page.goto(`${bastion.product.url}/me`);
    await page.getByRole('button', { name: 'Set up an authenticator' }).click();
    const secret = (await page.locator('.enrol code').textContent()) ?? '';
    const code = (offset: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + offset });
    await page.getByLabel('Six digits it shows now').fill(code(0));
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    const recovery = await page.locator('.codes code').allTextContents();
    expect(recovery).toHaveLength(10);
    await page.getByRole('button', { name: 'I have kept them' }).click();

    await page.context().clearCookies();
    await page.goto(`${bastion.product.url}/sign-in`);
    await page.getByLabel('User name').fill(ADMIN.name);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.keyboard.press('Enter');
    // The code just used is spent; a recovery code works once instead.
    await page.getByLabel('Code').fill(recovery[0] ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connect/);
  });
});
