/** Seeking in a large recording, in the browser, by ranges. The figures are those of `npm run bench -- seek`. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeLargeRecording } from '../../../../bench/lib/large-recording.mjs';
import { launchBrowser } from '../fixtures/browser.js';
import { type Person, type Product, setUp, startProduct } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const BYTES = 16 * 1024 * 1024;
const HOURS = 3;
let product: Product;
let browser: Browser;
let admin: Person;
let page: Page;
let id: string;
const fetched: { path: string; bytes: number }[] = [];

/** An imported recording's row, with another file behind it. */
async function plant(): Promise<void> {
  const cast = `{"version":2,"width":80,"height":24}\n[0.1,"o","small"]\n`;
  const answer = await fetch(`${product.url}/api/v1/recordings/import?name=large.cast`, {
    method: 'POST',
    headers: { ...admin.headers, 'content-type': 'application/octet-stream' },
    body: cast,
  });
  expect(answer.status).toBe(201);
  id = ((await answer.json()) as ImportAnswer).sessionId;
  const folder = join(product.data, 'recordings', id.slice(0, 2));
  // The small one gets its index in the background; it must not come over the large one.
  await until('the first index', () => existsSync(join(folder, `${id}.spri`)));
  writeLargeRecording({ file: join(folder, `${id}.sprec`), sessionId: id, bytes: BYTES, hours: HOURS });
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  admin = await setUp(product);
  await plant();
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const [name = '', value = ''] = (admin.headers.cookie ?? '').split('=');
  await context.addCookies([{ name, value, url: product.url }]);
  page = await context.newPage();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.includes(`/recordings/${id}/`)) return;
    fetched.push({
      path: pathname,
      bytes: Number(response.headers()['content-length'] ?? 0),
    });
  });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const bytesOf = (part: string): number =>
  fetched.filter(({ path }) => path.endsWith(part)).reduce((sum, { bytes }) => sum + bytes, 0);

it('W14: shows any moment of a large recording, and fetches one step of it for that', async () => {
  await page.goto(`${product.url}/recordings/${id}?t=${HOURS * 1800}`);
  const screen = page.locator('.rscreen');
  const folder = join(product.data, 'recordings', id.slice(0, 2));
  await screen.locator('.xterm-rows').waitFor();
  // The index is made while somebody looks; the middle is there when it has got so far.
  await until('the moment to be shown', async () => !(await screen.getAttribute('class'))?.includes('dim'), 60_000);
  await until('the whole index', () => statSync(join(folder, `${id}.spri`)).size > BYTES / 4000, 60_000);
  expect(((await screen.textContent()) ?? '').trim()).not.toBe('');
  fetched.length = 0;
  await page.reload();
  await until(
    'the moment again',
    async () => bytesOf('/content') > 0 && !(await screen.getAttribute('class'))?.includes('dim'),
  );
  expect(bytesOf('/content')).toBeLessThan(statSync(join(folder, `${id}.sprec`)).size / 10);
  expect(bytesOf('/keyframes')).toBeGreaterThan(0);

  const shown: (string | null)[] = [];
  for (const part of [0.9, 0.1, 0.55, 0.3]) {
    fetched.length = 0;
    const strip = page.getByRole('slider', { name: /Position/ });
    const box = (await strip.boundingBox())!;
    await page.mouse.click(box.x + box.width * part, box.y + 10);
    const at = HOURS * 3600 * part;
    await until('the seek', async () => Math.abs(Number(await strip.getAttribute('aria-valuenow')) - at) < HOURS * 36);
    await until('its screen', async () => !(await screen.getAttribute('class'))?.includes('dim'));
    expect(bytesOf('/content')).toBeLessThan(3 * 1024 * 1024);
    shown.push(await screen.textContent());
  }
  // The recording repeats itself, so some may be alike.
  expect(new Set(shown).size).toBeGreaterThan(1);
});

it('text on a replayed screen can be selected, also where the program asked for the mouse', async () => {
  const box = (await page.locator('.rscreen .xterm-screen').boundingBox())!;
  await until('a word to be selected', async () => {
    await page.mouse.dblclick(box.x + 14, box.y + 8);
    return (await page.locator('.rscreen .xterm-selection div').count()) > 0;
  });
  expect(await page.locator('.rscreen .xterm.enable-mouse-events').count()).toBe(0);
});
