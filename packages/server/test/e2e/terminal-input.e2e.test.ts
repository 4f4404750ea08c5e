/** What hands do in the terminal page: input methods, clipboard, keys the page shares with the shell, a lost line. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01', { withBrowser: true });
let context: BrowserContext;
let page: Page;
let cdp: CDPSession;
const folder = mkdtempSync(join(tmpdir(), 'sallyport-input-'));
let files = 0;

beforeAll(async () => {
  context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1000, height: 600 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: bastion.product.url });
  page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.accept());
  cdp = await context.newCDPSession(page);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (): Promise<string> => page.locator('.xterm-rows').first().innerText();
async function shows(what: RegExp): Promise<string> {
  let text = '';
  return until(`the terminal to show ${what}`, async () => {
    text = (await rows()).replaceAll('\u00a0', ' ');
    return what.test(text) ? text : undefined;
  }).catch((error: Error) => Promise.reject(new Error(`${error.message}; it shows ${JSON.stringify(text.trimEnd())}`)));
}
async function run(line: string): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}
/** A program that writes what is typed to a file until Ctrl+D; answers how to read it. */
async function typedInto(): Promise<() => Promise<string>> {
  const file = join(folder, `typed-${files++}`);
  await run(`clear; cat > ${file}; echo taken`);
  await until('the file', () => {
    try {
      readFileSync(file);
      return true;
    } catch {
      return false;
    }
  });
  return async () => {
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+d');
    await shows(/taken\n/);
    return readFileSync(file, 'utf8').replace(/\n$/, '');
  };
}
const compose = (text: string) =>
  cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
/** The emulator takes a choice up one task later; no input method begins again sooner, the debugger would. */
async function commit(text: string): Promise<void> {
  await cdp.send('Input.insertText', { text });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
}

beforeEach(async () => {
  // A shell of its own for each test: nothing of the one before is on the screen.
  await page.goto('about:blank');
  await context.clearPermissions();
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: bastion.product.url });
  // Not the terminal's page: it would take its session up again and note it anew.
  await page.goto(`${bastion.product.url}/healthz`);
  await page.evaluate(() => sessionStorage.clear());
  await page.goto('about:blank');
  await page.goto(`${bastion.product.url}/terminal?open=${bastion.target.host.id}.${bastion.target.accountId}`);
  await page.locator('.xterm-rows').first().waitFor();
  await shows(/[#$] /);
  await run("PS1='ready> '; clear");
  await shows(/^ready> /);
});

describe('input methods', () => {
  it('Pinyin: what is composed is sent once, when it is chosen', async () => {
    const typed = await typedInto();
    for (const part of ['n', 'ni', 'nih', 'nihao']) await compose(part);
    await commit('你好');
    for (const part of ['s', 'shi', "shi'j", "shi'jie"]) await compose(part);
    await commit('世界');
    expect(await typed()).toBe('你好世界');
  });

  it('Enter that takes the letters as they are sends them once and no line end', async () => {
    const typed = await typedInto();
    await compose('hello');
    await cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      windowsVirtualKeyCode: 229,
      key: 'Process',
      code: 'Enter',
    });
    await commit('hello');
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', windowsVirtualKeyCode: 13, key: 'Enter', code: 'Enter' });
    expect(await typed()).toBe('hello');
  });

  it('Wubi: a new composition straight after a choice doubles nothing', async () => {
    const typed = await typedInto();
    await compose('wq');
    await commit('你');
    await compose('vb');
    await commit('好');
    await compose('kh');
    await commit('中');
    expect(await typed()).toBe('你好中');
  });

  it('a composition that is given up sends nothing', async () => {
    const typed = await typedInto();
    await compose('zhong');
    await compose('');
    await page.keyboard.type('plain');
    expect(await typed()).toBe('plain');
  });

  it('composing at the right edge and on the last row stays inside the pane', async () => {
    await run('clear; seq 100; stty -echo');
    await shows(/100\nready> /);
    await page.keyboard.insertText('x');
    for (const at of ['ni', 'nihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihaonihao']) {
      await compose(at);
      const box = await page.locator('.composition-view').boundingBox();
      const pane = await page.locator('.pane').boundingBox();
      expect(box && pane && box.x >= pane.x && box.x + box.width <= pane.x + pane.width + 1).toBe(true);
      expect(box && pane && box.y + box.height <= pane.y + pane.height + 1).toBe(true);
    }
    await commit('好');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});

describe('bytes', () => {
  it('W16: Chinese text that comes byte by byte is whole on the screen', async () => {
    await run(
      `clear; for b in e6 80 9d e5 80 bc e9 80 9a e8 80 85 e4 b8 ad f0 9f 98 80; do printf "\\\\x$b"; sleep 0.02; done; echo '<'`,
    );
    await shows(/思值通者中😀</);
  });

  it('V32: questions in old output are not answered again after a reload, and the clipboard is never told', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('secret of the clipboard'));
    await run(
      `clear; stty -echo; printf '\\e[c\\e[6n\\eP$qm\\e\\\\\\e]52;c;?\\a'; read -t 1 -N 200 answers; stty echo; clear; echo asked`,
    );
    await shows(/^asked\nready> /);
    await page.reload();
    await shows(/^asked\nready> /);
    await run('echo end');
    expect(await shows(/end\nready> /)).not.toMatch(/\[\?|secret|R;|\d+c/);
  });

  it('a line lost in the middle of output comes back with nothing missing and nothing twice', async () => {
    await run('clear; for i in $(seq 1 60); do echo "n$i"; sleep 0.1; done');
    await shows(/n5\n/);
    await context.setOffline(true);
    await page.getByText('The connection is lost.').waitFor();
    await context.setOffline(false);
    await shows(/n60\nready> /);
    const file = await page.evaluate(() => {
      const text = [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent?.trim() ?? '');
      return text.filter((row) => /^n\d+$/.test(row));
    });
    const numbers = file.map((row) => Number(row.slice(1)));
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.map((_, at) => 60 - numbers.length + 1 + at));
  });
});

describe('clipboard and keys', () => {
  const clip = (text: string) => page.evaluate((words) => navigator.clipboard.writeText(words), text);

  it('Ctrl+C copies what is selected and interrupts when nothing is', async () => {
    await run('clear; echo copy-me; sleep 60');
    await shows(/copy-me/);
    const line = await page.locator('.xterm-rows > div', { hasText: 'copy-me' }).last().boundingBox();
    if (!line) throw new Error('the line is not on the screen');
    await page.mouse.dblclick(line.x + 20, line.y + line.height / 2);
    await page.keyboard.press('Control+c');
    await until('the clipboard', async () =>
      (await page.evaluate(() => navigator.clipboard.readText())).includes('copy'),
    );
    expect(await rows()).not.toMatch(/\^C/);
    await page.keyboard.press('Control+c');
    await shows(/\^C\nready> /);
  });

  it('Ctrl+V pastes at a prompt and reaches the program in the alternate screen', async () => {
    await clip('echo pasted');
    await page.keyboard.press('Control+v');
    await shows(/ready> echo pasted/);
    await page.keyboard.press('Control+c');
    await shows(/\^C\nready> /); // typed sooner, the line would be mixed with the one given up
    const file = join(folder, 'alternate');
    await run(
      `stty raw -echo; printf '\\e[?1049hhere'; head -c 1 | od -An -tx1 > ${file}; printf '\\e[?1049l'; stty sane; clear`,
    );
    await shows(/^here/);
    await page.keyboard.press('Control+v');
    await shows(/^ready> /);
    expect(readFileSync(file, 'utf8').trim()).toBe('16');
  });

  it('lines that would run at once are shown first; more than 20 always are', async () => {
    await run("bind 'set enable-bracketed-paste off'; clear; echo off");
    await shows(/^off\nready> /); // sooner, the page would still be told to bracket
    await clip('echo a1\necho a2\n');
    await page.keyboard.press('Control+v');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('Paste 2 lines?');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await rows()).not.toMatch(/a1/);
    await page.keyboard.press('Control+v');
    await dialog.waitFor();
    await page.keyboard.press('Enter');
    await shows(/a1\n[\s\S]*a2\nready> /);
    await run("bind 'set enable-bracketed-paste on'; clear");
    await shows(/^ready> /);
    await clip(Array.from({ length: 21 }, (_, i) => `echo l${i}`).join('\n'));
    await page.keyboard.press('Control+v');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await clip('echo b1\necho b2');
    await page.keyboard.press('Control+Shift+v');
    await shows(/echo b1\s+echo b2/);
    expect(await dialog.count()).toBe(0);
  });

  it('Ctrl+F6 leaves the terminal for the keyboard, and Tab stays the shell’s inside it', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.xterm') !== null)).toBe(true);
    await page.keyboard.press('Control+F6');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('true');
  });

  it('S22 X9 F15: the window’s size reaches the shell, the last one of a storm', async () => {
    for (const width of [700, 900, 640, 1180, 820]) await page.setViewportSize({ width, height: 500 });
    await run('clear');
    await until('the size to settle', async () => {
      await run('clear; stty size');
      const shown = /(\d+) (\d+)\n/.exec(await shows(/\d+ \d+\nready> /));
      const screen = await page.locator('.xterm-screen').boundingBox();
      const place = await page.locator('.place').boundingBox();
      if (!shown || !screen || !place) return false;
      const cell = screen.width / Number(shown[2]);
      return screen.width <= place.width && place.width - screen.width < 40 + cell;
    });
    await page.setViewportSize({ width: 1000, height: 600 });
  });
});

const sessions = async (): Promise<readonly SessionAnswer[]> =>
  (await bastion.admin.call<{ items: SessionAnswer[] }>('GET', 'sessions?limit=500')).items;

describe('opening', () => {
  it('S9: the click itself opens the session: it is live before the emulator has been fetched', async () => {
    const before = new Set((await sessions()).map(({ id }) => id));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/assets/emulator-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('about:blank');
    await page.goto(`${bastion.product.url}/connect`);
    await page.evaluate(() => sessionStorage.clear());
    await page.locator('tr [data-main]').first().click();
    const id = await until(
      'the session to be live',
      async () => (await sessions()).find((row) => !before.has(row.id) && row.state === 'live')?.id,
    );
    expect(await page.locator('.xterm-rows').count()).toBe(0);
    release();
    await shows(/[#$] /);
    // What waited is drawn, and the shell knows the size that shows.
    const drawn = await page.locator('.xterm-rows > div').count();
    await run('stty size');
    await shows(new RegExp(`^${drawn} \\d+$`, 'm'));
    expect((await sessions()).filter((row) => !before.has(row.id))).toHaveLength(1);
    expect((await sessions()).find((row) => row.id === id)?.state).toBe('live');
    await page.unroute('**/assets/emulator-*.js');
  });
});
