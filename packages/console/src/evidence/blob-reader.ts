/**
 * A container in memory as the player reads one. What the strip shows is gathered here from the recording itself, so
 * that nothing is seen that its signatures do not cover; keyframes, which the gateway derives, are not in a bundle, so a
 * step back plays from the front.
 */
import { ActivityMeter } from '@sallyport/core/cast/activity-meter.js';
import { type DecodeTools, decodeRecording } from '@sallyport/core/cast/decode-recording.js';
import type { RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import { encodeReplayIndex, type ReplayEnd } from '@sallyport/core/cast/replay-index.js';
import type { ReplayReader } from '../replay/source.js';

const READ_BYTES = 1024 * 1024;

export function blobReader(container: Blob, tools: DecodeTools): ReplayReader {
  let table: Promise<Uint8Array> | undefined;
  return {
    content: (from, to) => bytesOf(container.slice(from, to)),
    keyframes: async () => new Uint8Array(),
    table() {
      table ??= makeTable(container, tools);
      return table;
    },
  };
}

async function makeTable(container: Blob, tools: DecodeTools): Promise<Uint8Array> {
  let header: RecordingHeader | undefined;
  let end: ReplayEnd = { atMs: 0, truncated: true };
  let outputBytes = 0;
  const meter = new ActivityMeter();
  const onHeader = (found: RecordingHeader): void => {
    header = found;
  };
  for await (const event of decodeRecording(pieces(container), tools, { onHeader })) {
    if (event.type === 'end') {
      const { atMs, exitCode, damage } = event;
      meter.reach(atMs);
      const more = { ...(exitCode === undefined ? {} : { exitCode }), ...(damage === undefined ? {} : { damage }) };
      end = { atMs, truncated: event.truncated === true, ...more };
      continue;
    }
    meter.add(event);
    if (event.type === 'output') outputBytes = event.offset + event.bytes.length;
  }
  const text = encodeReplayIndex({
    sessionId: header?.sessionId ?? '',
    startedAt: header?.startedAt ?? 0,
    size: header?.size ?? { cols: 80, rows: 24 },
    coveredBytes: end.damage?.position ?? container.size,
    complete: true,
    outputBytes,
    keyframes: [],
    activity: meter.record(),
    end,
  });
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

async function* pieces(container: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < container.size; at += READ_BYTES) yield await bytesOf(container.slice(at, at + READ_BYTES));
}
const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());
