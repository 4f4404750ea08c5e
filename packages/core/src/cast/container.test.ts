import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkScanner } from './chunk-scanner.js';
import { CHUNK_KIND } from './container.js';
import { type DecodeTools, decodeRecording } from './decode-recording.js';
import { encodeRecording } from './encode-recording.js';
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const gunzip = (stored: Uint8Array, rawBytes: number): Uint8Array =>
  gunzipSync(stored, { maxOutputLength: Math.max(1, rawBytes) });
const tools: DecodeTools = { gunzip, sha256 };
const HEADER: RecordingHeader = {
  sessionId: '0123456789abcdefghjkmnpqrs',
  startedAt: Date.UTC(2026, 10, 22, 4, 5, 6, 789),
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  title: 'lin > web-01 (root) 你好',
  userName: 'lin',
  hostName: 'web-01',
  login: 'root',
};

type What = Uint8Array | { cols: number; rows: number } | { label: string } | { typed: Uint8Array };
type Step = { readonly gapUs: number; readonly what: What };
const stepArb: fc.Arbitrary<Step> = fc.record({
  gapUs: fc.oneof(fc.nat(3_000_000), fc.constant(0), fc.constant(86_400_000_000)),
  what: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 700 }),
    fc.record({ cols: fc.integer({ min: 1, max: 1000 }), rows: fc.integer({ min: 1, max: 1000 }) }),
    fc.record({ label: fc.string({ unit: 'grapheme', maxLength: 150 }) }),
    fc.record({ typed: fc.uint8Array({ minLength: 1, maxLength: 10 }) }),
  ),
});
function eventsOf(steps: readonly Step[], exitCode?: number): RecordedEvent[] {
  let us = 0;
  let offset = 0;
  const events = steps.map(({ gapUs, what }): RecordedEvent => {
    us += gapUs;
    const at = { atMs: us / 1000, offset };
    if ('cols' in what) return { ...at, type: 'resize', size: what };
    if ('label' in what) return { ...at, type: 'marker', label: what.label };
    if ('typed' in what) return { ...at, type: 'input', bytes: what.typed };
    offset += what.length;
    return { ...at, type: 'output', bytes: what };
  });
  return [...events, { type: 'end', atMs: us / 1000, offset, ...(exitCode === undefined ? {} : { exitCode }) }];
}
function encode(events: Iterable<RecordedEvent>, gzip = false, slabBytes = 400): Uint8Array {
  return Buffer.concat([
    ...encodeRecording(HEADER, events, { sha256, slabBytes, ...(gzip ? { gzip: gzipSync } : {}) }),
  ]);
}
async function decode(file: Uint8Array | Uint8Array[], growing = false): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of decodeRecording(Array.isArray(file) ? file : [file], tools, { growing }))
    events.push('bytes' in event ? { ...event, bytes: Uint8Array.from(event.bytes) } : event);
  return events;
}
/** Chunk borders may split an output event: joined again by time. */
const joined = (events: readonly RecordedEvent[]): unknown[] => {
  const list: unknown[] = [];
  let open: { atMs: number; offset: number; hex: string } | undefined;
  for (const event of events) {
    if (event.type !== 'output') {
      open = undefined;
      list.push(event);
    } else if (open?.atMs === event.atMs) open.hex += Buffer.from(event.bytes).toString('hex');
    else {
      open = { atMs: event.atMs, offset: event.offset, hex: Buffer.from(event.bytes).toString('hex') };
      list.push(open);
    }
  }
  return list;
};
const outputOf = (events: readonly RecordedEvent[]): Buffer =>
  Buffer.concat(events.map((event) => (event.type === 'output' ? event.bytes : new Uint8Array(0))));
const chunksOf = (file: Uint8Array) => new ChunkScanner().push(file);

describe('recording container', () => {
  it('writes the bytes that docs/formats/recording.md shows', () => {
    const page = readFileSync(new URL('../../../../docs/formats/recording.md', import.meta.url), 'utf8');
    const shown = /^[0-9a-f]{64}\n[0-9a-f\n]+$/m.exec(page)![0].replaceAll('\n', '');
    const changes = { sessionId: '0'.repeat(26), startedAt: 1_767_225_600_000, title: '' };
    const events: RecordedEvent[] = [
      { type: 'output', atMs: 1500, offset: 0, bytes: Buffer.from('hi') },
      { type: 'end', atMs: 2000, offset: 2, exitCode: 0 },
    ];
    const written = Buffer.concat([...encodeRecording({ ...HEADER, ...changes }, events, { sha256 })]);
    expect(written.toString('hex')).toBe(shown);
  });

  it('gives back what went in: bytes, sizes, times to the microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stepArb, { maxLength: 30 }), fc.boolean(), async (steps, gzip) => {
        const events = eventsOf(steps, 3);
        expect(joined(await decode(encode(events, gzip)))).toEqual(joined(events));
      }),
      { numRuns: 150 },
    );
  });

  it('does not care how the file is cut into pieces', async () => {
    const sample = fc.sample(stepArb, { numRuns: 25, seed: 7 });
    const file = encode(eventsOf(sample), true);
    const whole = await decode(file);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), async (cuts) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0, n = 0; at < file.length; n += 1) {
          const next = at + cuts[n % cuts.length]!;
          pieces.push(file.subarray(at, next));
          at = next;
        }
        expect(await decode(pieces)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('F2: cut at every byte it keeps all events of all whole chunks and names the place', async () => {
    const file = encode(eventsOf(fc.sample(stepArb, { numRuns: 12, seed: 11 }), 0), true);
    const whole = await decode(file);
    const chunks = chunksOf(file);
    for (let cut = 0; cut < file.length; cut += 1) {
      const events = await decode(file.subarray(0, cut));
      const end = events.at(-1);
      const bodies = events.slice(0, -1);
      expect(bodies).toEqual(whole.slice(0, bodies.length));
      const wholeChunks = chunks.filter(({ position, hashed }) => position + hashed.length + 36 <= cut);
      const lastChunk = wholeChunks.at(-1)?.header;
      expect(end).toMatchObject({
        type: 'end',
        truncated: true,
        offset: lastChunk === undefined ? 0 : lastChunk.offset + lastChunk.outputBytes,
        damage: { position: lastChunk === undefined ? (cut < 16 ? 0 : 16) : chunks[wholeChunks.length]?.position },
      });
    }
    expect(whole.at(-1)).toMatchObject({ type: 'end', exitCode: 0 });
    expect(whole.at(-1)).not.toHaveProperty('damage');
  });

  it('V47: one flipped bit anywhere is found, in its own chunk, and what stands before it still plays', async () => {
    const file = encode(eventsOf(fc.sample(stepArb, { numRuns: 12, seed: 5 })), true);
    const whole = await decode(file);
    const chunks = chunksOf(file);
    for (let at = 0; at < file.length; at += 1) {
      const chunk = chunks.findLast(({ position }) => position <= at);
      const length = chunk === undefined ? 0 : chunk.hashed.length + 32;
      if (chunk !== undefined && at >= chunk.position + length) continue; // the repeated length is not covered
      const bad = Uint8Array.from(file);
      bad[at]! ^= 1 << (at % 8);
      const events = await decode(bad);
      const end = events.at(-1);
      expect(end?.type === 'end' ? end.damage?.position : -1, `byte ${at}`).toBe(chunk?.position ?? (at < 9 ? 0 : 16));
      expect(events.slice(0, -1)).toEqual(whole.slice(0, events.length - 1));
    }
  });

  it('V47: swapped, dropped and repeated chunks break the chain', async () => {
    const steps = fc.sample(stepArb, { numRuns: 40, seed: 3 });
    const file = encode(eventsOf(steps));
    const parts = chunksOf(file).map(({ position, hashed }) => file.subarray(position, position + hashed.length + 36));
    const build = (list: Uint8Array[]): Uint8Array => Buffer.concat([file.subarray(0, 16), ...list]);
    const [a, b, c, ...rest] = parts as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
    expect(await decode(build(parts))).toEqual(await decode(file));
    for (const list of [
      [a, c, b, ...rest],
      [a, c, ...rest],
      [a, b, b, c, ...rest],
      [b, c, ...rest],
    ]) {
      const end = (await decode(build(list))).at(-1);
      expect(end).toMatchObject({ type: 'end', truncated: true, damage: { detail: expect.any(String) } });
    }
  });

  it('never throws, whatever bytes it is given', async () => {
    const file = encode(eventsOf(fc.sample(stepArb, { numRuns: 10, seed: 2 })), true);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.nat(file.length),
        fc.boolean(),
        async (noise, at, after) => {
          const bytes = after ? Buffer.concat([file.subarray(0, at), noise]) : noise;
          const events: RecordedEvent[] = [];
          // Without hashes: the parser alone must hold.
          for await (const event of decodeRecording([bytes], { gunzip })) events.push(event);
          expect(events.at(-1)?.type).toBe('end');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('X20: time never decreases, even when the caller’s clock does', async () => {
    const bytes = Uint8Array.of(65);
    const at = [5, 3, Number.NaN, 4, 9, 1];
    const events = at.map((atMs, offset): RecordedEvent => ({ type: 'output', atMs, offset, bytes }));
    const back = await decode(encode([...events, { type: 'end', atMs: 0, offset: 6 }]));
    expect(back.map(({ atMs }) => atMs)).toEqual([5, 5, 5, 5, 9, 9, 9]);
  });

  it('skips chunk kinds and event types it does not know', async () => {
    const file = encode(eventsOf([{ gapUs: 1000, what: Buffer.from('abc') }]));
    const [header, events] = chunksOf(file);
    expect(header?.header.kind).toBe(CHUNK_KIND.HEADER);
    // The type of the only event becomes one of a later version: then its bytes are no output, so the count is 0.
    const changed = Uint8Array.from(file);
    const start = events!.position;
    changed[start + 88] = 200;
    new DataView(changed.buffer).setUint32(start + 52, 0);
    const list: RecordedEvent[] = [];
    for await (const event of decodeRecording([changed.subarray(0, start + events!.hashed.length + 36)], { gunzip }))
      list.push(event);
    expect(list).toMatchObject([{ type: 'end', offset: 0, damage: { detail: 'no seal' } }]);
    changed[start + 4] = 99;
    list.length = 0;
    for await (const event of decodeRecording([changed.subarray(0, start + events!.hashed.length + 36)], { gunzip }))
      list.push(event);
    expect(list).toMatchObject([{ type: 'end', damage: { detail: 'no seal' } }]);
  });

  it('refuses flags that an older reader must understand, and files of another major version', async () => {
    const file = encode(eventsOf([{ gapUs: 0, what: Buffer.from('abc') }]));
    const flagged = Uint8Array.from(file);
    flagged[16 + 5] = 0x04;
    expect((await decode(flagged)).at(-1)).toMatchObject({
      damage: { position: 16, detail: expect.stringContaining('newer') },
    });
    const later = Uint8Array.from(file);
    later[8] = 2;
    expect((await decode(later)).at(-1)).toMatchObject({
      damage: { position: 0, detail: expect.stringContaining('version 2') },
    });
    expect((await decode(Buffer.from('{"version": 2, "width": 80}'))).at(-1)).toMatchObject({
      damage: { position: 0, detail: 'not a Sallyport recording' },
    });
  });

  it('bounds memory whatever a chunk claims: a gzip bomb is damage', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const list = [
      ...encodeRecording(HEADER, eventsOf([{ gapUs: 0, what: Buffer.alloc(200, 65) }]), {
        sha256,
        gzip: () => bomb.subarray(0, 150),
      }),
    ];
    const events = await decode(list);
    expect(events).toMatchObject([{ type: 'end', damage: { detail: 'it does not decompress' } }]);
  });

  it('F16: 10,000 random splits of a hostile byte string come back byte-equal', async () => {
    const text = Buffer.concat([
      Buffer.from('中文🙂é\u0000\u001b[31m'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const steps = at.slice(1).map((end, n) => ({ gapUs: 1, what: text.subarray(at[n], end) }));
        const chunks = chunksOf(encode(eventsOf(steps)));
        expect(chunks.at(-1)?.header.offset).toBe(text.length);
      }),
      { numRuns: 300 },
    );
    let seed = 1;
    const next = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed / 2 ** 32;
    };
    const steps: Step[] = [];
    const sent: Uint8Array[] = [];
    for (let n = 0; n < 10_000; n += 1) {
      const from = Math.floor(next() * text.length);
      const piece = text.subarray(from, from + 1 + Math.floor(next() * text.length));
      steps.push({ gapUs: 10, what: piece });
      sent.push(piece);
    }
    expect(outputOf(await decode(encode(eventsOf(steps), true, 65_536))).equals(Buffer.concat(sent))).toBe(true);
  });
});
