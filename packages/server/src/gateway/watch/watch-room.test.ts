/** Whoever watches, and however slowly: the screen is the session's, and nothing is held for them. */
import type { EndReason } from '@sallyport/core/model/session.js';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { WINDOW_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import type { Watching } from '@sallyport/core/wire/watch-frames.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../test/fixtures/fake-clock.js';
import { bundleScreenWorker } from '../../../test/fixtures/screen-worker-bundle.js';
import { scriptedSession } from '../../../test/fixtures/scripted-session.js';
import { watcherPage as page } from '../../../test/fixtures/watcher-page.js';
import { createScreenWorkers } from '../../edges/screen/screen-workers.js';
import type { Screens } from '../ports/screens.js';
import { createWatchRoom } from './watch-room.js';

const SIZE = { cols: 80, rows: 24 };
let screens: Screens;
beforeAll(async () => {
  screens = createScreenWorkers({ worker: await bundleScreenWorker(), workers: 1 });
});
afterAll(() => screens.close());

const looks = ({ normal, alternate, alternateShown, modes, size }: ScreenView): string =>
  JSON.stringify({
    rows: [normal.rows, alternate.rows],
    at: [normal.cursor, alternate.cursor],
    alternateShown,
    modes,
    size,
  });

function room() {
  const clock = fakeClock();
  const session = scriptedSession(SIZE);
  const made = createWatchRoom({ screens, clock, isRecorded: () => true, recorded: session.recorded }, SIZE);
  session.goesTo(made);
  return {
    ...session,
    clock,
    made,
    /** Until what is gathered has left. */
    async flushed() {
      for (let n = 0; n < 3; n++) {
        clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** A worker starts, on a machine that has other things to do. */
const PATIENCE = { timeout: 20_000 };
const NOBODY = { refused: () => {}, gone: () => {} };
const FACTS = (): Watching => ({}) as Watching;
const line = '\x1b[32mgreen\x1b[m some words of a program\r\n';

describe('watch room', () => {
  it('W1, S30: who comes in the middle has the whole screen, then every byte and size once', async () => {
    const one = room();
    one.print(`${line.repeat(90)}\x1b[?1049h\x1b[2J\x1b[5;5Hvim`);
    const pages = [page(), page(), page()];
    for (const { end } of pages) {
      one.made.join(end, FACTS, NOBODY);
      one.print('\x1b[7;7Hbetween');
      await expect.poll(() => pages.some(({ told }) => told.screens > 0), PATIENCE).toBe(true);
      one.resize(100, 30);
      one.print('\x1b[9;1Hmore');
    }
    await expect.poll(() => pages.every(({ told }) => told.screens > 0), PATIENCE).toBe(true);
    one.print('\x1b[?1049l and on $ ');
    // Those whose screen grew before they had the lines above it are shown it again.
    await expect.poll(() => pages[0]!.told.screens, PATIENCE).toBeGreaterThan(1);
    await one.flushed();
    for (const { emulator } of pages) expect(looks(emulator.view())).toBe(looks(one.whole.view()));
    // A moment later the lines above come too, and the screen stays what it is.
    one.clock.advance(300);
    await expect.poll(() => pages.every(({ told }) => told.screens > 1), PATIENCE).toBe(true);
    one.print('ls\r\n');
    await one.flushed();
    for (const { emulator } of pages) {
      expect(looks(emulator.view())).toBe(looks(one.whole.view()));
      expect(emulator.view(500).normal.history?.length).toBe(one.whole.view(500).normal.history?.length);
    }
    one.made.ended({ kind: 'shutdown' });
  });

  it('W3, F7: one that does not read is sent no more than its window; when it reads it has the screen, and is told', async () => {
    const one = room();
    const [quick, stuck] = [page(), page(SIZE, false)];
    one.made.join(quick.end, FACTS, NOBODY);
    one.made.join(stuck.end, FACTS, NOBODY);
    await expect.poll(() => quick.told.screens + stuck.told.screens, PATIENCE).toBe(2);
    for (let n = 0; n < 600; n++) {
      one.print(line.repeat(100));
      if (n % 50 === 0) await one.flushed();
    }
    await one.flushed();
    expect(stuck.told.bytes).toBeLessThan(WINDOW_BYTES + 128 * 1024);
    const before = stuck.told.screens;
    stuck.wake();
    await expect.poll(() => stuck.told.screens, PATIENCE).toBeGreaterThan(before);
    one.print('\x1b[1;1Htop of it');
    await one.flushed();
    expect(looks(stuck.emulator.view())).toBe(looks(one.whole.view()));
    const skipped = stuck.told.notices.find(({ kind }) => kind === 'resynchronised');
    expect(skipped).toMatchObject({ skippedBytes: expect.any(Number) });
    expect(quick.told.notices.filter(({ kind }) => kind === 'resynchronised')).toEqual([]);
    expect(looks(quick.emulator.view())).toBe(looks(one.whole.view()));
    one.made.ended({ kind: 'shutdown' });
  });

  it('S32, S35: who leaves is forgotten; all who stay hear the last word after the last byte', async () => {
    const one = room();
    const [stays, leaves] = [page(), page()];
    let gone = 0;
    const on = { refused: () => {}, gone: () => gone++ };
    one.made.join(stays.end, FACTS, on);
    one.made.join(leaves.end, FACTS, on);
    await expect.poll(() => stays.told.screens + leaves.told.screens, PATIENCE).toBe(2);
    leaves.does().onGone();
    leaves.does().onGone();
    expect([gone, one.made.watchers]).toEqual([1, 1]);
    one.print('first');
    one.print('last words');
    const reason: EndReason = { kind: 'ended-by-admin', by: '赵敏', reason: '' };
    one.made.ended(reason);
    one.made.ended({ kind: 'shutdown' });
    expect(stays.told.ended).toEqual(reason);
    expect(looks(stays.emulator.view())).toBe(looks(one.whole.view()));
    expect([gone, one.made.watchers, leaves.told.bytes]).toEqual([2, 0, 0]);
  });

  it('S31, V48: input and sizes of a watcher go nowhere, and it is told', async () => {
    const one = room();
    const nosy = page();
    const tried: string[] = [];
    one.made.join(nosy.end, FACTS, { refused: (what) => tried.push(what), gone: () => {} });
    nosy.does().onRefused('input');
    nosy.does().onRefused('resize');
    one.clock.advance(1_500);
    nosy.does().onRefused('input');
    expect(tried).toEqual(['input', 'resize', 'input']);
    expect(nosy.told.notices.filter(({ kind }) => kind === 'read-only')).toEqual([
      { kind: 'read-only' },
      { kind: 'read-only' },
    ]);
    one.made.ended({ kind: 'shutdown' });
  });
});
