/**
 * A container in memory as the player reads one. What the strip shows and the screens that a seek begins with are made
 * here, from bytes whose hashes were compared: the gateway's own index is no evidence and is not in a bundle. It is made in one pass that
 * gives the page its turn; the player takes it as it grows, as it does of a running session.
 */
import { ActivityMeter } from '@sallyport/core/cast/activity-meter.js';
import type { DecodeTools } from '@sallyport/core/cast/decode-recording.js';
import { IndexReader } from '@sallyport/core/cast/index-reader.js';
import { encodeReplayIndex, type KeyframeEntry, type ReplayIndex } from '@sallyport/core/cast/replay-index.js';
import { type IndexedEmulator, ReplayIndexBuilder } from '@sallyport/core/cast/replay-index-builder.js';
import { decodeKeyframeHeader, KEYFRAME_HEADER_BYTES } from '@sallyport/core/cast/replay-index-file.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import type { ReplayReader } from '../replay/source.js';

const READ_BYTES = 1024 * 1024;
/** Screens are kept as they are, a few kilobytes each; past this every second one goes. */
const KEPT = { keyframes: 2_048, bytes: 16 * 1024 * 1024 };
const TURN_MS = 12;
/** A short recording is whole at the first look. */
const FIRST_LOOK_MS = 300;

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

export function blobReader(
  container: Blob,
  tools: DecodeTools,
  emulator: (size: TerminalSize) => IndexedEmulator,
): ReplayReader {
  const builder = new ReplayIndexBuilder({ emulator, gzip: (bytes) => bytes }, KEPT);
  let reading: Promise<void> | undefined;
  return {
    content: (from, to) => bytesOf(container.slice(from, to)),
    keyframes: async () => new Uint8Array(),
    screen: (entry) => screenOf(builder, entry),
    async table() {
      reading ??= readAll(container, builder, tools);
      await Promise.race([reading, pause(FIRST_LOOK_MS)]);
      const text = encodeReplayIndex(builder.index ?? nothingYet(builder));
      const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
      return new Uint8Array(await new Response(packed).arrayBuffer());
    },
  };
}

async function readAll(container: Blob, builder: ReplayIndexBuilder, tools: DecodeTools): Promise<void> {
  const reader = new IndexReader(builder, tools);
  let turn = performance.now();
  const breathe = (): Promise<void> | undefined => {
    if (performance.now() - turn < TURN_MS) return undefined;
    return pause(0).then(() => {
      turn = performance.now();
    });
  };
  for (let at = 0; at < container.size; at += READ_BYTES)
    if (!(await reader.add(await bytesOf(container.slice(at, at + READ_BYTES)), breathe))) break;
  reader.cutOff();
  builder.dispose();
}

/** The screen kept for that entry, if it still is: entries name the place they had when the table was asked for. */
function screenOf(builder: ReplayIndexBuilder, entry: KeyframeEntry): ScreenSnapshot | undefined {
  const kept = builder.shelf.keyframes.find(({ offset, atMs }) => offset === entry.offset && atMs === entry.atMs);
  const head = kept && decodeKeyframeHeader(kept.stored);
  if (kept === undefined || head === undefined) return undefined;
  return { size: kept.size, scrollback: head.scrollback, bytes: kept.stored.subarray(KEYFRAME_HEADER_BYTES) };
}

/** Before its header was read, or when it has none. */
function nothingYet({ end }: ReplayIndexBuilder): ReplayIndex {
  return {
    sessionId: '',
    startedAt: 0,
    size: { cols: 80, rows: 24 },
    coveredBytes: end?.damage?.position ?? 0,
    complete: end !== undefined,
    outputBytes: 0,
    keyframes: [],
    activity: new ActivityMeter().record(),
    ...(end === undefined ? {} : { end }),
  };
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());
