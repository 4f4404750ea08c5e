/** A recording as one file of evidence: it plays and verifies itself in any browser, from disk. */
import { Readable } from 'node:stream';
import { ok } from '@sallyport/core/model/problem.js';
import { roleMay } from '@sallyport/core/model/role.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

export function recordingEvidenceRoute(services: Services): Route {
  const { audit, bundler } = services;
  return route({
    method: 'GET',
    path: '/recordings/{id}/evidence',
    summary:
      'The recording, its audit rows, signatures and a page that plays and verifies it offline, as one HTML file',
    access: { kind: 'operation', operation: 'download', subject: recordingSubject(services) },
    params: IdParams,
    answer: { status: 200, mediaType: 'text/html' },
    async handle({ who, by, params: { id } }) {
      const readsAudit = roleMay(who.principal.role, 'audit.read');
      const made = await bundler.make(id, { name: by.actor, readsAudit });
      if (!made.ok) return made;
      const detail = { format: 'evidence' };
      await audit.append({ action: 'recording.download', result: 'ok', ...by, target: `recording:${id}`, detail });
      return ok({
        kind: 'bytes',
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-disposition': `attachment; filename="sallyport-${id}-evidence.html"`,
        },
        body: Readable.from(made.value, { objectMode: false }),
      });
    },
  });
}
