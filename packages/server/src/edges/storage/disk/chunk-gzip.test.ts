import { expect, it } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { createChunkGzip, gunzipChunk } from './chunk-gzip.js';

const MIB = 1024 * 1024;
const BULK = new Uint8Array(64 * 1024).fill(0x61);
const SMALL = new Uint8Array(4 * 1024).fill(0x61);

/** How many bytes of such payloads it takes before it declines one. */
async function taken(gzip: ReturnType<typeof createChunkGzip>, payload: Uint8Array): Promise<number> {
  const offers: Promise<Uint8Array | undefined>[] = [];
  for (;;) {
    const offer = gzip.offer(payload);
    if (offer === undefined) break;
    offers.push(offer);
  }
  for (const packed of await Promise.all(offers)) {
    expect(gunzipChunk(packed ?? new Uint8Array(0), payload.length)).toHaveLength(payload.length);
  }
  return offers.length * payload.length;
}

it('bulk output gets a burst, then next to nothing while it goes on', async () => {
  const clock = fakeClock();
  const gzip = createChunkGzip(clock);
  expect(await taken(gzip, BULK)).toBe(6 * MIB);
  clock.advance(1_000);
  expect(await taken(gzip, BULK)).toBe(MIB / 4);
  clock.advance(3_600_000);
  expect(await taken(gzip, BULK)).toBe(6 * MIB);
});

it('a flood of one session leaves the small chunks of the others their own budget', async () => {
  const gzip = createChunkGzip(fakeClock());
  await taken(gzip, BULK);
  expect(await taken(gzip, SMALL)).toBeGreaterThanOrEqual(MIB / 2); // each is charged as much as setting up costs
});

it('what is too small, or does not get smaller, is stored as it came', async () => {
  const gzip = createChunkGzip(fakeClock());
  expect(gzip.offer(new Uint8Array(511))).toBeUndefined();
  const noise = crypto.getRandomValues(new Uint8Array(8_192));
  expect(await gzip.offer(noise)).toBeUndefined();
});
