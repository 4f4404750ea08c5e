/** The replay page in a real browser: a link to a moment, finding, notes, the strip by keyboard, a running session. */
import { readFileSync } from 'node:fs';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let recordingId: string;
let page: Page;
/** Between the first words and the second, in seconds; how soon a shell is typed into differs. */
let between: string;

beforeAll(async () => {
  const socket = await bastion.openPage();
  const terminal = await bastion.openShell(socket);
  // Typed apart, so that the words stand in the output alone.
  terminal.type('printf "alpha%s\\n" -one; sleep 1; printf "\\033[31mbra\\033[0mvo%s\\n" -two; sleep 0.3; exit\r');
  await until('the session to end', () => terminal.ended);
  recordingId = terminal.opened.sessionId;
  socket.drop();
  const { recording } = await bastion.admin.call<SessionAnswer>('GET', `sessions/${recordingId}`);
  between = (((recording?.durationMs ?? 0) - 800) / 1000).toFixed(1);
  const context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await context.newPage();
});
afterAll(async () => {
  await page?.context().close();
});

const screen = async (): Promise<string> => (await page.locator('.xterm-rows').textContent()) ?? '';
const shows = (text: string) => until(`“${text}” on the screen`, async () => (await screen()).includes(text));
const slider = () => page.getByRole('slider', { name: 'Position' });
const seconds = async (): Promise<number> => Number(await slider().getAttribute('aria-valuenow'));
const open = async (query = ''): Promise<void> => {
  await page.goto(`${bastion.product.url}/recordings/${recordingId}${query}`);
  await slider().waitFor();
};

describe('the replay page', () => {
  it('shows the moment a link names, stands still there, and keeps the moment in the address', async () => {
    await open(`?t=${between}`);
    await shows('alpha-one');
    expect(await screen()).not.toContain('bravo-two');
    await slider().focus();
    await page.keyboard.press('End');
    await shows('bravo-two');
    await page.keyboard.press('Home');
    await until('the address to follow', () => new URL(page.url()).searchParams.get('t') === '0.0');
    expect(await slider().getAttribute('aria-valuetext')).toMatch(/^00:00 of 00:0\d/);
    await page.keyboard.press('s');
    await page.getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/recordings\/\w+\?t=0\.0$/);
  });

  it('finds text over colours and chunks, and goes to where it was shown', async () => {
    await open('?t=0.1');
    await page.locator('body').press('/');
    await until('the box to have the focus', () => page.evaluate(() => document.activeElement?.tagName === 'INPUT'));
    await page.keyboard.type('BRAVO-two');
    await page.getByText('1 match', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await shows('bravo-two');
    expect(await seconds()).toBeGreaterThanOrEqual(1);
    await page.getByText('1 of 1').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await until('the start', async () => (await seconds()) === 0);
    await page.keyboard.press('n');
    await shows('bravo-two');
  });

  it('keeps a note at its moment: written, listed, jumped to, taken away', async () => {
    await open(`?t=${between}`);
    await shows('alpha-one');
    await page.locator('body').press('m');
    const box = page.getByRole('textbox', { name: /^Note at 00:0\d$/ });
    await box.waitFor();
    await until('the box to have the focus', () => box.evaluate((at) => at === document.activeElement));
    await page.keyboard.type('<b>look</b> 这里');
    await page.keyboard.press('Control+Enter');
    const note = page.getByRole('list', { name: 'Notes' }).getByRole('button', { name: /look/ });
    await note.waitFor();
    expect(await note.textContent()).toContain('<b>look</b> 这里');
    // By name to who cannot see the strip.
    await until('its name on the slider', async () =>
      ((await slider().getAttribute('aria-valuetext')) ?? '').includes('look'),
    );
    await open('?t=0.1');
    await page.getByRole('button', { name: /^Notes/ }).click();
    await note.click();
    await until('the moment of the note', () => new URL(page.url()).searchParams.get('t') === between);
    await page.getByRole('button', { name: /^Take the note at 00:0\d away$/ }).click();
    await page.getByRole('button', { name: 'Take away', exact: true }).click();
    await page.getByText('Note taken away').waitFor();
    await note.waitFor({ state: 'detached' });
  });

  it('says what the gateway verified, and before that claims nothing', async () => {
    await open(`?t=${between}`);
    expect(await page.getByText('verified', { exact: false }).count()).toBe(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('chain and signatures verified').waitFor();
  });

  it('exports a part, from the moment shown', async () => {
    await open(`?t=${between}`);
    await shows('alpha-one');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'A part of it…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export a part' });
    expect(await dialog.getByLabel('From').inputValue()).toMatch(/^0:0\d(\.\d)?$/);
    await dialog.getByLabel('To').fill('0');
    await dialog.getByText('The end comes after the beginning').waitFor();
    await dialog.getByLabel('To').fill('1:00');
    await dialog.getByLabel('From').fill('0');
    await dialog.getByLabel('To').fill(between);
    await dialog.getByLabel('As').selectOption('text');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export' }).click(),
    ]);
    const text = readFileSync((await file.path()) ?? '', 'utf8');
    expect(text).toContain('alpha-one');
    expect(text).not.toContain('bravo-two');
    await dialog.waitFor({ state: 'detached' });
  });

  it('plays a running session up to now and goes on with it', async () => {
    const socket = await bastion.openPage();
    const terminal = await bastion.openShell(socket);
    terminal.type('printf "begun%s\\n" -here\r');
    await until('the first words', () => terminal.text().includes('begun-here'));
    await page.goto(`${bastion.product.url}/recordings/${terminal.opened.sessionId}`);
    await slider().waitFor();
    await page.keyboard.press('End');
    await shows('begun-here');
    await page.locator('.ctl .lg.open').waitFor();
    terminal.type('printf "later%s\\n" -there\r');
    await shows('later-there');
    terminal.type('exit\r');
    await until('the session to end', () => terminal.ended);
    socket.drop();
    await page.locator('.ctl .lg.open').waitFor({ state: 'detached' });
  });

  it('`?` lists the keys of the page', async () => {
    await open(`?t=${between}`);
    await page.locator('body').press('?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await list.waitFor();
    const keys = await list.locator('dt').allTextContents();
    expect(keys).toEqual(expect.arrayContaining(['Space', '/', 'n N', 'm', 'i', 't', 's']));
  });
});
