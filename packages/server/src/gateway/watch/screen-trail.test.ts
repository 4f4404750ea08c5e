/** The screen that somebody gets who comes late is the one that all the output makes, whatever was printed and when. */

import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../test/fixtures/fake-clock.js';
import { bundleScreenWorker } from '../../../test/fixtures/screen-worker-bundle.js';
import { scriptedSession } from '../../../test/fixtures/scripted-session.js';
import { createHeadlessEmulator } from '../../edges/screen/headless-emulator.js';
import { createScreenWorkers } from '../../edges/screen/screen-workers.js';
import { outputOfPrograms } from '../../edges/screen/terminal-bytes.fixture.js';
import type { Screen, Screens } from '../ports/screens.js';
import { createScreenTrail } from './screen-trail.js';
import type { ScreenTrail, Taken } from './trail.js';

const SIZE = { cols: 24, rows: 7 };
let screens: Screens;
let worker: URL;
beforeAll(async () => {
  worker = await bundleScreenWorker();
  screens = createScreenWorkers({ worker, workers: 2 });
});
afterAll(() => screens.close());

/** A session with its trail. */
function sessionOn(given: Screens, recorded = true) {
  const clock = fakeClock();
  const session = scriptedSession(SIZE);
  const trail = createScreenTrail(
    {
      screens: given,
      clock,
      isRecorded: () => recorded,
      recorded: async (from) => (recorded ? session.recorded(from) : undefined),
    },
    SIZE,
  );
  session.goesTo(trail);
  return { ...session, trail, clock };
}
/** As a watcher's page makes it. */
function seen({ screen, after }: Taken): ScreenView {
  const page = createHeadlessEmulator(SIZE);
  page.restore({ size: screen, scrollback: screen.scrollback, bytes: screen.bytes });
  let offset = screen.offset;
  for (const entry of after()) {
    if ('size' in entry) page.resize(entry.size);
    else {
      expect(entry.offset).toBe(offset);
      offset += entry.bytes.length;
      page.write(entry.bytes);
    }
  }
  return page.view();
}
const looks = ({ normal, alternate, alternateShown, modes, size, title }: ScreenView): string =>
  JSON.stringify({ normal, alternate, alternateShown, modes, size, title }, (key, value: unknown) =>
    key === 'link' || key === 'saved' ? undefined : value,
  );
async function now(trail: ScreenTrail, history = 0): Promise<ScreenView> {
  const taken = await trail.take(history);
  if (!taken) throw new Error('no screen');
  return seen(taken);
}
/** Real screens whose worker can be made to look dead: all that was opened before rejects. */
function dyingScreens(): { readonly mortal: Screens; die(): void } {
  let lives = 0;
  const wrap = (screen: Screen): Screen => {
    const life = lives;
    const alive = <T>(work: () => Promise<T>): Promise<T> =>
      life === lives ? work() : Promise.reject(new Error('the worker of screens stopped'));
    return {
      ...screen,
      unparsed: 0,
      write: (bytes, offset) => life === lives && screen.write(bytes, offset),
      snapshot: (history) => alive(() => screen.snapshot(history)),
      scrolledFull: () => alive(() => screen.scrolledFull()),
      settled: () => alive(() => screen.settled()),
    };
  };
  return {
    mortal: {
      ...screens,
      open: (...given) => wrap(screens.open(...given)),
      reopen: (from) => wrap(screens.reopen(from)),
    },
    die: () => {
      lives += 1;
    },
  };
}
const plainLines = (count: number, text = 'line of text'): string =>
  Array.from({ length: count }, (_, n) => `${n} ${text}\r\n`).join('');

describe('screen trail', () => {
  it('W1, law: whoever comes at any moment has the screen, and the bytes that follow it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(outputOfPrograms(12), { minLength: 1, maxLength: 8 }), async (pieces) => {
        const one = sessionOn(screens);
        const scanner = createGroundScanner();
        for (const [n, piece] of pieces.entries()) {
          one.print(piece);
          scanner.push(piece);
          if (n % 3 === 2) one.resize(20 + n, 5 + n);
          const taken = await one.trail.take(0);
          const { cursor } = one.whole.view().normal;
          // What a snapshot does not bring back: see snapshot.ts.
          if (taken === undefined || cursor.x >= SIZE.cols || Buffer.concat(pieces).includes('[?7l')) continue;
          if (scanner.ground) expect(looks(seen(taken))).toBe(looks(one.whole.view()));
        }
        one.trail.close();
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
  });

  it('W1: through floods, plain and coloured, put away and brought back', async () => {
    const one = sessionOn(screens);
    one.print('prompt $ ');
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    for (let round = 0; round < 3; round++) {
      one.print('\x1b[32mcolour\x1b[m\r\n');
      for (let n = 0; n < 30; n++) one.print(plainLines(3_000));
      expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
      one.print('\x1b[?1049h\x1b[2J\x1b[3;4Hfull screen');
      one.resize(40, 10);
      expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
      one.clock.advance(31_000); // quiet: put away
      one.print('\x1b[?1049l');
      one.resize(SIZE.cols, SIZE.rows);
      expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    }
    const history = (await now(one.trail, 100)) && (await one.trail.take(100));
    expect(history?.screen.scrollback).toBeGreaterThan(0);
    one.trail.close();
  });

  it('W3: holds little of a flood that nobody looks at', async () => {
    const one = sessionOn(screens);
    one.print(plainLines(12_000));
    await now(one.trail);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const piece = Buffer.from(plainLines(1_000, 'x'.repeat(60)));
    for (let n = 0; n < 2_000; n++) {
      one.trail.output(Buffer.from(piece));
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(after - before).toBeLessThan(40 * 1024 * 1024); // of 135 MB
    one.trail.close();
  });

  it('what comes faster than it is parsed is read back from the recording', async () => {
    const one = sessionOn(screens);
    const busy = `${'\x1b[31mred\x1b[m text \x1b[1mbold\x1b[m\r\n'.repeat(2_000)}`;
    for (let n = 0; n < 300; n++) one.print(busy); // 20 MB in one turn
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    one.print('and on');
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    one.trail.close();
  });

  it('a worker that dies costs nobody a screen', async () => {
    const { mortal, die } = dyingScreens();
    const one = sessionOn(mortal);
    one.print('before\r\n');
    await now(one.trail);
    one.print('between\r\n');
    die();
    await expect(one.trail.take(0)).rejects.toThrow();
    one.print('after\r\n');
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    one.trail.close();
  });

  it('W1: takes of both kinds, pictures and output in between cost each other no byte', async () => {
    const one = sessionOn(screens);
    one.print(plainLines(2_000));
    const takes: Promise<void>[] = [];
    for (let n = 0; n < 60; n++) {
      const history = n % 2 === 0 ? 0 : 1_000;
      takes.push(
        one.trail.take(history).then((taken) => {
          if (taken) expect(looks(seen(taken))).toBe(looks(one.whole.view()));
        }),
      );
      if (n % 3 === 0) takes.push(one.trail.take(1_000 - history).then(() => undefined));
      if (n % 5 === 0) takes.push(one.trail.picture().then(() => undefined));
      one.print(n % 7 === 0 ? '\x1b[32mgreen\x1b[m\r\n'.repeat(4_000) : `step ${n} `);
      if (n % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(takes);
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    one.trail.close();
  });

  it('one whose worker dies, or whose recording cannot be read, while it catches up is found again', async () => {
    const { mortal, die } = dyingScreens();
    const one = sessionOn(mortal);
    const busy = '\x1b[5;5H\x1b[31mred\x1b[m\r\n'.repeat(8_000);
    for (let n = 0; n < 60; n++) one.print(busy);
    const first = one.trail.take(0);
    die();
    await first.catch(() => undefined);
    one.print('after\r\n');
    await expect.poll(() => now(one.trail).then(looks, () => ''), { timeout: 20_000 }).toBe(looks(one.whole.view()));
    one.trail.close();
  });

  it('F15: a storm of sizes that nobody looks at is not held', async () => {
    const one = sessionOn(screens);
    for (let n = 0; n < 5_000; n++) {
      one.resize(20 + (n % 50), 5 + (n % 20));
      if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    one.print('last');
    expect(looks(await now(one.trail))).toBe(looks(one.whole.view()));
    one.trail.close();
  });

  it('one that is not recorded and could not be held begins again with what is printed from then on', async () => {
    const one = sessionOn(screens, false);
    const busy = '\x1b[31mred\x1b[m\r\n'.repeat(8_000);
    for (let n = 0; n < 120; n++) one.print(busy);
    await one.trail.take(0);
    one.print('\x1b[2J\x1b[Hfrom here');
    expect((await now(one.trail)).normal.rows[0]?.cells.map(({ text }) => text).join('')).toBe('from here');
    one.trail.close();
  });

  it('five hundred who come in one moment are served by few pictures, all the same', async () => {
    const one = sessionOn(screens);
    one.print(`${plainLines(200)}\x1b[1;1Htop`);
    const all = await Promise.all(Array.from({ length: 500 }, () => now(one.trail)));
    expect(new Set(all.map(looks))).toEqual(new Set([looks(one.whole.view())]));
    one.trail.close();
  });
});
