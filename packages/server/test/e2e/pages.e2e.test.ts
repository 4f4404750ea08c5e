/**
 * Every page, by eye and by rule: axe finds nothing (WCAG 2.2 AA), nothing scrolls sideways, no page complains on the
 * console, in both themes, both languages, wide and at 360 px. SHOTS=DIR keeps the pictures.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { ADMIN, addUser, openPageAs, openShell, type Person } from '../fixtures/product.js';
import { freePort } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS = [
  { theme: 'light', language: 'en', width: 1440, height: 900 },
  { theme: 'dark', language: 'zh-CN', width: 1440, height: 900 },
  { theme: 'light', language: 'zh-CN', width: 360, height: 740 },
  { theme: 'dark', language: 'en', width: 360, height: 740 },
] as const;

const bastion = standBastion('web-01', { withBrowser: true });
let recordingId: string;
/** A host whose key waits to be compared. */
let begunId: string;
let auditor: Person;
/** One that runs while the pages are looked at. */
let liveId: string;

beforeAll(async () => {
  await bastion.admin.call('PATCH', `hosts/${bastion.target.host.id}`, { labels: { env: 'prod', team: '订单' } });
  // V34: names that would be markup, control characters or endless, were they not text.
  await bastion.admin.call('POST', 'hosts', {
    name: '<img-src=x-onerror=alert(1)>',
    address: 'a-very-long-name-of-a-host.in-a-region.of-some-cloud.internal.example.com',
    port: await freePort(),
    labels: { env: 'staging', note: '<script>alert(1)</script>' },
  });
  await bastion.admin.call('POST', 'hosts', {
    name: '网关-备用',
    address: '10.9.8.7',
    port: 22,
    labels: { env: 'dev' },
  });
  const begun = await bastion.admin.call<{ id: string }>('POST', 'hosts', {
    name: 'job-12',
    address: '127.0.0.1',
    port: bastion.sshd.port,
    labels: { env: 'staging' },
  });
  begunId = begun.id;
  await bastion.admin.call('POST', `hosts/${begunId}/test`, {});
  auditor = await addUser(bastion.admin, bastion.product.url, '张敏', 'auditor');
  await fetch(`${bastion.product.url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: bastion.product.url },
    body: JSON.stringify({ name: '\u001b]0;x\u0007\r\n<img src=x onerror=alert(1)>', password: 'wrong' }),
  });
  const page = await bastion.openPage();
  const terminal = await bastion.openShell(page);
  terminal.type('for i in 1 2 3; do echo 第$i行; sleep 0.3; done\r');
  await until('the output', () => terminal.text().includes('第3行'));
  recordingId = terminal.opened.sessionId;
  await whatOthersDo(recordingId);
  terminal.type('exit\r');
  await until('the session to end', () => terminal.ended);
  await bastion.admin.call('POST', `recordings/${recordingId}/notes`, { atMs: 400, text: '这里：<b>loop</b>' });
  page.drop();
  const operator = await addUser(bastion.admin, bastion.product.url, '陈静');
  // On a recording, on a user, and on one that is gone.
  const gone = await addUser(bastion.admin, bastion.product.url, '已离职');
  for (const held of [`recordings/${recordingId}`, `users/${gone.me.user.id}`, `users/${operator.me.user.id}`])
    await bastion.admin.call('PUT', `${held}/hold`, { reason: '案件 12：https://cases.example/'.padEnd(200, 'a') });
  await bastion.admin.call('DELETE', `users/${gone.me.user.id}`);
  const running = await openShell(await openPageAs(bastion.product, operator), operator, bastion.target);
  running.type('clear; ls --color=always -l /etc | head -30; printf "中文 \\033[41mred\\033[0m\\n"\r');
  liveId = running.opened.sessionId;
});

/** Events of each kind for the replay page, one with more words than there is room for. */
async function whatOthersDo(id: string): Promise<void> {
  const { admin, product } = bastion;
  const eve = await addUser(admin, product.url, 'eve');
  await admin.call('POST', `sessions/${id}/freeze`, { reason: '主机选错了 <b>wrong host</b> '.repeat(6).trim() });
  await admin.call('POST', `sessions/${id}/message`, { text: 'https://wiki.example/'.padEnd(160, 'a') });
  await eve.request('POST', `sessions/${id}/freeze`, { reason: 'mine' });
  await admin.call('POST', `sessions/${id}/unfreeze`, {});
}

const routes = (): readonly (readonly [name: string, path: string, ready: string])[] => [
  ['connect', '/connect', 'table'],
  ['terminal-empty', '/terminal', 'main'],
  ['live', '/live', '.tile canvas[data-offset]'],
  ['live-table', '/live?view=table', 'table'],
  ['live-none', '/live?q=nobody-of-that-name', '.empty'],
  ['watch', `/live/${liveId}`, '.xterm-rows'],
  ['recordings', '/recordings', 'table'],
  ['holds', '/recordings/holds', 'main table'],
  ['replay', `/recordings/${recordingId}`, '.xterm-rows'],
  ['audit', '/audit', 'table'],
  ['hosts', '/inventory/hosts', 'table'],
  ['host-new', '/inventory/hosts/new', 'form'],
  ['host', `/inventory/hosts/${bastion.target.host.id}`, 'main h2, main h3'],
  ['host-key', `/inventory/hosts/${begunId}`, 'main form, main .fp'],
  ['users', '/inventory/users', 'table'],
  ['settings', '/settings', 'main table, main dl, main section'],
  ['me', '/me', 'main form'],
  ['terminal', `/terminal?open=${bastion.target.host.id}.${bastion.target.accountId}`, '.xterm-rows'],
];

/** What lies over a page. */
const OVER: Readonly<Record<string, readonly { readonly name: string; open(page: Page): Promise<void> }[]>> = {
  audit: [{ name: 'palette', open: (page) => page.keyboard.press('Control+k') }],
  settings: [
    { name: 'keys', open: (page) => page.keyboard.press('?') },
    {
      name: 'drawer',
      open: async (page) => {
        const menu = page.locator('header .only-s');
        // Wide, the rail stands there and the keys are listed once more.
        await ((await menu.isVisible()) ? menu.click() : page.keyboard.press('?'));
      },
    },
  ],
  users: [
    { name: 'user-new', open: (page) => page.locator('main .bar .btn').click() },
    {
      name: 'user-hold',
      open: async (page) => {
        await page.locator('main tbody .menu-at button').first().click();
        await page.getByRole('menuitem').first().click();
      },
    },
  ],
  replay: [
    {
      name: 'export-part',
      open: async (page) => {
        const button = page.locator('.wbar .menu-at button');
        await button.scrollIntoViewIfNeeded();
        // A menu closes when the page scrolls, and this is told a frame later.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        await button.click();
        await page.getByRole('menuitem').last().click();
      },
    },
  ],
  watch: [
    { name: 'freeze', open: (page) => page.keyboard.press('f') },
    { name: 'message', open: (page) => page.keyboard.press('m') },
    {
      name: 'end',
      open: async (page) => {
        await page.keyboard.press('e');
        await page.locator('dialog .seg button').nth(1).click();
      },
    },
  ],
  host: [{ name: 'account-new', open: (page) => page.locator('main .card header .btn').last().click() }],
};

/** What a page shows beside its subject, by its key, with something in it. */
const BESIDE: Readonly<Record<string, readonly { readonly name: string; open(page: Page): Promise<void> }[]>> = {
  replay: [
    {
      name: 'replay-find',
      open: async (page) => {
        await page.keyboard.press('/');
        await page.locator('.rfind input').fill('第');
        await page.locator('.rhits li').nth(2).waitFor();
      },
    },
    {
      name: 'replay-events',
      open: async (page) => {
        await page.keyboard.press('e');
        await page.locator('.revents li').nth(3).waitFor();
      },
    },
    {
      name: 'replay-notes',
      open: async (page) => {
        await page.keyboard.press('m');
        await page.locator('.rwrite').waitFor();
        await page.locator('.rnotes li').first().waitFor();
      },
    },
  ],
};

/** Connect, opened by somebody who may not. */
async function examineBarred(look: (typeof LOOKS)[number]): Promise<string[]> {
  const context = await newContext(look);
  const [name = '', value = ''] = (auditor.headers.cookie ?? '').split('=');
  await context.addCookies([{ name, value, url: bastion.product.url }]);
  const page = await context.newPage();
  await page.goto(`${bastion.product.url}/connect`);
  await page.locator('main h2').waitFor();
  const found = await examine(page, 'not-for-role', look);
  await context.close();
  return found;
}

describe('pages', () => {
  for (const look of LOOKS) {
    it(`${look.theme}, ${look.language}, ${look.width} px: accessible, in its frame, silent`, async () => {
      const found: string[] = [];
      const context = await newContext(look);
      const page = await context.newPage();
      page.on('pageerror', (error) => found.push(`${page.url()}: ${error}`));
      page.on('console', (message) => {
        if (message.type() === 'error') found.push(`${page.url()}: ${message.text()}`);
      });
      page.on('dialog', (dialog) => {
        found.push(`${page.url()}: a dialog, ${dialog.type()}`);
        void dialog.accept();
      });
      await page.goto(`${bastion.product.url}/sign-in`);
      await page.locator('input[type=password]').waitFor();
      found.push(...(await examine(page, 'sign-in', look)));
      await page.locator('input').first().fill(ADMIN.name);
      await page.locator('input[type=password]').fill(ADMIN.password);
      await page.locator('input[type=password]').press('Enter');
      await page.locator('main').waitFor();
      await page.waitForURL(/connect/);
      for (const [name, path, ready] of routes()) {
        await page.goto(bastion.product.url + path);
        await page.locator(ready).first().waitFor();
        if (ready === '.xterm-rows') {
          await until(
            'text on the terminal',
            async () => ((await page.locator('.xterm-rows').textContent()) ?? '').trim().length > 0,
          );
        }
        found.push(...(await examine(page, name, look)));
        for (const beside of BESIDE[name] ?? []) {
          await beside.open(page);
          found.push(...(await examine(page, beside.name, look)));
          await page.locator('body').click({ position: { x: 1, y: 1 } });
        }
        for (const over of OVER[name] ?? []) {
          await over.open(page);
          await page.locator('dialog[open]').waitFor();
          found.push(...(await examine(page, over.name, look)));
          await page.keyboard.press('Escape');
          await page.locator('dialog[open]').waitFor({ state: 'detached' });
        }
      }
      await page.close({ runBeforeUnload: false });
      await context.close();
      found.push(...(await examineBarred(look)));
      // A refused ending is a failure of the page, not of the look.
      expect(found.filter((line) => !line.includes('beforeunload'))).toEqual([]);
    });
  }
});

async function newContext(look: (typeof LOOKS)[number]): Promise<BrowserContext> {
  const context = await bastion.browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
    locale: look.language === 'en' ? 'en-GB' : 'zh-CN',
    hasTouch: look.width < 500,
  });
  return context;
}

async function examine(page: Page, name: string, look: (typeof LOOKS)[number]): Promise<string[]> {
  const found: string[] = [];
  const folder = process.env.SHOTS;
  if (folder !== undefined) {
    await page.screenshot({ path: join(folder, `${name}-${look.theme}-${look.language}-${look.width}.png`) });
  }
  const state = await page.evaluate(() => ({
    theme: document.documentElement.dataset.theme,
    language: document.documentElement.lang,
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  if (state.theme !== look.theme) found.push(`${name}: theme ${state.theme}`);
  if (state.language !== look.language) found.push(`${name}: language ${state.language}`);
  if (state.over > 0) found.push(`${name}: scrolls ${state.over} px sideways`);
  await page.evaluate(AXE); // by the debugger: the page's policy forbids scripts put into it
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          where: Document,
          options: object,
        ): Promise<{
          passes: object[];
          violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
        }>;
      };
    };
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'target-size': { enabled: true } },
    });
    if (result.passes.length < 5) return ['axe looked at nothing'];
    return result.violations.map(
      (one) =>
        `${one.id} at ${one.nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary})`).join('; ')}`,
    );
  });
  found.push(...violations.map((one) => `${name}: ${one}`));
  return found;
}
