/**
 * Ends a recording that its writer could not: cuts what is not whole off the end and seals it as truncated. A torn tail
 * is what one interrupted or unsynced write can leave, so hashes are compared only there and the cost is a hop over the
 * headers. Damage further from the end is not ours to cut: such a file stays as it is, and plays up to there.
 */
import { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { chunkBytes } from '@sallyport/core/cast/chunk-header.js';
import { CHUNK_KIND } from '@sallyport/core/cast/container.js';
import { type DecodeTools, NO_KEY, openChunk } from '@sallyport/core/cast/decode-recording.js';
import { decodeEvents } from '@sallyport/core/cast/event-decoder.js';
import type { HeadSigning } from './evidence.js';
import { openRecording } from './recording-files.js';
import { hop, readChunk, readSeal, TOOLS } from './recording-reader.js';
import { sha256 } from './sha256.js';
import { writeAll } from './write-all.js';

/** More than a quarter of a second of unsynced output, or one full queue, can be. */
const TAIL_BYTES = 64 * 1024 * 1024;

/**
 * `sealed`: it had its seal already. `repaired`: it has one now. undefined: damaged too far from its end.
 * Rejects when the disk does not let it be read or written.
 */
export async function repairRecording(
  path: string,
  sign?: HeadSigning,
  tools: DecodeTools = TOOLS,
): Promise<'sealed' | 'repaired' | undefined> {
  const file = await openRecording(path, true);
  try {
    const { size } = await file.stat();
    const whole = await readSeal(file, size);
    if (whole !== undefined && (sign === undefined || whole.signed)) return 'sealed';
    let sealed = false;
    const place = await hop(file, size, async (header, position) => {
      if (sealed && header.kind !== CHUNK_KIND.SIGNATURE) return false;
      if (position < size - TAIL_BYTES) return true;
      const chunk = await readChunk(file, position, size);
      const sound = chunk !== undefined && isSound(await openChunk(chunk, undefined, tools));
      if (header.kind === CHUNK_KIND.SEAL) sealed = sound;
      return sound;
    });
    if (place.after === undefined || size - place.position > TAIL_BYTES) return undefined;
    const last = await lastSize(file, place, tools);
    const chain = ChunkChain.resume(place.after, place.hash, sha256);
    const { lastUs, offset, outputBytes } = place.after;
    const at = { size: last, us: lastUs, offset: offset + outputBytes };
    // A seal that lost its signature alone stays: what it says is true.
    const chunks = sealed ? [] : [chain.seal({ state: 'truncated', indexPosition: 0 }, at)];
    if (sign !== undefined && !(sealed && place.after.kind === CHUNK_KIND.SIGNATURE))
      chunks.push(sign(chain, 'RECOVERED', at));
    await file.truncate(place.position);
    await writeAll(file, chunks, place.position);
    await file.datasync();
    return sealed ? 'sealed' : 'repaired';
  } finally {
    await file.close();
  }
}

/** A chunk whose hash fits is whole, also when the vault that opens it is away. */
const isSound = (opened: Uint8Array | string): boolean => typeof opened !== 'string' || opened === NO_KEY;

/** The size in force after the last chunk. */
async function lastSize(file: Parameters<typeof hop>[0], place: Awaited<ReturnType<typeof hop>>, tools: DecodeTools) {
  const { after, position } = place;
  if (after === undefined) throw new Error('nothing stands before the place');
  if (after.kind !== CHUNK_KIND.EVENTS) return after.size;
  const start = position - chunkBytes(after);
  const chunk = await readChunk(file, start, position);
  const raw = chunk === undefined ? 'gone' : await openChunk(chunk, undefined, tools);
  const events = typeof raw === 'string' ? raw : decodeEvents(after, raw);
  const resize = typeof events === 'string' ? undefined : events.findLast((event) => event.type === 'resize');
  return resize?.type === 'resize' ? resize.size : after.size;
}
