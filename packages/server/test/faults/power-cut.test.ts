/**
 * F2: the power is cut at any moment and what was not synced is lost, torn by sectors and out of order. What a session
 * had shown a second before plays after the next start, and a recording that was sealed is whole.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { collect, newHeader, outputOf } from '../../src/gateway/ports/recording-store.contract.js';
import { fakeClock } from '../fixtures/fake-clock.js';
import { cuttablePower } from '../fixtures/power.js';
import { quickDirectory } from './recorded-shell.js';

const IS_LONG = process.env.LONG_TESTS === '1';
const RUNS = IS_LONG ? 60 : 3;
const CUTS_PER_RUN = 40;
const TICK_MS = 10;

let seed = 20_261_122;
const chance = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

interface Sent {
  readonly id: string;
  readonly pieces: { readonly atMs: number; readonly bytes: Buffer }[];
  sealed: boolean;
}
interface Cut {
  readonly directory: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly pieces: number;
    readonly sealed: boolean;
    readonly of: Sent;
  }[];
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(quickDirectory(), 'sprec-power-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Chunks being compressed, by threads that know nothing of the test's clock. */
let packing = 0;
const { gzip } = zlib;
beforeAll(() => {
  const counted = (payload: zlib.InputType, options: zlib.ZlibOptions, done: zlib.CompressCallback): void => {
    packing += 1;
    gzip(payload, options, (error, packed) => {
      packing -= 1;
      done(error, packed);
    });
  };
  Object.assign(zlib, { gzip: counted });
  syncBuiltinESMExports();
});
afterAll(() => {
  Object.assign(zlib, { gzip });
  syncBuiltinESMExports();
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sessions that begin, print and end, on a disk that keeps up; the power is cut at random changes of the disk. */
async function live(run: number): Promise<Cut[]> {
  const directory = join(root, `disk-${run}`);
  const clock = fakeClock();
  const power = cuttablePower(directory);
  const sessions: Sent[] = [];
  const cuts: Cut[] = [];
  power.onChange = () => {
    if (cuts.length >= CUTS_PER_RUN || chance() > 0.12) return;
    const left = join(root, `cut-${run}-${cuts.length}`);
    power.cut(left, chance);
    cuts.push({
      directory: left,
      sessions: sessions.map((of) => ({ id: of.id, pieces: of.pieces.length, sealed: of.sealed, of })),
    });
  };
  const idle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet = power.busy + packing === 0 ? quiet + 1 : 0) await turn();
  };
  const store = createDiskRecordingStore({ directory, clock });
  const session = async (): Promise<void> => {
    const header = newHeader();
    const writer = await store.create(header);
    const sent: Sent = { id: header.sessionId, pieces: [], sealed: false };
    sessions.push(sent);
    const ticks = 30 + Math.floor(chance() * 150);
    for (let tick = 0; tick < ticks; tick += 1) {
      await new Promise<void>((resolve) => clock.after(TICK_MS, resolve));
      if (writer.pressure || chance() < 0.4) continue; // a session pauses its target then
      const bytes = Buffer.alloc(1 + Math.floor(chance() ** 4 * 9_000), `${sent.pieces.length} ${sent.id} 中 `);
      writer.output(clock.monotonic(), bytes);
      sent.pieces.push({ atMs: clock.monotonic(), bytes });
      if (chance() < 0.05) writer.resize(clock.monotonic(), { cols: 80 + tick, rows: 24 });
    }
    await writer.seal(clock.monotonic());
    sent.sealed = true;
  };
  const all = [session()];
  let running = true;
  for (let tick = 0; running; tick += 1) {
    if (tick === 20 || tick === 50) all.push(session());
    if (tick === 50) void Promise.all(all).finally(() => (running = false));
    clock.advance(TICK_MS);
    await idle();
  }
  await Promise.all(all);
  await store.close();
  power.remove();
  rmSync(directory, { recursive: true });
  return cuts;
}

/** The start after the cut; now and then the power goes again while it repairs. */
async function restart(cut: Cut): Promise<string> {
  const clock = fakeClock();
  let directory = cut.directory;
  for (let again = 0; chance() < 0.5 && again < 3; again += 1) {
    const power = cuttablePower(directory);
    const second = `${directory}-again`;
    power.onChange = () => {
      if (!existsSync(second) && chance() < 0.2) power.cut(second, chance);
    };
    const store = createDiskRecordingStore({ directory, clock });
    await store.recover(() => false);
    power.remove();
    if (existsSync(second)) directory = second;
  }
  const store = createDiskRecordingStore({ directory, clock });
  await store.recover(() => false);
  expect(readdirSync(join(directory, 'open'))).toEqual([]);
  return directory;
}

it(
  `F2, X21: the power cut ${RUNS * CUTS_PER_RUN} times, at any change of the disk: at most 1 s is lost, nothing that was sealed`,
  async () => {
    let most = 0;
    let checked = 0;
    for (let run = 0; run < RUNS; run += 1) {
      for (const cut of await live(run)) {
        const directory = await restart(cut);
        const store = createDiskRecordingStore({ directory, clock: fakeClock() });
        for (const { id, pieces, sealed, of } of cut.sessions) {
          const sent = of.pieces.slice(0, pieces);
          const found = await store.describe(id);
          const states = sealed ? ['complete'] : ['complete', 'truncated'];
          expect(states, `${cut.directory} ${id}`).toContain(found?.state);
          const events = await collect(store.read(id));
          const kept = outputOf(events);
          const end = events.at(-1);
          expect(end?.type === 'end' ? end.damage : 'no end').toBeUndefined();
          // Its seal may have reached the disk before anybody was told: then the rest of what was printed is there too.
          const whole = Buffer.concat((sealed ? sent : of.pieces).map(({ bytes }) => bytes));
          expect(whole.subarray(0, kept.length).equals(kept)).toBe(true);
          let length = 0;
          const lost = sent.find(({ bytes }) => {
            length += bytes.length;
            return length > kept.length;
          });
          if (lost !== undefined) {
            const ms = sent.at(-1)!.atMs - lost.atMs;
            most = Math.max(most, ms);
            expect(sealed).toBe(false);
            expect(ms).toBeLessThanOrEqual(1_000);
          }
          checked += 1;
        }
        rmSync(cut.directory, { recursive: true, force: true });
      }
    }
    console.info(`${checked} recordings after a cut; most lost: ${most} ms`);
    expect(checked).toBeGreaterThan(RUNS * 20);
  },
  IS_LONG ? 1_800_000 : 120_000,
);
