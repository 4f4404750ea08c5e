/** A recording from a file. The body is the file itself, plain or gzip; it is spooled, checked, and only then taken. */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ok } from '@sallyport/core/model/problem.js';
import { ImportAnswer } from '@sallyport/core/wire/api-answers.js';
import { ImportRecordingQuery } from '@sallyport/core/wire/api-requests.js';
import { created, type Route, route } from '../route.js';
import type { Services } from '../services.js';

/** A sender that is cut while it sends often never reads why; one that is silent is not waited for. */
const DRAIN_MS = 10_000;
const DRAIN_SILENT_MS = 500;

export function recordingImportRoute({ importRecording }: Services): Route {
  return route({
    method: 'POST',
    path: '/recordings/import',
    summary: 'Takes an asciicast file (version 1, 2 or 3, plain or gzip) as a recording; the body is the file',
    access: { kind: 'operation', operation: 'import' },
    query: ImportRecordingQuery,
    upload: true,
    answer: { status: 201, schema: ImportAnswer },
    async handle({ who, query, upload }) {
      const imported = await importRecording(who.principal, {
        // Not destroyed with the iterator: it is the connection, and the answer goes over it.
        body: upload.iterator({ destroyOnReturn: false }),
        fileName: query.name,
        keepInput: query.input === 'keep',
      });
      if (!imported.ok) {
        await drain(upload);
        return imported;
      }
      const { session, durationMs, truncated, counts } = imported.value;
      const { events, ...left } = counts;
      const { id: sessionId, outputBytes } = session;
      return ok(
        created({ sessionId, format: session.origin?.format, durationMs, outputBytes, events, truncated, left }),
      );
    },
  });
}

async function drain(upload: Readable): Promise<void> {
  if (upload.readableEnded || upload.destroyed) return;
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  const last = setTimeout(stop, DRAIN_MS);
  const silent = setTimeout(stop, DRAIN_SILENT_MS);
  upload.on('data', () => silent.refresh());
  await finished(upload, { signal: enough.signal }).catch(() => {});
  clearTimeout(last);
  clearTimeout(silent);
}
