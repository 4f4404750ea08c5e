/** Holding and deleting in the browser, on recordings that are encrypted on the disk. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HoldsAnswer } from '@sallyport/core/wire/retention-messages.js';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', {
  withBrowser: true,
  args: ['--retention-floor', '0s', '--recording-encryption', 'on'],
});
const MARK = 'plan-of-the-works-council';
let id: string;
let page: Page;

/** Every byte under the data directory. */
function stored(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return Buffer.concat(names.filter((name) => statSync(name).isFile()).map((name) => readFileSync(name)));
}
const row = () => page.locator('main tbody tr').first();
async function act(name: string, reason: string): Promise<void> {
  await row()
    .getByRole('button', { name: /^More on the recording/ })
    .click();
  await page.getByRole('menuitem', { name }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name }).click();
  await dialog.waitFor({ state: 'detached' });
}

beforeAll(async () => {
  const socket = await bastion.openPage();
  const terminal = await bastion.openShell(socket);
  terminal.type(`echo ${MARK}\r`);
  await until('the echo', () => terminal.text().includes(`\n${MARK}`) || terminal.text().split(MARK).length > 2);
  terminal.type('exit\r');
  await until('the session to end', () => terminal.ended);
  id = terminal.opened.sessionId;
  socket.drop();
  const context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
});

describe('an encrypted recording', () => {
  it('shows nothing of its screen anywhere in the data directory, and its owner what was there (V46)', async () => {
    expect(stored(bastion.product.data).includes(MARK)).toBe(false);
    await page.goto(`${bastion.product.url}/recordings`);
    const path = `/api/v1/recordings/${id}/export?format=asciicast-v2`;
    const text = await page.evaluate(async (url) => (await fetch(url)).text(), path);
    expect(text).toContain(MARK);
  });

  it('plays in the page as any other', async () => {
    await page.goto(`${bastion.product.url}/recordings/${id}`);
    await page.locator('.xterm-rows').waitFor();
    await page.keyboard.press('End');
    await until('the screen', async () => ((await page.locator('.xterm-rows').textContent()) ?? '').includes(MARK));
  });

  it('is put under hold, which takes the deletion from the menu, and freed again', async () => {
    await page.goto(`${bastion.product.url}/recordings`);
    await act('Put under legal hold', 'case 12');
    await row().getByText('On legal hold').waitFor();
    await row()
      .getByRole('button', { name: /^More on the recording/ })
      .click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Lift the legal hold']);
    await page.keyboard.press('Escape');
    await act('Lift the legal hold', 'case closed');
    await row().getByText('for ever').waitFor();
  });

  it('is deleted with a reason; the row stays and says by whom, and no byte of it does', async () => {
    await act('Delete the recording', 'asked for by the works council');
    await row().getByText('Recording deleted').waitFor();
    expect(
      await row()
        .getByTitle(/admin, .*: asked for by the works council/)
        .count(),
    ).toBe(1);
    expect(await row().getByRole('link', { name: /^Play/ }).count()).toBe(0);
    const files = readdirSync(join(bastion.product.data, 'recordings'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.includes(id))).toEqual([]);
  });
});

describe('holds on all that somebody did, or that was done on a host', () => {
  const menuOf = (name: string) => page.locator('main').getByRole('button', { name: `More for ${name}` });
  const answer = async (title: string, submit: string): Promise<void> => {
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByLabel('Reason').fill('case 13');
    await dialog.getByRole('button', { name: submit }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const held = async () => (await bastion.admin.call<HoldsAnswer>('GET', 'holds')).items;

  it('are put and lifted where users and hosts stand', async () => {
    for (const [subject, name, path] of [
      ['user', 'admin', 'users'],
      ['host', 'web-01', `hosts/${bastion.target.host.id}`],
    ] as const) {
      const of = subject === 'user' ? 'of admin' : 'on web-01';
      await page.goto(`${bastion.product.url}/inventory/${path}`);
      await menuOf(name).click();
      await page.getByRole('menuitem', { name: 'Put all recordings under legal hold' }).click();
      await answer(`Put all recordings ${of} under legal hold`, 'Put under legal hold');
      await page.locator('main').getByText('On legal hold').waitFor();
      expect(await held()).toMatchObject([{ subject, name, reason: 'case 13', by: 'admin' }]);
      await menuOf(name).click();
      await page.getByRole('menuitem', { name: 'Lift the legal hold on all recordings' }).click();
      await answer(`Lift the legal hold on the recordings ${of}`, 'Lift the legal hold');
      await page.locator('main').getByText('On legal hold').waitFor({ state: 'detached' });
      expect(await held()).toEqual([]);
    }
  });

  it('are listed all together, with who, when and why, and lifted there, also of a user who is gone', async () => {
    const { admin, product } = bastion;
    const leaver = await addUser(admin, product.url, 'leaver');
    await admin.call('PUT', `users/${leaver.me.user.id}/hold`, { reason: 'case 15' });
    await admin.call('DELETE', `users/${leaver.me.user.id}`);
    await page.goto(`${product.url}/recordings`);
    await page.getByRole('link', { name: 'Legal holds' }).click();
    const held = page.getByRole('row', { name: /case 15/ });
    await held.getByText('user deleted').waitFor();
    expect(await held.textContent()).toContain('admin');
    await held.getByRole('button', { name: /^Lift the legal hold on all recordings of/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('closed');
    await dialog.getByRole('button', { name: 'Lift the legal hold' }).click();
    await page.getByText('Nothing is on legal hold').waitFor();
    expect((await admin.call<HoldsAnswer>('GET', 'holds')).items).toEqual([]);
  });

  it('are an auditor’s to put and not to lift', async () => {
    const auditor = await addUser(bastion.admin, bastion.product.url, 'ann', 'auditor');
    const context = await bastion.signedIn(auditor, { locale: 'en-GB' });
    const theirs = await context.newPage();
    await theirs.goto(`${bastion.product.url}/inventory/hosts/${bastion.target.host.id}`);
    await theirs.getByRole('button', { name: 'More for web-01' }).click();
    expect(await theirs.getByRole('menuitem').allTextContents()).toEqual(['Put all recordings under legal hold']);
    await bastion.admin.call('PUT', `hosts/${bastion.target.host.id}/hold`, { reason: 'case 14' });
    await theirs.reload();
    await theirs.locator('main').getByText('On legal hold').waitFor();
    expect(await theirs.getByRole('button', { name: 'More for web-01' }).count()).toBe(0);
    await bastion.admin.call('DELETE', `hosts/${bastion.target.host.id}/hold`, { reason: 'case closed' });
    await context.close();
  });
});

describe('the retention page', () => {
  it('sets a rule and says what the next sweep deletes', async () => {
    await page.goto(`${bastion.product.url}/settings#keep.title`);
    const section = page.getByRole('region', { name: 'Retention', exact: true });
    await section.getByRole('button', { name: 'Add a rule' }).click();
    await section.getByLabel('Name').fill('all');
    await section.getByLabel('Labels').fill('prod');
    await section.getByText('Write them as name=value').waitFor();
    await section.getByLabel('Labels').fill('env=prod');
    await section.getByLabel('Days').fill('365');
    await section.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Retention is set').waitFor();
    await page.reload();
    expect(await section.getByLabel('Labels').inputValue()).toBe('env=prod');
    await section.getByText('It deletes nothing.').waitFor();
  });
});
