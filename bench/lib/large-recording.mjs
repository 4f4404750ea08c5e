/**
 * A recording of any size and length, written as fast as the disk takes it: recorded programs, over and over, in chunks
 * as the gateway writes bulk output. It replaces the file of a recording that is there already.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { EventGatherer } from '@sallyport/core/cast/event-gatherer.js';

const STREAMS = new URL('../../packages/server/test/fixtures/terminal-streams/', import.meta.url);
const SLAB_BYTES = 64 * 1024;
const PIECE_BYTES = 4 * 1024;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** @param {{ file: string, sessionId: string, bytes: number, hours: number }} wanted */
export function writeLargeRecording({ file, sessionId, bytes, hours }) {
  const programs = readdirSync(STREAMS)
    .filter((name) => name.endsWith('.vt.gz'))
    .map((name) => gunzipSync(readFileSync(new URL(name, STREAMS))));
  const once = Buffer.concat(programs);
  const size = { cols: 80, rows: 24 };
  const names = { term: 'xterm-256color', title: 'large', userName: 'bench', hostName: 'large', login: 'root' };
  const { chain, bytes: front } = ChunkChain.begin({ sessionId, startedAt: Date.now(), size, ...names }, sha256);
  const fd = openSync(file, 'w', 0o600);
  writeSync(fd, front);
  const gatherer = new EventGatherer(size);
  const slab = new Uint8Array(SLAB_BYTES);
  let written = 0;
  const usPerByte = (hours * 3_600_000_000) / bytes;
  gatherer.lend(slab);
  const flush = () => {
    const gathered = gatherer.take();
    if (gathered === undefined) return;
    writeSync(fd, chain.events(gathered));
    gatherer.lend(slab);
  };
  while (written < bytes) {
    for (let at = 0; at < once.length && written < bytes; at += PIECE_BYTES) {
      const piece = once.subarray(at, at + PIECE_BYTES);
      const us = Math.round(written * usPerByte);
      for (let from = 0; from < piece.length; ) {
        const taken = gatherer.output(us, piece, from);
        from += taken;
        if (from < piece.length) flush();
      }
      written += piece.length;
    }
  }
  flush();
  const us = hours * 3_600_000_000;
  writeSync(
    fd,
    chain.seal({ state: 'complete', exitCode: 0, indexPosition: 0 }, { size, us, offset: gatherer.offset }),
  );
  closeSync(fd);
  return { durationMs: us / 1000, outputBytes: gatherer.offset };
}
