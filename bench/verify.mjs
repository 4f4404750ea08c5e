/**
 * What checking a recording costs, beside SHA-256 of the same file: `sha256sum` and `openssl dgst`, each a process of its
 * own, as the verifier is. Two files: bulk output in full chunks, and a day of typing in small ones; the file is in the
 * page cache for all.
 */
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ChunkChain } from '../packages/core/dist/cast/chunk-chain.js';
import { EventGatherer } from '../packages/core/dist/cast/event-gatherer.js';
import { signingKeyOf, signingKeyPem } from '../packages/core/dist/evidence/signing-key.js';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';

const PROGRAM = fileURLToPath(new URL('../packages/verify/bin/sallyport-verify.js', import.meta.url));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** A sealed, signed recording of about `bytes`, in chunks of `piece`, a signature each minute of its time. */
function makeRecording(path, bytes, piece, { keyId, secret }) {
  const names = { term: 'xterm', title: '', userName: 'bench', hostName: 'bench', login: 'bench' };
  const header = { sessionId: '0'.repeat(26), startedAt: 0, size: { cols: 80, rows: 24 }, ...names };
  const signHead = (compose) => ({ signature: sign(null, compose(keyId), secret) });
  const { chain, bytes: begun } = ChunkChain.begin(header, sha256);
  const gatherer = new EventGatherer(header.size);
  const at = () => ({ size: gatherer.size, us: gatherer.lastUs, offset: gatherer.offset });
  const file = openSync(path, 'w');
  const put = (chunk) => writeSync(file, chunk);
  put(begun);
  const output = Buffer.alloc(piece, 'a line of output, as programs print them\r\n');
  const slab = new Uint8Array(piece + 256);
  for (let done = 0, n = 1; done < bytes; n += 1) {
    gatherer.lend(slab);
    gatherer.output(n * 500_000, output, 0);
    done += put(chain.events(gatherer.take()));
    if (n % 120 === 0)
      put(chain.signature({ sessionId: header.sessionId, occasion: 'RUNNING', signedAt: n }, signHead, at()));
  }
  put(chain.seal({ state: 'complete', indexPosition: 0 }, at()));
  put(chain.signature({ sessionId: header.sessionId, occasion: 'END', signedAt: 1 }, signHead, at()));
  closeSync(file);
}

/** Seconds of processor and of the clock for one process. */
function timed(command, args) {
  const script = 'TIMEFORMAT="%U %S %R"; { time "$@" >/dev/null; } 2>&1';
  const out = execFileSync('bash', ['-c', script, 'bash', command, ...args], { encoding: 'utf8' });
  const [user, system, wall] = out.trim().split('\n').at(-1).split(' ').map(Number);
  return { cpu: user + system, wall };
}

export async function run({ rounds = 3, write = false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-verify-'));
  try {
    const { privateKey: secret, publicKey } = generateKeyPairSync('ed25519');
    const key = await signingKeyOf(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32), sha256);
    const keyFile = join(directory, 'key.pem');
    writeFileSync(keyFile, signingKeyPem(key));
    const made = { keyId: Buffer.from(key.id, 'base64url'), secret };
    const files = [
      { name: 'bulk, chunks of 64 KiB', path: join(directory, 'bulk.sprec'), bytes: 1024 * 1024 * 1024, piece: 65_000 },
      {
        name: 'typing, chunks of 400 bytes',
        path: join(directory, 'typing.sprec'),
        bytes: 64 * 1024 * 1024,
        piece: 264,
      },
    ];
    for (const { path, bytes, piece } of files) makeRecording(path, bytes, piece, made);
    const systems = [
      { name: 'sallyport-verify', of: (path) => timed(process.execPath, [PROGRAM, path, '--key', keyFile]) },
      { name: 'sha256sum', of: (path) => timed('sha256sum', [path]) },
      { name: 'openssl dgst -sha256', of: (path) => timed('openssl', ['dgst', '-sha256', path]) },
    ];
    await measured('Verifying a recording', `npm run bench -- verify --rounds ${rounds}`, write, async () => {
      const rows = [];
      const ratios = [];
      for (const { name, path } of files) {
        const { size } = statSync(path);
        const runs = systems.map(() => []);
        for (let round = 0; round <= rounds; round += 1)
          for (const [n, { of }] of systems.entries()) {
            const one = of(path);
            if (round > 0) runs[n].push(one); // the first brings the file into the page cache
          }
        const cpu = runs.map((all) => median(all.map((one) => one.cpu)));
        for (const [n, system] of systems.entries())
          rows.push({
            recording: name,
            system: system.name,
            'MB/s of the clock': fixed(size / 1e6 / median(runs[n].map(({ wall }) => wall)), 0),
            'CPU s per GB': fixed((cpu[n] * 1e9) / size, 2),
          });
        ratios.push(cpu[0] / cpu[2]);
      }
      const [bulk, typing] = ratios;
      return `${table(rows)}\n\n- Bulk: **${fixed(bulk, 2)}x** the CPU of \`openssl dgst\`. Aim 1.3x at most: ${verdict(bulk <= 1.3)}.\n- Small chunks: ${fixed(typing, 1)}x; a header, a hash and a link each.`;
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run();
