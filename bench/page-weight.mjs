/** (e) What the page costs before the first prompt: gzip bytes of all that was loaded, and the time, in headless Chromium. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { fixed, measured, median, quantile, table, verdict } from './lib/figures.mjs';
import { startGateway } from './lib/gateway.mjs';
import { temporaryDirectory } from './lib/processes.mjs';
import { startSshd } from './lib/target.mjs';

const dist = fileURLToPath(new URL('../packages/console/dist/', import.meta.url));
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const AIM_KB = 290;
const AIM_MS = 1000;

export async function run({ rounds = 5, write = false } = {}) {
  if (CHROMIUM === undefined) throw new Error('no Chromium on this machine');
  const directory = temporaryDirectory();
  // Start-up files are the host's time, and every machine's are different.
  const target = await startSshd(directory, { home: temporaryDirectory() });
  const gateway = await startGateway(temporaryDirectory());
  await gateway.addHost(target);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    await measured(
      'Page weight and first prompt',
      `npm run bench -- page-weight --rounds ${rounds}`,
      write,
      async () => {
        const visits = [];
        for (let round = 0; round < rounds; round++) visits.push(await visit(browser, gateway));
        return summary(visits);
      },
    );
  } finally {
    await browser.close();
  }
}

/** A signed-in person who has never been here: the list of hosts, a click, the prompt. */
async function visit(browser, gateway) {
  const { origin } = gateway.api;
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const [name, value] = gateway.cookies().split('=');
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const loaded = [];
  page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
  const started = performance.now();
  await page.goto(`${origin}/connect`);
  const connect = page.locator('tr [data-main]').first();
  await connect.waitFor();
  const listMs = performance.now() - started;
  const frame = new Set(loaded);
  await page.evaluate(watchPrompt);
  await connect.click();
  const marks = await page.evaluate(() => globalThis.promptSeen);
  const all = new Set(loaded);
  // Closing the terminal ends the session; a page that just goes away would keep it for a minute.
  await context.close();
  return { listMs, ...marks, frame, all };
}

/** Runs in the page: from the click as the page heard it to the frame that shows the shell's prompt. */
function watchPrompt() {
  globalThis.promptSeen = new Promise((resolve) => {
    let clicked;
    let pageMs;
    addEventListener('click', (event) => (clicked ??= event.timeStamp), { capture: true });
    const look = () => {
      const rows = document.querySelector('.xterm-rows');
      if (rows !== null) pageMs ??= performance.now() - clicked;
      // A person could type now.
      if (/[#$] *$/m.test(rows?.textContent?.trimEnd() ?? ''))
        resolve({ promptMs: performance.now() - clicked, pageMs });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

const assetOf = (path) => (existsSync(join(dist, path)) && path !== '/' ? join(dist, path) : join(dist, 'index.html'));
const gzipBytes = (path) => {
  const asset = assetOf(path);
  return existsSync(`${asset}.gz`)
    ? readFileSync(`${asset}.gz`).length
    : gzipSync(readFileSync(asset), { level: 9 }).length;
};
const isAsset = (path) => !path.startsWith('/api/') && path !== '/favicon.ico';

function summary(visits) {
  const [{ frame, all }] = visits;
  const paths = [...all].filter(isAsset).sort((a, b) => gzipBytes(b) - gzipBytes(a));
  const weight = (set) => [...set].filter(isAsset).reduce((sum, path) => sum + gzipBytes(path), 0) / 1024;
  const prompt = visits.map(({ promptMs }) => promptMs);
  const page = visits.map(({ pageMs }) => pageMs);
  const list = visits.map(({ listMs }) => listMs);
  const total = weight(all);
  const rows = paths
    .slice(0, 8)
    .map((path) => ({ file: path.replace('/assets/', ''), 'KB gzip': fixed(gzipBytes(path) / 1024) }));
  return `${table(rows)}

- Loaded until the list of hosts: **${fixed(weight(frame))} KB** gzip; until the first prompt: **${fixed(total)} KB** in ${paths.length} files (aim ${AIM_KB}: ${verdict(total <= AIM_KB)}).
- From click to prompt: median **${fixed(median(prompt), 0)} ms** (the terminal stands after ${fixed(median(page), 0)} ms), worst of ${visits.length} ${fixed(quantile(prompt, 1), 0)} ms (aim ${AIM_MS}: ${verdict(median(prompt) <= AIM_MS)}). An empty cache, a click as soon as the list stands, a real sshd with a bare bash.
- From address to the list of hosts: median ${fixed(median(list), 0)} ms.`;
}
