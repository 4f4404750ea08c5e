/** A replay index in the making, in a worker: container bytes in, table and keyframes out at any time. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { IndexReader } from '@sallyport/core/cast/index-reader.js';
import { encodeReplayIndex } from '@sallyport/core/cast/replay-index.js';
import { ReplayIndexBuilder } from '@sallyport/core/cast/replay-index-builder.js';
import { encodeIndexPreamble } from '@sallyport/core/cast/replay-index-file.js';
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
  private readonly reader = new IndexReader(this.builder, TOOLS);

  /** False once the end was read. */
  add = (bytes: Uint8Array): Promise<boolean> => this.reader.add(bytes);
  cutOff = (): void => this.reader.cutOff();

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
}
