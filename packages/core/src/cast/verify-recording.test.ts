import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  HEADER,
  type Made,
  sha256,
  signedRecording,
  type TestKey,
  testKey,
  tools,
} from '../../test/signed-recording.js';
import { describeFinding, type Finding, type RecordingReport, sessionTime } from './recording-report.js';
import { type VerifyOptions, verifyRecording } from './verify-recording.js';

let key: TestKey;
let other: TestKey;
let made: Made;
/** header 0, events 1 2 3, signature 4, events 5 6 7, signature 8, seal 9, signature 10. */
const PIECES = Array.from({ length: 6 }, (_, n) =>
  Buffer.from(`${n} line of output, 行 ${n}\r\n`.repeat(1 + 9 * (n % 3))),
);
beforeAll(async () => {
  key = await testKey(7, { from: HEADER.startedAt - 1000 });
  other = await testKey(8);
  made = signedRecording(key, PIECES);
});

const check = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}): Promise<RecordingReport> =>
  verifyRecording({ size: bytes.length, read: (start, end) => bytes.subarray(start, end) }, tools, {
    keys: [key.key],
    ...options,
  });
const part = (from: number, to: number): Uint8Array => made.bytes.subarray(made.places[from]!, made.places[to]!);
const built = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([made.bytes.subarray(0, 16), ...parts]));
const kinds = ({ findings }: RecordingReport): string[] => findings.map(({ kind }) => kind);
const covers = ({ from, to }: Finding, at: number): boolean => from <= at && at < to;

describe('a sound recording', () => {
  it('is told apart by nothing: head, length, who signed and when', async () => {
    const report = await check(made.bytes, { sessionId: HEADER.sessionId });
    expect(report).toMatchObject({
      ok: true,
      state: 'complete',
      sessionId: HEADER.sessionId,
      bytes: made.bytes.length,
      chunks: 11,
      durationMs: 1500,
      outputBytes: PIECES.reduce((sum, piece) => sum + piece.length, 0),
      findings: [],
      signatures: { count: 3, keyIds: [key.key.id], last: { occasion: 'END', chunk: 10, us: 1_500_000 } },
    });
    expect(report.head).toBe(Buffer.from(made.bytes.subarray(-36, -4)).toString('hex'));
  });

  it('still written is no damage, and says up to where it is signed', async () => {
    const running = signedRecording(key, PIECES, { leave: 'seal' });
    const report = await check(running.bytes, { growing: true });
    expect(report).toMatchObject({ ok: true, state: 'open', signatures: { last: { occasion: 'RUNNING', chunk: 8 } } });
    expect(kinds(await check(running.bytes))).toEqual(['no-seal']);
  });

  it('may take its bytes and hashes from promises, as a browser gives them', async () => {
    const source = { size: made.bytes.length, read: async (a: number, b: number) => made.bytes.slice(a, b) };
    const slow = {
      sha256: async (bytes: Uint8Array) => sha256(bytes),
      ed25519: async (...all: Parameters<typeof tools.ed25519>) => tools.ed25519(...all),
    };
    expect(await verifyRecording(source, slow, { keys: [key.key] })).toMatchObject({ ok: true });
  });

  it('may be read into one buffer over and over, as files are', async () => {
    const large = signedRecording(key, [...PIECES, ...Array.from({ length: 60 }, (_, n) => randomBytes(60_000 + n))]);
    const buffer = Buffer.alloc(2 * 1024 * 1024);
    const source = {
      size: large.bytes.length,
      read(start: number, end: number) {
        buffer.fill(0).set(large.bytes.subarray(start, end));
        return buffer.subarray(0, end - start);
      },
    };
    expect(await verifyRecording(source, tools, { keys: [key.key] })).toMatchObject({ ok: true, findings: [] });
  });
});

describe('V47: damage is detected and located', () => {
  it('any one byte changed anywhere: every finding up to it covers it', async () => {
    for (let at = 0; at < made.bytes.length; at += 1) {
      const bytes = made.bytes.slice();
      bytes[at]! ^= 1 << (at % 8);
      const { ok, findings } = await check(bytes);
      expect(ok, `byte ${at}`).toBe(false);
      expect(
        findings.some((one) => covers(one, at)),
        `byte ${at}: ${findings.map(describeFinding)}`,
      ).toBe(true);
      expect(Math.min(...findings.map(({ from }) => from))).toBeLessThanOrEqual(at);
    }
  });

  it('a changed byte is named with its chunk, its bytes and its time', async () => {
    const bytes = made.bytes.slice();
    const at = made.places[6]! + 100;
    bytes[at]! ^= 0x40;
    const { findings } = await check(bytes);
    expect(findings).toEqual([
      {
        kind: 'changed',
        chunk: 6,
        chunks: 1,
        from: made.places[6],
        to: made.places[7]! - 36,
        fromUs: 1_000_000,
        toUs: 1_500_000,
        detail: 'the bytes of a chunk do not match its hash',
      },
    ]);
    expect(describeFinding(findings[0]!)).toBe(
      `changed: the bytes of a chunk do not match its hash (bytes ${made.places[6]} to ${made.places[7]! - 37}, ` +
        'chunk 6, session time 0:01.000 to 0:01.500)',
    );
  });

  it('a tail cut anywhere', async () => {
    for (let size = 0; size < made.bytes.length; size += 1) {
      const { ok, findings } = await check(made.bytes.slice(0, size));
      expect(ok, `cut at ${size}`).toBe(false);
      expect(
        findings.some(({ to }) => to === size),
        `cut at ${size}: ${findings.map(describeFinding)}`,
      ).toBe(true);
      const atBorder = made.places.includes(size);
      const due = size < 16 ? 'not-a-recording' : !atBorder ? 'cut' : size === made.places[10] ? 'unsigned' : 'no-seal';
      if (size > 16)
        expect(
          findings.map(({ kind }) => kind),
          `cut at ${size}`,
        ).toContain(due);
    }
  });

  it('chunks removed, swapped, repeated and inserted', async () => {
    const gone = await check(built(part(0, 5), part(7, 11)));
    expect(gone.findings).toMatchObject([
      { kind: 'removed', chunk: 5, chunks: 2, from: made.places[5], to: made.places[5] },
    ]);
    for (const [a, b] of [
      [1, 2],
      [2, 3],
      [5, 6],
    ] as const) {
      const swapped = await check(built(part(0, a), part(b, b + 1), part(a, a + 1), part(b + 1, 11)));
      expect(kinds(swapped), `${a} and ${b}`).toEqual(['moved']);
    }
    const far = await check(built(part(0, 1), part(5, 6), part(2, 5), part(1, 2), part(6, 11)));
    expect(far.ok).toBe(false);
    expect(kinds(far)).toContain('moved');
    const twice = await check(built(part(0, 3), part(2, 3), part(3, 11)));
    expect(twice.findings).toMatchObject([{ kind: 'inserted', chunk: 2, from: made.places[3] }]);
    const foreign = signedRecording(other, [Buffer.from('something else'), ...PIECES]);
    const chunk = foreign.bytes.subarray(foreign.places[3], foreign.places[4]);
    expect(kinds(await check(built(part(0, 3), chunk, part(3, 11))))).toEqual(['inserted']);
    expect(kinds(await check(built(part(0, 3), chunk, part(4, 11))))).toEqual(['rewritten', 'rewritten']);
    expect(kinds(await check(built(part(0, 3), Buffer.from('junk'), part(3, 11))))).toEqual(['inserted']);
    expect(kinds(await check(new Uint8Array(Buffer.concat([made.bytes, Buffer.from('SPCK and more')]))))).toEqual([
      'inserted',
    ]);
  });

  it('a recording rewritten with all its hashes: its signatures do not fit', async () => {
    const forged = signedRecording(key, [Buffer.from('nothing happened'), ...PIECES.slice(1)]);
    const parts = made.places.slice(0, -1).map((at, n) => made.bytes.subarray(at, made.places[n + 1]));
    // The forger has no key: he puts the true signatures behind his own chunks.
    const bytes = new Uint8Array(Buffer.concat([forged.bytes.subarray(0, forged.places[4]), ...parts.slice(4)]));
    const report = await check(bytes);
    expect(report.ok).toBe(false);
    expect(kinds(report)).toContain('rewritten');
  });

  it('missing, foreign and unknown signatures, and keys that did not sign then', async () => {
    expect(kinds(await check(signedRecording(key, PIECES, { leave: 'signature' }).bytes))).toEqual(['unsigned']);
    expect(kinds(await check(made.bytes, { keys: [] }))).toEqual(['unknown-key']);
    expect(kinds(await check(made.bytes, { keys: [other.key] }))).toEqual(['unknown-key']);
    const claimed = {
      ...other,
      sign: (compose: (id: Uint8Array) => Uint8Array) => ({
        ...key.sign(compose),
        ...{ signature: other.sign(() => compose(key.sign(compose).keyId)).signature },
      }),
    };
    expect(kinds(await check(signedRecording(claimed, PIECES).bytes))).toEqual([
      'bad-signature',
      'bad-signature',
      'bad-signature',
      'unsigned',
    ]);
    const day = 86_400_000;
    const late = { ...key.key, from: HEADER.startedAt + 2 * day };
    const early = { ...key.key, until: HEADER.startedAt - 2 * day };
    for (const one of [late, early])
      expect(kinds(await check(made.bytes, { keys: [one] }))).toContain('key-not-in-force');
  });

  it('a recording put in the place of another', async () => {
    expect(kinds(await check(made.bytes, { sessionId: '0000000000000000000000000z' }))).toEqual(['other-recording']);
    // Signed for that session: taking over its signatures does not help either.
    const header = { ...HEADER, sessionId: '0000000000000000000000000z' };
    const theirs = signedRecording(key, PIECES, { header });
    expect(await check(theirs.bytes, { sessionId: header.sessionId })).toMatchObject({ ok: true });
  });

  it('any damage of several bytes, whatever it is', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const edits = fc.record({ at: fc.nat(made.bytes.length), cut: fc.nat(600), put: bytes });
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 4 }), async (drawn) => {
        let changed: Uint8Array = made.bytes;
        for (const { at, cut, put } of drawn)
          changed = Buffer.concat([changed.subarray(0, at), put, changed.subarray(Math.min(changed.length, at + cut))]);
        if (Buffer.compare(changed, made.bytes) === 0) return;
        const { ok, findings } = await check(changed);
        expect(ok).toBe(false);
        for (const { from, to } of findings) expect(0 <= from && from <= to && to <= changed.length).toBe(true);
      }),
      { numRuns: process.env.LONG_TESTS === '1' ? 20_000 : 300 },
    );
  });

  it('X: a recording shown inside a recording does not lead the search astray', async () => {
    const outer = signedRecording(key, [Buffer.from('cat x.sprec\r\n'), Buffer.from(made.bytes), ...PIECES]);
    const places = outer.places;
    for (const within of [4, 20, 60, 95, 400, places[3]! - places[2]! - 2]) {
      const bytes = outer.bytes.slice();
      bytes[places[2]! + within]! ^= 1;
      const { findings } = await check(bytes);
      expect(
        findings.some((one) => covers(one, places[2]! + within)),
        `byte ${within}`,
      ).toBe(true);
      expect(
        findings.every(({ from, to }) => from >= places[1]! && to <= places[4]!),
        `${findings.map(describeFinding)}`,
      ).toBe(true);
    }
  });

  it('a hostile file does not cost more than a few times its size', async () => {
    const bytes = new Uint8Array(4 * 1024 * 1024);
    const head = made.bytes.subarray(made.places[1], made.places[1]! + 88);
    for (let at = 16; at + 88 < bytes.length; at += 88) {
      bytes.set(head, at);
      new DataView(bytes.buffer).setUint32(at + 12, 1_000_000);
      new DataView(bytes.buffer).setUint32(at + 16, 1_000_000);
    }
    bytes.set(made.bytes.subarray(0, 16));
    let hashed = 0;
    const counting = {
      ...tools,
      sha256(all: Uint8Array) {
        hashed += all.length;
        return sha256(all);
      },
    };
    const source = { size: bytes.length, read: (a: number, b: number) => bytes.subarray(a, b) };
    expect((await verifyRecording(source, counting, { keys: [] })).ok).toBe(false);
    expect(hashed).toBeLessThan(2 * (bytes.length + 64 * 1024 * 1024));
  });
});

it('times read as a player shows them', () => {
  expect(sessionTime(3_723_250_000)).toBe('1:02:03.250');
});
