/** The product's main job in one breath: link, administrator, host, shell, vim and Chinese, reload, close, play back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../fixtures/browser.js';
import { ADMIN, type Product, signIn, startProduct } from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

let product: Product;
let sshd: Sshd;
let browser: Browser;
let page: Page;
const asked: string[] = []; // every address the browser asked for
const faults: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'sallyport-first-run-'));

beforeAll(async () => {
  [product, sshd, browser] = await Promise.all([startProduct(), startSshd(), launchBrowser()]);
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
  });
  page = await context.newPage();
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs in the page: the rows the DOM renderer drew. */
const rowsOf = (rows: Element): string => [...rows.children].map((row) => row.textContent).join('\n');
/** What the emulator shows. */
const screen = (): Promise<string> => page.locator('.xterm-rows').first().evaluate(rowsOf);

const shows = (what: RegExp | string): Promise<string> =>
  until(`the terminal to show ${what}`, async () => {
    const text = await screen();
    return (typeof what === 'string' ? text.includes(what) : what.test(text)) ? text : undefined;
  });

describe('from one command to a recorded shell in the browser', () => {
  it('the setup link makes the first administrator and leads through a host to a shell', async () => {
    await page.goto(await product.setupLink());
    await page.getByLabel('User name').fill(ADMIN.name);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.getByLabel('Password again').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Create and continue' }).click();

    await page.getByLabel(/Paste user@address/).fill(`ssh -p ${sshd.port} ${sshd.login}@127.0.0.1 # web-01, env=prod`);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Is this the host you know?').waitFor();
    await page
      .getByLabel('Paste the fingerprint to compare')
      .fill(`256 ${sshd.hostKeyFingerprint} root@web-01 (ED25519)`);
    await page.getByText('All 43 characters match.').waitFor();
    await page.getByRole('button', { name: 'Trust this key' }).click();

    await page.getByText('Which account signs in?').waitFor();
    expect(await page.getByLabel('Login on the host').inputValue()).toBe(sshd.login);
    await page.getByText('Private key', { exact: true }).first().click();
    await page.getByLabel('Private key').last().fill(sshd.userKey.text);
    await page.getByRole('button', { name: 'Save and test sign-in' }).click();
    await page.getByRole('button', { name: 'Open the first shell' }).click();
    await shows(/[#$] /);
  });

  it('bash, Chinese text and vim work in it; the page is ours alone', async () => {
    await page.keyboard.type("PS1='ready> '; cd $(mktemp -d); echo 你好，世界 | tee 问候.txt");
    await page.keyboard.press('Enter');
    await shows(/你好，世界\n/);
    await page.keyboard.type('vim -u NONE -c "set nocompatible enc=utf-8" 问候.txt');
    await page.keyboard.press('Enter');
    await shows(/^~ *$/m); // vim has the screen; the prompt has a ~ too
    await page.keyboard.type('o');
    await page.keyboard.insertText('第二行：堡垒机');
    await shows('第二行：堡垒机');
  });

  it('a reload in the middle of vim brings the same screen back, and the session goes on', async () => {
    const before = await screen();
    await page.reload();
    await shows('第二行：堡垒机');
    expect(await screen()).toBe(before);
    await page.locator('.xterm-helper-textarea').first().focus();
    await page.keyboard.press('Escape');
    await page.keyboard.type(':wq');
    await page.keyboard.press('Enter');
    await shows('ready> ');
    await page.keyboard.type('cat 问候.txt; echo lines=$(wc -l < 问候.txt)');
    await page.keyboard.press('Enter');
    await shows('lines=2');
    await page.keyboard.type('exit 7');
    await page.keyboard.press('Enter');
    await page.getByText('The shell ended with status 7.').first().waitFor();
  });

  it('the recording plays back to the last screen', async () => {
    const admin = await signIn(product.url, ADMIN.name, ADMIN.password);
    const { items } = await admin.call<{ items: { id: string; recording: { durationMs: number } }[] }>(
      'GET',
      'sessions?limit=1',
    );
    const { id } = items[0]!;
    // A reload asks for the sign-in again only when another one took its place.
    await page.goto(`${product.url}/recordings/${id}`);
    await page.locator('.xterm-rows').first().waitFor();
    await page.getByRole('slider').first().waitFor(); // the keys are heard when the recording is there, after its screen
    await page.keyboard.press('End');
    await shows('lines=2');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await shows(/[#$] |ready> /);

    const cast = await (await admin.request('GET', `recordings/${id}/export?format=asciicast-v2`)).text();
    const file = join(folder, 'first.cast');
    writeFileSync(file, cast);
    // asciinema cat wants a terminal of its own: script(1) gives it one.
    const command = `asciinema cat ${file} > ${file}.out`;
    execFileSync('script', ['-qec', command, '/dev/null'], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const played = readFileSync(`${file}.out`, 'utf8');
    expect(played).toContain('你好，世界');
    expect(JSON.parse(cast.split('\n')[0]!)).toMatchObject({ version: 2, env: { TERM: 'xterm-256color' } }); // X16
  });

  it('the audit chain verifies and tells the story', async () => {
    const admin = await signIn(product.url, ADMIN.name, ADMIN.password);
    const verdict = await admin.call<{ ok: boolean; entries: number }>('GET', 'audit/verify');
    expect(verdict.ok).toBe(true);
    const { items } = await admin.call<{ items: { action: string }[] }>('GET', 'audit?limit=200');
    const actions = items.map((entry) => entry.action);
    for (const action of [
      'setup.complete',
      'host.create',
      'hostkey.seen',
      'hostkey.approve',
      'account.create',
      'session.open',
      'session.live',
      'session.resume',
      'session.end',
      'recording.replay',
      'recording.download',
    ]) {
      expect(actions).toContain(action);
    }
  });

  it('V46, X4: no secret in any address asked for, in the log, the database, the recordings; nothing from elsewhere', () => {
    const origin = new URL(product.url).host;
    for (const url of asked)
      if (!url.startsWith('data:') && !url.startsWith('blob:')) expect(new URL(url).host).toBe(origin);
    const setupToken = /#([\w-]+)/.exec(product.printed())![1]!;
    const secrets = [ADMIN.password, sshd.userKey.text.split('\n')[2]!];
    for (const secret of [...secrets, setupToken]) expect(asked.join('\n')).not.toContain(secret);
    const stored = execFileSync('find', [product.data, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n');
    for (const file of stored) {
      const bytes = readFileSync(file);
      for (const secret of secrets) expect([file, bytes.includes(secret)]).toEqual([file, false]);
    }
    for (const secret of secrets) expect(product.printed()).not.toContain(secret);
    expect(faults).toEqual([]);
  });
});
