/**
 * A whole recording in one go, for tests, imports and samples: the same gatherer and chain as the live writer.
 */
import { ChunkChain, type Sha256 } from './chunk-chain.js';
import { CHUNK_HEADER_BYTES } from './container.js';
import { EventGatherer, MIN_SLAB_BYTES } from './event-gatherer.js';
import { encodeLabel } from './marker-label.js';
import type { SealPayload } from './payload-cipher.js';
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';

export interface EncodeTools {
  sha256: Sha256;
  gzip?(raw: Uint8Array): Uint8Array;
  encrypt?: SealPayload;
  /** Size of a full chunk. */
  readonly slabBytes?: number;
  /** Starts a new chunk before an event that is this much later than the last. */
  readonly gatherMs?: number;
}

export function* encodeRecording(
  header: RecordingHeader,
  events: Iterable<RecordedEvent>,
  tools: EncodeTools,
): Generator<Uint8Array, void, undefined> {
  const { chain, bytes } = ChunkChain.begin(header, tools.sha256, tools.encrypt);
  yield bytes;
  const gatherer = new EventGatherer(header.size);
  const slabBytes = tools.slabBytes ?? 64 * 1024;
  const gatherUs = (tools.gatherMs ?? 1000) * 1000;
  const cut = (): Uint8Array | undefined => {
    const gathered = gatherer.take();
    if (gathered === undefined) return undefined;
    const payload = gathered.slab.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + gathered.payloadBytes);
    const gzipped = tools.gzip?.(payload);
    return chain.events(gathered, gzipped !== undefined && gzipped.length < payload.length ? gzipped : undefined);
  };
  for (const event of events) {
    const us = Math.round(event.atMs * 1000);
    if (us - gatherer.lastUs > gatherUs) {
      const chunk = cut();
      if (chunk !== undefined) yield chunk;
    }
    if (event.type === 'end') {
      const chunk = cut();
      if (chunk !== undefined) yield chunk;
      const exitCode = event.exitCode === undefined ? {} : { exitCode: event.exitCode };
      const state = event.truncated === true ? 'truncated' : 'complete';
      const at = { size: gatherer.size, us: Math.max(us, gatherer.lastUs), offset: gatherer.offset };
      yield chain.seal({ state, ...exitCode, indexPosition: 0 }, at);
      return;
    }
    let done = 0;
    const label = event.type === 'marker' ? encodeLabel(event.label) : undefined;
    const leastBytes = MIN_SLAB_BYTES + (label?.length ?? 0);
    for (;;) {
      if (!gatherer.hasSlab) gatherer.lend(new Uint8Array(Math.max(slabBytes, leastBytes)));
      if (label !== undefined) {
        if (gatherer.marker(us, label)) break;
      } else if (event.type === 'resize') {
        if (gatherer.resize(us, event.size)) break;
      } else if (event.type === 'output' || event.type === 'input') {
        done += gatherer[event.type](us, event.bytes, done);
        if (done === event.bytes.length) break;
      }
      const chunk = cut();
      if (chunk !== undefined) yield chunk;
      else if (gatherer.hasSlab) gatherer.lend(new Uint8Array(Math.max(slabBytes, leastBytes)));
    }
  }
  const chunk = cut();
  if (chunk !== undefined) yield chunk;
}
