/**
 * Container bytes in, a replay index out: walks the chain of hashes, opens each chunk and gives its events to the builder.
 * What is indexed is what can be played: it ends before the first byte that was changed.
 */
import { sameHash } from './chunk-header.js';
import { ChunkScanner, type ScannedChunk } from './chunk-scanner.js';
import { CHUNK_KIND } from './container.js';
import { type DecodeTools, openChunk } from './decode-recording.js';
import { decodeEvents } from './event-decoder.js';
import type { Damage } from './recorded-event.js';
import { decodeRecordingHeader } from './recording-header.js';
import type { ReplayIndexBuilder } from './replay-index-builder.js';
import { decodeSeal } from './seal.js';

export class IndexReader {
  private readonly builder: ReplayIndexBuilder;
  private readonly tools: DecodeTools;
  private readonly scanner = new ChunkScanner();
  private previous: Uint8Array | undefined;

  constructor(builder: ReplayIndexBuilder, tools: DecodeTools) {
    this.builder = builder;
    this.tools = tools;
  }

  /** False once the end was read. `breathe` is waited for between two chunks. */
  async add(bytes: Uint8Array, breathe?: () => Promise<void> | undefined): Promise<boolean> {
    if (this.builder.end) return false;
    for (const chunk of this.scanner.push(bytes)) {
      await this.take(chunk);
      if (this.builder.end) return false;
      await breathe?.();
    }
    if (this.scanner.damage !== undefined) this.stop(this.scanner.damage);
    return this.builder.end === undefined;
  }

  /** There are no more bytes. */
  cutOff(): void {
    const { position, pending } = this.scanner;
    if (this.builder.end === undefined)
      this.stop({ position, detail: pending > 0 ? 'the last chunk is cut' : 'no seal' });
  }

  private async take(chunk: ScannedChunk): Promise<void> {
    const { header, position } = chunk;
    const before = this.previous ?? (this.scanner.preamble && (await this.tools.sha256?.(this.scanner.preamble)));
    // Bytes that were changed are not played, so they are not indexed.
    if (before !== undefined && !sameHash(header.previous, before)) {
      this.stop({ position, detail: 'the chain of hashes is broken before it' });
      return;
    }
    const opened = await openChunk(chunk, before, this.tools);
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
