/**
 * (i) Seeking in a recording of 24 hours and 2 GB, in headless Chromium: from the press on the strip to the frame that
 * shows the moment, and from the address to the first frame. `--only 256` takes another size in MB.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { fixed, measured, quantile, table, verdict } from './lib/figures.mjs';
import { startGateway } from './lib/gateway.mjs';
import { writeLargeRecording } from './lib/large-recording.mjs';
import { temporaryDirectory } from './lib/processes.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const HOURS = 24;
const AIM_SEEK_MS = 100;
const AIM_OPEN_MS = 300;

export async function run({ rounds = 40, only = ['2048'], write = false } = {}) {
  if (CHROMIUM === undefined) throw new Error('no Chromium on this machine');
  const megabytes = Number(only[0]);
  const data = temporaryDirectory();
  const gateway = await startGateway(data);
  const { origin } = gateway.api;
  const headers = { cookie: gateway.cookies(), origin, 'x-sallyport-csrf': gateway.api.csrf };
  const id = await planted(origin, headers, data, megabytes);
  const indexed = await made(origin, headers, id, data);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const command = `npm run bench -- seek --only ${megabytes} --rounds ${rounds}`;
    await measured('Seeking in a large recording', command, write, async () => {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
      const [name, value] = gateway.cookies().split('=');
      await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
      const opens = [];
      for (let round = 0; round < 5; round++)
        opens.push(await opened(context, `${origin}/recordings/${id}?t=${3600 * (3 + round)}`));
      const page = await context.newPage();
      await page.goto(`${origin}/recordings/${id}?t=60`);
      await shown(page);
      const seeks = [];
      for (let round = 0; round < rounds; round++) seeks.push(await sought(page, ((round * 0.618) % 1) * 0.98 + 0.01));
      return summary({ megabytes, indexed, opens, seeks });
    });
  } finally {
    await browser.close();
  }
}

async function planted(origin, headers, data, megabytes) {
  const answer = await fetch(`${origin}/api/v1/recordings/import?name=large.cast`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: '{"version":2,"width":80,"height":24}\n[0.1,"o","small"]\n',
  });
  const { sessionId } = await answer.json();
  const file = join(data, 'recordings', sessionId.slice(0, 2), `${sessionId}.sprec`);
  while (!existsSync(file.replace('.sprec', '.spri'))) await pause(50);
  writeLargeRecording({ file, sessionId, bytes: megabytes * 1024 * 1024, hours: HOURS });
  return sessionId;
}

/** Asks for the index until all of it is there. */
async function made(origin, headers, id, data) {
  const began = performance.now();
  const file = join(data, 'recordings', id.slice(0, 2), `${id}.spri`);
  const before = statSync(file).mtimeMs;
  do {
    await (await fetch(`${origin}/api/v1/recordings/${id}/index`, { headers })).arrayBuffer();
    await pause(500);
  } while (statSync(file).mtimeMs === before);
  return { seconds: (performance.now() - began) / 1000, bytes: statSync(file).size };
}

const shown = (page) =>
  page.waitForFunction(() => {
    const screen = document.querySelector('.rscreen');
    return (
      screen?.querySelector('.xterm-rows') && !screen.classList.contains('dim') && screen.textContent.trim() !== ''
    );
  });

async function opened(context, address) {
  const page = await context.newPage();
  await page.goto('about:blank');
  await page.addInitScript(() => {
    const look = () => {
      const screen = document.querySelector('.rscreen');
      if (screen?.textContent.trim() && !screen.classList.contains('dim')) globalThis.firstFrame = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(address);
  await page.waitForFunction(() => globalThis.firstFrame !== undefined);
  const ms = await page.evaluate(() => globalThis.firstFrame);
  await page.close();
  return ms;
}

/** From the press to the frame after the screen is that of the moment. */
async function sought(page, part) {
  const strip = page.getByRole('slider', { name: /Position/ });
  const box = await strip.boundingBox();
  await page.evaluate(() => {
    const screen = document.querySelector('.rscreen');
    globalThis.sought = new Promise((done) => {
      addEventListener(
        'pointerdown',
        () => {
          const began = performance.now();
          const watch = new MutationObserver(() => {
            if (screen.classList.contains('dim')) return;
            watch.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
          });
          watch.observe(screen, { attributes: true, attributeFilter: ['class'] });
        },
        { capture: true, once: true },
      );
    });
  });
  await page.mouse.click(box.x + box.width * part, box.y + 10);
  return page.evaluate(() => globalThis.sought);
}

function summary({ megabytes, indexed, opens, seeks }) {
  const seek = quantile(seeks, 0.99);
  const open = quantile(opens, 0.5);
  return [
    table([
      {
        figure: 'press to the frame that shows the moment, ms',
        p50: fixed(quantile(seeks, 0.5)),
        p99: fixed(seek),
        aim: `${AIM_SEEK_MS} (p99), ${verdict(seek <= AIM_SEEK_MS)}`,
      },
      {
        figure: 'address to the first frame, ms',
        p50: fixed(open),
        p99: fixed(quantile(opens, 0.99)),
        aim: `${AIM_OPEN_MS} (p50), ${verdict(open <= AIM_OPEN_MS)}`,
      },
    ]),
    '',
    `${megabytes} MB of output in ${HOURS} h, ${seeks.length} seeks over all of it, ${opens.length} openings. ` +
      `Its index: ${fixed(indexed.bytes / 1024 / 1024)} MB, made in ${fixed(indexed.seconds, 0)} s at low priority.`,
  ].join('\n');
}
