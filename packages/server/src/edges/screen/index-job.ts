/** A replay index in the making, in a worker: container bytes in, table and keyframes out at any time. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sameHash } from '@sallyport/core/cast/chunk-header.js';
import { ChunkScanner, type ScannedChunk } from '@sallyport/core/cast/chunk-scanner.js';
import { CHUNK_KIND } from '@sallyport/core/cast/container.js';
import { openChunk } from '@sallyport/core/cast/decode-recording.js';
import { decodeEvents } from '@sallyport/core/cast/event-decoder.js';
import type { Damage } from '@sallyport/core/cast/recorded-event.js';
import { decodeRecordingHeader } from '@sallyport/core/cast/recording-header.js';
import { encodeReplayIndex } from '@sallyport/core/cast/replay-index.js';
import { ReplayIndexBuilder } from '@sallyport/core/cast/replay-index-builder.js';
import { encodeIndexPreamble } from '@sallyport/core/cast/replay-index-file.js';
import { decodeSeal } from '@sallyport/core/cast/seal.js';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import { createHeadlessEmulator } from './headless-emulator.js';

const LEVEL = 6;
const TOOLS = {
  gunzip: (stored: Uint8Array, rawBytes: number): Uint8Array =>
    gunzipSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  sha256: (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest(),
  // What the store decrypted bears the flag that says its hash was compared there.
  trustOpened: true,
};

export class IndexJob {
  private readonly builder = new ReplayIndexBuilder({
    emulator: (size) => createHeadlessEmulator(size),
    gzip: (bytes) => gzipSync(bytes, { level: LEVEL }),
  });
  private readonly scanner = new ChunkScanner();
  private previous: Uint8Array | undefined;

  /** False once the end was read. */
  async add(bytes: Uint8Array): Promise<boolean> {
    if (this.builder.end) return false;
    for (const chunk of this.scanner.push(bytes)) {
      await this.take(chunk);
      if (this.builder.end) return false;
    }
    if (this.scanner.damage !== undefined) this.stop(this.scanner.damage);
    return this.builder.end === undefined;
  }

  cutOff(): void {
    const { position, pending } = this.scanner;
    if (this.builder.end === undefined)
      this.stop({ position, detail: pending > 0 ? 'the last chunk is cut' : 'no seal' });
  }

  get thumbnail(): Thumbnail | undefined {
    const { thumbnail, activity } = this.builder;
    return thumbnail && { ...thumbnail, activeMs: activity.lastMs - activity.idleMs };
  }

  table(): Uint8Array | undefined {
    const { index } = this.builder;
    return index && gzipSync(encodeReplayIndex(index), { level: LEVEL });
  }

  keyframes(start: number, end: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const { stored } of this.builder.shelf.keyframes) {
      if (at < end && at + stored.length > start)
        parts.push(stored.subarray(Math.max(0, start - at), Math.min(stored.length, end - at)));
      at += stored.length;
      if (at >= end) break;
    }
    return Buffer.concat(parts);
  }

  file(recordingBytes: number, head: Uint8Array): Uint8Array | undefined {
    const table = this.table();
    if (table === undefined) return undefined;
    const picture = this.thumbnail;
    const thumbnail = picture === undefined ? new Uint8Array(0) : gzipSync(JSON.stringify(picture), { level: LEVEL });
    const sizes = { thumbnailBytes: thumbnail.length, tableBytes: table.length };
    const preamble = encodeIndexPreamble({ ...sizes, recordingBytes, head });
    const keyframes = this.builder.shelf.keyframes.map(({ stored }) => stored);
    return Buffer.concat([preamble, thumbnail, table, ...keyframes]);
  }

  dispose(): void {
    this.builder.dispose();
  }

  private async take(chunk: ScannedChunk): Promise<void> {
    const { header, position } = chunk;
    const before = this.previous ?? (this.scanner.preamble && TOOLS.sha256(this.scanner.preamble));
    // Bytes that were changed are not played, so they are not indexed.
    if (before !== undefined && !sameHash(header.previous, before)) {
      this.stop({ position, detail: 'the chain of hashes is broken before it' });
      return;
    }
    const opened = await openChunk(chunk, before, TOOLS);
    if (typeof opened === 'string') {
      this.stop({ position, detail: opened });
      return;
    }
    this.previous = chunk.hash;
    if (header.kind === CHUNK_KIND.EVENTS) {
      const events = decodeEvents(header, opened);
      if (typeof events === 'string') this.stop({ position, detail: events });
      else this.builder.chunk(header, position, events);
      return;
    }
    this.builder.pass(header, position);
    if (header.kind === CHUNK_KIND.HEADER) {
      const found = decodeRecordingHeader(opened);
      if (found) this.builder.begin(found);
      else this.stop({ position, detail: 'a header of unknown form' });
    } else if (header.kind === CHUNK_KIND.SEAL) {
      const seal = decodeSeal(opened);
      if (seal === undefined) this.stop({ position, detail: 'a seal of unknown form' });
      else {
        const exitCode = seal.exitCode === undefined ? {} : { exitCode: seal.exitCode };
        this.builder.finish({ atMs: header.lastUs / 1000, truncated: seal.state === 'truncated', ...exitCode });
      }
    }
  }

  private stop(damage: Damage): void {
    this.builder.finish({ atMs: this.builder.activity.lastMs, truncated: true, damage });
  }
}
