/** Recordings: what there is, and exports. Found by the session's id, never by a path (W14, V6). */
import { Readable } from 'node:stream';
import { exportAsciicast } from '@sallyport/core/cast/asciicast.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import { RecordingAnswer } from '@sallyport/core/wire/api-answers.js';
import { ExportRecording, IdParams } from '@sallyport/core/wire/api-requests.js';
import { rawRecording } from '../raw-recording.js';
import { json, type Route, type RouteSubject, route } from '../route.js';
import type { Services } from '../services.js';

/** Whose recording it is: the guard lets owners replay their own. Who may see it is told when it was deleted. */
export const recordingSubject =
  ({ sessions, keeper }: Pick<Services, 'sessions' | 'keeper'>) =>
  async ({ id }: { readonly id: string }): Promise<RouteSubject | undefined> => {
    const session = await sessions.get(id);
    if (session === undefined) return undefined;
    const gone = await keeper.deleted(id);
    return { target: `recording:${id}`, ownerId: session.userId, ...(gone && { gone: gone.problem }) };
  };

export function recordingRoutes(services: Services): readonly Route[] {
  const { recordings, audit } = services;
  const subject = recordingSubject(services);
  return [
    route({
      method: 'GET',
      path: '/recordings/{id}',
      summary: 'State, size and length of a session’s recording',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, schema: RecordingAnswer },
      async handle({ params }) {
        const found = await recordings.describe(params.id);
        return found ? ok(json(found)) : fail('recording.missing');
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/{id}/export',
      summary: 'The recording as a file: asciicast v2 or v3 for the asciinema tools, or the raw container',
      access: { kind: 'operation', operation: 'download', subject },
      params: IdParams,
      query: ExportRecording,
      answer: { status: 200, mediaType: 'application/x-asciicast' },
      async handle({ by, params: { id }, query: { format } }) {
        const found = await recordings.describe(id);
        const header = found && found.state !== 'missing' ? await recordings.header(id) : undefined;
        if (!found || !header) return fail('recording.missing');
        const detail = { format };
        await audit.append({ action: 'recording.download', result: 'ok', ...by, target: `recording:${id}`, detail });
        const raw = format === 'raw';
        const body = raw
          ? rawRecording(recordings, id, 0, found.sizeBytes)
          : Readable.from(exportAsciicast(format === 'asciicast-v2' ? 2 : 3, header, recordings.read(id)), {
              objectMode: false,
            });
        return ok({
          kind: 'bytes',
          status: 200,
          headers: {
            'content-type': raw ? 'application/octet-stream' : 'application/x-asciicast',
            'content-disposition': `attachment; filename="sallyport-${id}.${raw ? 'sprec' : 'cast'}"`,
            ...(raw ? { 'content-length': String(found.sizeBytes) } : {}),
          },
          body,
        });
      },
    }),
  ];
}
