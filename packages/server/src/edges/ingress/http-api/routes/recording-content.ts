/**
 * The raw container, with byte ranges. What the replay page reads is a replay: one audit row for it, not one per range.
 * A program with a token, or a browser that was sent here to keep the file, takes a copy along: that is a download.
 */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { parseRange, rawRecording } from '../raw-recording.js';
import type { ReadingNotes } from '../reading-notes.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

export function recordingContentRoute(services: Services, notes: ReadingNotes): Route {
  const { sessions, recordings, gateway, viewings } = services;
  return route({
    method: 'GET',
    path: '/recordings/{id}/content',
    summary: 'The recording’s container, as it is on disk; byte ranges',
    access: { kind: 'operation', operation: 'replay', subject: recordingSubject(services) },
    params: IdParams,
    answer: { status: 200, mediaType: 'application/octet-stream', ranges: true },
    async handle({ who, by, params: { id }, headers }) {
      const found = await recordings.describe(id);
      if (!found || found.state === 'missing') return fail('recording.missing');
      const taken = who.principal.via === 'token' || headers['sec-fetch-mode'] === 'navigate';
      if (taken) {
        const session = await sessions.get(id);
        const subject = {
          target: `recording:${id}`,
          ...(session ? { ownerId: session.userId, hostId: session.hostId } : {}),
        };
        const allowed = await gateway.guard.decide(who.principal, 'download', subject);
        if (!allowed.ok) return allowed;
      }
      if (taken) await notes.download(who.principal, by, id, 'raw');
      else await notes.replay(who.principal, by, id);
      const size = found.sizeBytes;
      const range = parseRange(headers.range, size);
      const common = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
      if (range === 'unsatisfiable') {
        const refused = { ...common, 'content-range': `bytes */${size}`, 'content-length': '0' };
        return ok({ kind: 'bytes', status: 416, headers: refused, body: undefined });
      }
      const { start, end } = range ?? { start: 0, end: size };
      if (!taken) viewings.read({ ...by, actorId: who.principal.userId }, id, 'content', { start, end });
      return ok({
        kind: 'bytes',
        status: range ? 206 : 200,
        headers: {
          ...common,
          'content-length': String(end - start),
          ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${size}` } : {}),
        },
        body: rawRecording(recordings, id, start, end, taken ? 'stored' : 'plain'),
      });
    },
  });
}
