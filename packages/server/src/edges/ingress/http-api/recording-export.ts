/** A recording, or a part of it, in the format asked for: what is sent and as what. */
import { Readable } from 'node:stream';
import { exportAsciicast } from '@sallyport/core/cast/asciicast.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { ExportRecording } from '@sallyport/core/wire/api-requests.js';
import type { z } from 'zod';
import type { OpenedPart } from '../../../gateway/ports/recording-renderer.js';
import { DELETED_WHILE_READ, type RecordingHeader } from '../../../gateway/ports/recording-store.js';
import { rawRecording } from './raw-recording.js';
import type { Services } from './services.js';

type Wanted = z.output<typeof ExportRecording>;
const CAST = { mediaType: 'application/x-asciicast', extension: 'cast' };
export const EXPORT_FILES: Readonly<Record<Wanted['format'], { mediaType: string; extension: string }>> = {
  'asciicast-v2': CAST,
  'asciicast-v3': CAST,
  text: { mediaType: 'text/plain; charset=utf-8', extension: 'txt' },
  svg: { mediaType: 'image/svg+xml', extension: 'svg' },
  raw: { mediaType: 'application/octet-stream', extension: 'sprec' },
};

export interface Exported {
  readonly mediaType: string;
  readonly extension: string;
  readonly body: Readable;
  readonly bytes?: number;
}

export async function exportOf(
  { recordings, renderer }: Pick<Services, 'recordings' | 'renderer'>,
  id: string,
  { format, fromMs, toMs }: Wanted,
  signal: AbortSignal,
): Promise<Result<Exported>> {
  const found = await recordings.describe(id);
  const header = found && found.state !== 'missing' ? await recordings.header(id) : undefined;
  if (!found || !header) return fail('recording.missing');
  const whole = fromMs === undefined && toMs === undefined;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return fail('request.invalid', { detail: 'toMs' });
  const file = EXPORT_FILES[format];
  const request = { header, part: { fromMs, toMs }, signal };
  switch (format) {
    case 'raw': {
      if (!whole) return fail('request.invalid', { detail: 'fromMs, toMs: not of raw' });
      const bytes = found.sizeBytes;
      const body = rawRecording(recordings, id, 0, bytes);
      return ok({ ...file, body, bytes });
    }
    case 'text': {
      const lines = await renderer.text({ ...request, events: unbroken(recordings.read(id)) });
      if (!lines.ok) return lines;
      return ok({ ...file, body: streamOf(lines.value) });
    }
    case 'svg': {
      const drawn = await renderer.svg({ ...request, events: unbroken(recordings.read(id)) });
      if (!drawn.ok) return drawn;
      return ok({ ...file, body: Readable.from([drawn.value]) });
    }
    case 'asciicast-v2':
    case 'asciicast-v3': {
      const version = format === 'asciicast-v2' ? 2 : 3;
      if (whole)
        return ok({ ...file, body: streamOf(exportAsciicast(version, header, unbroken(recordings.read(id)))) });
      const opened = await renderer.part({ ...request, events: unbroken(recordings.read(id)) });
      if (!opened.ok) return opened;
      const from = fromMs ?? 0;
      const at: RecordingHeader = { ...header, size: opened.value.size, startedAt: header.startedAt + from };
      return ok({ ...file, body: streamOf(exportAsciicast(version, at, moved(opened.value, from))) });
    }
  }
}

/** An export that a deletion cut short must not look whole: the transfer breaks, and asking again says why. */
async function* unbroken(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent> {
  for await (const event of events) {
    if (event.type === 'end' && event.damage?.detail === DELETED_WHILE_READ) throw new Error(DELETED_WHILE_READ);
    yield event;
  }
}

/** The part as a recording of its own: its opening screen first, times from its beginning. */
async function* moved({ bytes, events }: OpenedPart, fromMs: number): AsyncGenerator<RecordedEvent> {
  if (bytes.length > 0) yield { type: 'output', atMs: 0, offset: 0, bytes };
  for await (const event of events) yield { ...event, atMs: Math.max(0, event.atMs - fromMs) };
}

const streamOf = (pieces: AsyncIterable<string>): Readable => Readable.from(pieces, { objectMode: false });
