/** The list of recordings in a real browser: filters are its address, rows answer keys, pictures are drawn. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HoldsAnswer } from '@sallyport/core/wire/retention-messages.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { ADMIN } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let page: Page;
beforeAll(async () => {
  const socket = await bastion.openPage();
  const terminal = await bastion.openShell(socket);
  terminal.type('ls -la /; sleep 0.3; exit\r');
  await until('the session to end', () => terminal.ended);
  const second = await bastion.openShell(socket);
  await closeShell(second);
  socket.drop();
  const context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
});
afterAll(async () => {
  await page?.context().close();
});

const open = async (query = ''): Promise<void> => {
  await page.goto(`${bastion.product.url}/recordings${query}`);
  await page.locator('main h1, main .bar').first().waitFor();
};
const rows = () => page.locator('tr[data-row]');
const query = (): string => new URL(page.url()).search;
async function shot(name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

describe('the list of recordings', () => {
  it('draws the busiest moment of what is in sight, with the length without idle', async () => {
    await open();
    await rows().nth(1).waitFor();
    await until('a picture', () =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll<HTMLCanvasElement>('canvas.thumb')).some(
          (canvas) =>
            new Set(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []).size > 4,
        ),
      ),
    );
    await page
      .getByText(/active$/)
      .first()
      .waitFor();
    await shot('recordings-list');
  });

  it('filters by what its address says: the user, the days, the kind', async () => {
    await open();
    await rows().first().getByRole('link', { name: ADMIN.name }).first().click();
    await until('the address', () => /userId=/.test(query()));
    await page.getByRole('button', { name: /^Only of/ }).click();
    await until('the address', () => !/userId=/.test(query()));
    await page.getByLabel('From').fill('2001-01-01');
    await page.getByLabel('To').fill('2001-01-02');
    await page.getByText('No session matches').waitFor();
    expect(query()).toBe('?from=2001-01-01&to=2001-01-02');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await rows().nth(1).waitFor();
    await page.getByLabel('State').selectOption('held');
    await page.getByText('No session matches').waitFor();
    expect(query()).toBe('?state=held');
  });

  it('keeps a view under a name, in this browser', async () => {
    await open('?sort=userName');
    await rows().nth(1).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByLabel('Name').fill('by user');
    await page.keyboard.press('Enter');
    await open();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'by user' }).click();
    await until('the address', () => query() === '?sort=userName');
  });

  it('moves by j and k, opens what a row may with the full stop, plays it with Enter', async () => {
    await open();
    await rows().nth(1).waitFor();
    const at = () =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll('tr[data-row]')).indexOf(document.activeElement as Element),
      );
    await page.locator('body').press('j');
    expect(await at()).toBe(0);
    await page.keyboard.press('j');
    expect(await at()).toBe(1);
    await page.keyboard.press('k');
    expect(await at()).toBe(0);
    await page.keyboard.press('.');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/recordings\/\w{20,}/);
  });

  it('selects with Space, and holds what is selected', async () => {
    await open();
    await rows().nth(1).waitFor();
    await page.locator('body').press('j');
    await page.keyboard.press(' ');
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
    await page.getByText('2 selected').waitFor();
    expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
    await page.keyboard.press(' ');
    await page.getByText('1 selected').waitFor();
    await rows().nth(1).getByRole('checkbox').check();
    await shot('recordings-selected');
    await page.getByRole('button', { name: 'Put under legal hold', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Put 2 recordings under legal hold' });
    await dialog.getByLabel('Reason').fill('case 15');
    await dialog.getByRole('button', { name: 'Put under legal hold' }).click();
    await until('both to be held', async () => (await rows().getByText('On legal hold').count()) === 2);
    expect(await page.getByText(/selected$/).count()).toBe(0);
    const { items } = await bastion.admin.call<HoldsAnswer>('GET', 'holds');
    expect(items).toMatchObject([{ subject: 'recording' }, { subject: 'recording' }]);
  });
});
