/**
 * What one append of 4 KiB costs the process: the disk recording store (hash chain, group commit, fdatasync and all)
 * beside a JSON line per chunk through a write stream, as asciicast recorders do, in the same process and run.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createDiskRecordingStore } from '../packages/server/dist/edges/storage/disk/disk-recording-store.js';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';

const CHUNK_BYTES = 4096;
const CHUNKS = 32 * 1024; // 128 MiB a round
const CHUNKS_PER_TURN = 16;
const clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

function coloredLog() {
  let text = '';
  for (let n = 0; text.length < 1024 * 1024; n += 1) {
    const id = (Math.imul(n, 2_654_435_761) >>> 0).toString(16);
    text += `\u001b[2m12:${n % 60}:${(n * 7) % 60}\u001b[0m \u001b[32mINFO\u001b[0m request ${id} answered in ${n % 97} ms\r\n`;
  }
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.floor(bytes.length / CHUNK_BYTES) }, (_, n) =>
    bytes.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES),
  );
}

/** `append` in turns of the loop, as sockets deliver; answers microseconds per append: of the process, of the loop. */
async function cost(chunks, append, waiting, finish) {
  let onLoop = 0;
  const before = process.cpuUsage();
  for (let n = 0; n < CHUNKS; n += CHUNKS_PER_TURN) {
    const started = performance.now();
    for (let one = n; one < n + CHUNKS_PER_TURN; one += 1) append(chunks[one % chunks.length]);
    onLoop += performance.now() - started;
    await (waiting() ?? turn());
  }
  await finish();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / CHUNKS, call: (onLoop * 1000) / CHUNKS };
}

const keys = { create: async () => randomBytes(32), find: async () => undefined, destroy: async () => {} };
const ownEncrypted = (directory, chunks, number) => ownStore(directory, chunks, number, true);

async function ownStore(directory, chunks, number, encrypt = false) {
  const store = createDiskRecordingStore({ directory, clock, keys, encrypt });
  const names = { term: 'xterm', title: '', userName: '', hostName: '', login: '' };
  const header = { sessionId: String(number).padStart(26, '0'), startedAt: 0, size: { cols: 80, rows: 24 }, ...names };
  const writer = await store.create(header);
  let relief = () => {};
  writer.onRelief(() => relief());
  const waiting = () => (writer.pressure ? new Promise((resolve) => (relief = resolve)) : undefined);
  const started = performance.now();
  return cost(
    chunks,
    (bytes) => writer.output(performance.now() - started, bytes),
    waiting,
    () => writer.seal(performance.now() - started),
  );
}

async function jsonLines(directory, chunks, number) {
  const stream = createWriteStream(join(directory, `${number}.cast`));
  const decoder = new TextDecoder();
  const started = performance.now();
  return cost(
    chunks,
    (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      stream.write(`${JSON.stringify([(performance.now() - started) / 1000, 'o', text])}\n`);
    },
    () => (stream.writableNeedDrain ? new Promise((resolve) => stream.once('drain', resolve)) : undefined),
    () => new Promise((resolve) => stream.end(resolve)),
  );
}

export async function run({ rounds = 5, write = false } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-append-'));
  const chunks = coloredLog();
  const systems = [
    { name: 'Sallyport recording, synced within 250 ms', measure: ownStore, runs: [] },
    { name: 'the same, encrypted (setting recordingEncryption)', measure: ownEncrypted, runs: [] },
    { name: 'a JSON line per chunk, never synced', measure: jsonLines, runs: [] },
  ];
  try {
    await measured('An append of 4 KiB', `npm run bench -- recording-append --rounds ${rounds}`, write, async () => {
      for (let round = -1; round <= rounds; round += 1)
        for (const [n, { measure, runs }] of systems.entries()) {
          const one = await measure(directory, chunks, (round + 1) * 10 + n);
          if (round > 0) runs.push(one); // the first two warm the code up
        }
      const of = (n, key) => median(systems[n].runs.map((one) => one[key]));
      const rows = systems.map(({ name }, n) => ({
        system: name,
        'CPU us per append, all threads': fixed(of(n, 'cpu')),
        'us in the call itself': fixed(of(n, 'call'), 2),
      }));
      const ratio = of(2, 'cpu') / of(0, 'cpu');
      const perGb = ((of(1, 'cpu') - of(0, 'cpu')) * (1e9 / CHUNK_BYTES)) / 1e6;
      return `${table(rows)}\n\n- A JSON line costs **${fixed(ratio)}x** the CPU and ${fixed(of(2, 'call') / of(0, 'call'))}x the time in the call. Aim above 1x: ${verdict(ratio > 1)}.\n- Encryption costs **${fixed(perGb, 2)} CPU s per GB** of output.`;
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run();
