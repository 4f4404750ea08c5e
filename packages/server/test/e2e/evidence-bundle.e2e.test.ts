/**
 * The evidence bundle as who receives it has it: one file, opened from disk, the network off. Row S11, V33, V47.
 * SHOTS=DIR keeps the pictures.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import headless from '@xterm/headless';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { until } from '../fixtures/terminal-page.js';
import { openWatchPage } from '../fixtures/watch-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const EVIL = '</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>';
const bastion = standBastion('<img-src=x-onerror=alert(1)>', {
  withBrowser: true,
  env: { SALLYPORT_RECORDING_ENCRYPTION: 'on' },
});
const folder = mkdtempSync(join(tmpdir(), 'sallyport-evidence-'));
let id: string;
let file: string;
let bundle: string;
let key: { readonly kid: string };
/** Rows of the screen as the live page had them last. */
let live: readonly string[];

beforeAll(async () => {
  const page = await bastion.openPage();
  const terminal = await bastion.openShell(page);
  const watchers = await openWatchPage(
    `${bastion.product.url.replace('http', 'ws')}/api/v1/watch`,
    bastion.admin.headers,
  );
  const sessionId = terminal.opened.sessionId;
  const ticket = await bastion.admin.call<{ ticket: string }>('POST', `sessions/${sessionId}/watch-tickets`, {});
  const watch = watchers.watch(ticket.ticket);
  await until('the watcher’s screen', () => watch.screens > 0);
  watch.close();
  watchers.drop();
  await until('the end of the watching', async () => {
    const rows = await bastion.admin.call<{ items: unknown[] }>('GET', 'audit?action=session.watch-end&limit=1');
    return rows.items.length > 0;
  });
  terminal.type(`clear; printf '%s\\n' '${EVIL}' 第一行 $'\\033[31mred\\033[0m'; seq 3; exit\r`);
  await until('the session to end', () => terminal.ended);
  id = terminal.opened.sessionId;
  live = await screenAfter(Buffer.concat(terminal.chunks));
  page.drop();
  await bastion.admin.request('GET', `recordings/${id}/verify`);
  const answer = await bastion.admin.request('GET', `recordings/${id}/evidence`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="sallyport-${id}-evidence.html"`);
  bundle = await answer.text();
  file = join(folder, 'bundle.html');
  writeFileSync(file, bundle);
  const keys = (await (await fetch(`${bastion.product.url}/api/v1/signing-keys`)).json()) as { keys: [typeof key] };
  key = keys.keys[0];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an emulator shows after these bytes. */
async function screenAfter(bytes: Uint8Array): Promise<readonly string[]> {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  await new Promise<void>((parsed) => terminal.write(bytes, parsed));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: 24 }, (_, n) => active.getLine(active.baseY + n)?.translateToString(true) ?? '');
  return rows.map((row) => row.trimEnd());
}

const screenOf = (page: Page): Promise<string[]> =>
  page.$$eval('.xterm-rows > div', (rows) =>
    rows.map((row) => (row.textContent ?? '').replace(/\u00a0/g, ' ').trimEnd()),
  );

async function open(
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext; said: string[] }> {
  const context = await bastion.browser.newContext({ locale: 'en-GB', offline: true, ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) said.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, context, said };
}
const textOf = async (page: Page, selector: string): Promise<string> => (await page.textContent(selector)) ?? '';
const verdictOf = (page: Page): Promise<string | null> =>
  page.waitForSelector('[data-verdict]').then((card) => card.getAttribute('data-verdict'));

test('V47: opened from disk without a network it shows the last screen, and verifies', async () => {
  const { page, context, said } = await open(file);
  expect(await verdictOf(page)).toBe('stands');
  const text = await textOf(page, '.verdict');
  expect(text).toContain('nothing in it was changed');
  expect(text).toContain(key.kid);
  await page.waitForSelector('.player[data-state="ended"]');
  await until('the last screen', async () => (await screenOf(page)).join('\n') === live.join('\n') || undefined);
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  const body = await textOf(page, '.below');
  // What concerns it: the opening, the end, who verified it, and this very download.
  for (const word of ['Session began', 'admin', 'format: evidence', 'sealed (', 'Recording verified'])
    expect(body).toContain(word);
  expect(said).toEqual([]);
  await context.close();
});

test('W31: who watched while it ran is told beside who looked afterwards: when, and how long', async () => {
  const { page, context } = await open(file, { locale: 'zh-CN' });
  const card = page.locator('section.card', { hasText: '谁看过或取走' });
  const [watched] = await card.locator('table').last().locator('tbody tr').all();
  const cells = (await watched?.locator('td').allTextContents()) ?? [];
  expect(cells[0]).toBe('admin');
  expect(cells[2]).toMatch(/^00:0\d$/);
  expect(cells[3]).toBe('在单独页面');
  await page.click('text=English');
  await page.getByRole('heading', { name: 'Who watched while it ran' }).waitFor();
  await context.close();
});

test('X22: it plays from the front, and steps by key and by slider', async () => {
  const { page, context } = await open(file);
  await page.waitForSelector('.player[data-state="ended"]');
  await page.keyboard.press('Home');
  await page.waitForSelector('.player[data-state="paused"]');
  await until(
    'the first screen',
    async () => !(await screenOf(page)).some((row) => row.startsWith('第一行')) || undefined,
  );
  await page.selectOption('.controls select', '16');
  await page.click('.play');
  await page.waitForSelector('.player[data-state="ended"]');
  expect((await screenOf(page)).join('\n')).toBe(live.join('\n'));
  await context.close();
});

test('X18: a step back in much output is quick, and gives that very screen', async () => {
  const socket = await bastion.openPage();
  const terminal = await bastion.openShell(socket);
  terminal.type('seq 1 400000; sleep 0.2; clear; echo la""st; exit\r');
  await until('the session to end', () => terminal.ended, 30_000);
  socket.drop();
  const long = terminal.opened.sessionId;
  const path = join(folder, 'long.html');
  // The page is told of the end before the recording is sealed.
  const answer = await until('the bundle', async () => {
    const asked = await bastion.admin.request('GET', `recordings/${long}/evidence`);
    return asked.status === 200 ? asked : undefined;
  });
  writeFileSync(path, await answer.text());
  const cast = await (await bastion.admin.request('GET', `recordings/${long}/export?format=asciicast-v2`)).text();
  const events = cast
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as [number, string, string]);
  const printed = events.filter(([, kind]) => kind === 'o');
  const { page, context } = await open(path);
  await page.waitForSelector('.player[data-state="ended"]', { timeout: 60_000 });
  await until('the last screen', async () => (await screenOf(page)).some((row) => row === 'last') || undefined);
  for (const part of [0.9, 0.5, 0.2]) {
    const at = printed[Math.floor(printed.length * part)]![0];
    const shown = printed.filter(([seconds]) => seconds <= at).map(([, , text]) => text);
    const expected = await screenAfter(Buffer.from(shown.join('')));
    const ms = await page.evaluate(async (seconds) => {
      const slider = document.querySelector<HTMLInputElement>('#position')!;
      const player = document.querySelector<HTMLElement>('.player')!;
      const began = performance.now();
      slider.value = String(seconds * 1_000);
      slider.dispatchEvent(new Event('input'));
      while (player.dataset.state !== 'paused') await new Promise((again) => setTimeout(again, 1));
      return performance.now() - began;
    }, at);
    await until('that screen', async () => (await screenOf(page)).join('\n') === expected.join('\n') || undefined);
    console.info(`back to ${part}: ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(1_000);
  }
  await context.close();
});

test('a key or fingerprint that the reader brings decides', async () => {
  const { page, context } = await open(file);
  await verdictOf(page);
  const give = async (text: string): Promise<void> => {
    await page.fill('#key', text);
    await page.click('text=Check with this key');
  };
  await give(key.kid);
  await page.waitForSelector('text=It is signed with the key that you gave.');
  await give(JSON.stringify({ ...key, x: Buffer.alloc(32, 9).toString('base64url') }));
  await page.waitForSelector('[data-verdict="other-key"]');
  await give('nonsense');
  await page.waitForSelector('[role="alert"]');
  await context.close();
});

test('the container comes out of it byte for byte', async () => {
  const { page, context } = await open(file);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('footer a')]);
  const raw = Buffer.from(
    await (await bastion.admin.request('GET', `recordings/${id}/export?format=raw`)).arrayBuffer(),
  );
  expect(readFileSync((await download.path()) ?? '').equals(raw)).toBe(true);
  expect(download.suggestedFilename()).toBe(`sallyport-${id}.sprec`);
  await context.close();
});

test('V47: a changed byte of the container is found, and where', async () => {
  const [, base64 = ''] = /class="sallyport-container" data-bytes="\d+">([^<]*)</.exec(bundle) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const changed = join(folder, 'changed.html');
  writeFileSync(changed, bundle.replace(base64, bytes.toString('base64')));
  const { page, context } = await open(changed);
  expect(await verdictOf(page)).toBe('damaged');
  const [from, to] = (await textOf(page, '.verdict tbody td:nth-child(2)')).split(' – ').map(Number);
  expect(from).toBeLessThanOrEqual(at);
  expect(to).toBeGreaterThanOrEqual(at);
  expect(await textOf(page, '.verdict')).toContain('Bytes were changed');
  await page.click('text=中文');
  expect(await textOf(page, '.verdict')).toContain('字节被改动');
  await context.close();

  const broken = join(folder, 'broken.html');
  writeFileSync(broken, bundle.replace(base64, `${base64.slice(0, 999)}!${base64.slice(1000)}`));
  const other = await open(broken);
  expect(await verdictOf(other.page)).toBe('damaged');
  await other.context.close();
});

test('V47: facts that differ from the recording, and changed audit rows, are named', async () => {
  const forged = join(folder, 'forged.html');
  writeFileSync(
    forged,
    bundle.replace('"userName":"admin"', '"userName":"mallory"').replace('"actor":"admin"', '"actor":"mallo"'),
  );
  const { page, context } = await open(forged);
  expect(await verdictOf(page)).toBe('damaged');
  const text = await textOf(page, '.verdict');
  expect(text).toContain('userName: admin / mallory');
  expect(text).toMatch(/1 of \d+ were changed/);
  await context.close();

  const beside = join(folder, 'beside.html');
  writeFileSync(beside, bundle.replace('"result":"ok"', '"result":"no"'));
  const other = await open(beside);
  expect(await verdictOf(other.page)).toBe('beside');
  await other.context.close();
});

test.each([
  { name: 'light-en-wide', colorScheme: 'light', locale: 'en-GB', width: 1280, height: 900 },
  { name: 'dark-zh-wide', colorScheme: 'dark', locale: 'zh-CN', width: 1280, height: 900 },
  { name: 'light-zh-360', colorScheme: 'light', locale: 'zh-CN', width: 360, height: 740 },
  { name: 'dark-en-360', colorScheme: 'dark', locale: 'en-GB', width: 360, height: 740 },
] as const)(
  '$name: nothing scrolls sideways, axe finds nothing',
  async ({ name, colorScheme, locale, width, height }) => {
    const { page, context, said } = await open(file, { colorScheme, locale, viewport: { width, height } });
    expect(await verdictOf(page)).toBe('stands');
    expect(await page.getAttribute('html', 'lang')).toBe(locale === 'zh-CN' ? 'zh-CN' : 'en');
    await page.waitForSelector('.player[data-state="ended"]');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // The emulator draws nothing while it is out of sight.
    await page.locator('.stage').scrollIntoViewIfNeeded();
    await until('the last screen', async () => (await screenOf(page)).join('\n') === live.join('\n') || undefined);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `evidence-${name}-screen.png`) });
    if (process.env.SHOTS)
      await page.screenshot({ path: join(process.env.SHOTS, `evidence-${name}.png`), fullPage: true });
    expect(said).toEqual([]);
    await context.close();
    // The page's own policy runs no script of ours: axe needs it lifted.
    const lifted = await open(file, { colorScheme, locale, viewport: { width, height }, bypassCSP: true });
    expect(await verdictOf(lifted.page)).toBe('stands');
    await lifted.page.evaluate(AXE);
    const found = await lifted.page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
    await lifted.context.close();
  },
);
