/**
 * What a page needs to seek in a recording without reading it: the table of its replay index, single keyframes by their
 * ranges, and a picture for lists. Each shows screens, so each is a replay to the guard and to the audit log.
 */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { ThumbnailAnswer } from '@sallyport/core/wire/replay-messages.js';
import { askedRange, bytesReply } from '../byte-ranges.js';
import type { ReadingNotes } from '../reading-notes.js';
import { json, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

const MAX_KEYFRAMES_BYTES = 8 * 1024 * 1024;

export function recordingIndexRoutes(services: Services, notes: ReadingNotes): readonly Route[] {
  const { replayIndexes, viewings } = services;
  const subject = recordingSubject(services);
  return [
    route({
      method: 'GET',
      path: '/recordings/{id}/index',
      summary: 'The replay index’s table, gzipped: keyframes, activity; of a running session up to now',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, mediaType: 'application/gzip' },
      async handle({ who, by, params: { id } }) {
        await notes.replay(who.principal, by, id);
        const table = await replayIndexes.table(id);
        return table.ok ? ok(bytesReply(table.value, 'application/gzip', { 'cache-control': 'no-store' })) : table;
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/{id}/index/keyframes',
      summary: 'Keyframes of the replay index as its table places them; by one byte range',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, mediaType: 'application/octet-stream', ranges: true },
      async handle({ who, by, params: { id }, headers }) {
        const range = askedRange(headers.range, MAX_KEYFRAMES_BYTES);
        if (range === undefined) return fail('request.invalid', { detail: 'Range: bytes=FIRST-LAST, at most 8 MiB' });
        await notes.replay(who.principal, by, id);
        const bytes = await replayIndexes.keyframes(id, range.start, range.end);
        if (!bytes.ok) return bytes;
        const { length } = bytes.value;
        if (length === 0) return fail('not-found');
        const read = { start: range.start, end: range.start + length };
        viewings.read({ ...by, actorId: who.principal.userId }, id, 'keyframes', read);
        const reply = bytesReply(bytes.value, 'application/octet-stream', {
          'accept-ranges': 'bytes',
          'content-range': `bytes ${range.start}-${range.start + length - 1}/*`,
        });
        return ok({ ...reply, status: 206 } as typeof reply);
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/{id}/thumbnail',
      summary: 'The screen at the busiest moment, as rows of runs; not ready until the index is made',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, schema: ThumbnailAnswer },
      async handle({ who, by, params: { id } }) {
        const found = await replayIndexes.thumbnail(id);
        if (!found.ok) return found;
        if (found.value) await notes.picture(who.principal, by, id);
        return ok(json(found.value ? { ready: true, thumbnail: found.value } : { ready: false }));
      },
    }),
  ];
}
