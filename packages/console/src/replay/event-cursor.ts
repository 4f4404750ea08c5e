/**
 * A place in a recording and what follows it: events one by one, fetched as they are needed. Begins at the front or
 * behind a keyframe, where it leaves out what the keyframe shows already.
 */
import { CHUNK_KIND, PREAMBLE_BYTES } from '@sallyport/core/cast/container.js';
import type { Damage, RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { KeyframeEntry, ReplayEnd } from '@sallyport/core/cast/replay-index.js';
import { decodeSeal } from '@sallyport/core/cast/seal.js';
import { type ChunkReader, isDamage, type MaybeLater, type ReplayChunk } from './chunk-reader.js';

export interface EventCursor {
  /** The next event; undefined where the recording ends, for now or for good. */
  peek(): MaybeLater<RecordedEvent | undefined>;
  /** Past the event that `peek` gave. */
  advance(): void;
}

export function createEventCursor(
  chunks: ChunkReader,
  start: {
    readonly keyframe: KeyframeEntry | undefined;
    readonly window?: number;
    /** Nothing is asked for behind this byte. */
    limit(): number;
  },
  signal: AbortSignal,
  onEnd: (end: ReplayEnd) => void,
): EventCursor {
  const { keyframe, window } = start;
  let position = keyframe?.position ?? PREAMBLE_BYTES;
  let chunk: ReplayChunk | undefined;
  let next = 0;
  let lastMs = keyframe?.atMs ?? 0;
  let over = false;

  /** The event as it is to be applied; undefined: the keyframe shows it. */
  const behind = (event: RecordedEvent): RecordedEvent | undefined => {
    if (keyframe === undefined || event.offset > keyframe.offset) return event;
    if (event.type === 'output') {
      const shown = keyframe.offset - event.offset;
      if (shown === 0) return event;
      return shown >= event.bytes.length
        ? undefined
        : { ...event, offset: keyframe.offset, bytes: event.bytes.subarray(shown) };
    }
    if (event.offset < keyframe.offset || (keyframe.afterResize && event.atMs <= keyframe.atMs)) return undefined;
    return event;
  };
  const enter = (found: ReplayChunk | Damage | undefined): boolean => {
    if (found === undefined) return false;
    if (isDamage(found)) {
      over = true;
      onEnd({ atMs: lastMs, truncated: true, damage: found });
      return false;
    }
    chunk = found;
    next = 0;
    position = found.next;
    if (found.header.kind === CHUNK_KIND.SEAL && found.payload) {
      over = true;
      const seal = decodeSeal(found.payload);
      const exitCode = seal?.exitCode === undefined ? {} : { exitCode: seal.exitCode };
      onEnd({ atMs: found.header.lastUs / 1000, truncated: seal?.state !== 'complete', ...exitCode });
      return false;
    }
    return true;
  };
  const inChunk = (): RecordedEvent | undefined => {
    while (chunk && next < chunk.events.length) {
      const event = behind(chunk.events[next]!);
      if (event) return event;
      next++;
    }
    return undefined;
  };
  async function peekOn(): Promise<RecordedEvent | undefined> {
    while (!over && position < start.limit()) {
      if (!enter(await chunks.at(position, signal, window))) return undefined;
      const event = inChunk();
      if (event) return event;
    }
    return undefined;
  }
  return {
    peek: () => inChunk() ?? (over ? undefined : peekOn()),
    advance() {
      lastMs = chunk?.events[next]?.atMs ?? lastMs;
      next++;
    },
  };
}
