/** Recordings: what there is, and exports. Found by the session's id, never by a path (W14, V6). */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { RecordingAnswer } from '@sallyport/core/wire/api-answers.js';
import { ExportRecording, IdParams } from '@sallyport/core/wire/api-requests.js';
import { EXPORT_FILES, exportOf } from '../recording-export.js';
import { json, type Route, type RouteSubject, route } from '../route.js';
import type { Services } from '../services.js';

const EXPORT_TYPES = [...new Set(Object.values(EXPORT_FILES).map(({ mediaType }) => mediaType))];

/** Whose recording it is: the guard lets owners replay their own. Who may see it is told when it was deleted. */
export const recordingSubject =
  ({ sessions, keeper }: Pick<Services, 'sessions' | 'keeper'>) =>
  async ({ id }: { readonly id: string }): Promise<RouteSubject | undefined> => {
    const session = await sessions.get(id);
    if (session === undefined) return undefined;
    const gone = await keeper.deleted(id);
    return {
      target: `recording:${id}`,
      ownerId: session.userId,
      hostId: session.hostId,
      ...(gone && { gone: gone.problem }),
    };
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
      summary:
        'The recording, or a part of it, as a file: asciicast v2 or v3, text, a moving picture, or the raw container',
      access: { kind: 'operation', operation: 'download', subject },
      params: IdParams,
      query: ExportRecording,
      answer: { status: 200, mediaType: EXPORT_TYPES },
      async handle({ by, params: { id }, query, signal }) {
        const exported = await exportOf(services, id, query, signal);
        if (!exported.ok) return exported;
        const { format, fromMs, toMs } = query;
        const detail = {
          format,
          ...(fromMs === undefined ? {} : { fromMs }),
          ...(toMs === undefined ? {} : { toMs }),
        };
        await audit.append({ action: 'recording.download', result: 'ok', ...by, target: `recording:${id}`, detail });
        const { mediaType, extension, body, bytes } = exported.value;
        return ok({
          kind: 'bytes',
          status: 200,
          headers: {
            'content-type': mediaType,
            'content-disposition': `attachment; filename="sallyport-${id}.${extension}"`,
            ...(bytes === undefined ? {} : { 'content-length': String(bytes) }),
          },
          body,
        });
      },
    }),
  ];
}
