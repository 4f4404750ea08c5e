/** Viewings as audit entries: who saw which seconds of which recording (`recording.view`). */
import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import { decodeReplayIndex, type ReplayIndex } from '@sallyport/core/cast/replay-index.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { ReplayIndexes } from './replay-indexes.js';
import { asSpans, createViewingBook, READ_PARTS, type ViewingBook } from './viewing-book.js';

const opened = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);
const MAX_TABLE_BYTES = 16 * 1024 * 1024;

export interface ViewingAuditDeps {
  readonly audit: AuditLog;
  readonly replayIndexes: Pick<ReplayIndexes, 'table'>;
  readonly clock: Clock;
  readonly log: { error(fields: object, message: string): void };
}

export function createViewingAudit({ audit, replayIndexes, clock, log }: ViewingAuditDeps): ViewingBook {
  async function indexOf(sessionId: string): Promise<ReplayIndex | undefined> {
    try {
      const table = await replayIndexes.table(sessionId);
      if (!table.ok) return undefined;
      return decodeReplayIndex((await opened(table.value, { maxOutputLength: MAX_TABLE_BYTES })).toString());
    } catch {
      return undefined; // the bytes are told all the same
    }
  }
  return createViewingBook({
    clock,
    async write(viewer, sessionId, seen) {
      const bytes = READ_PARTS.flatMap((part) => seen[part]).reduce((sum, { start, end }) => sum + end - start, 0);
      const index = await indexOf(sessionId);
      const seconds = index && asSpans(seen, index.keyframes, index.end?.atMs ?? index.activity.lastMs);
      await audit
        .append({
          action: 'recording.view',
          result: 'ok',
          ...viewer,
          target: `recording:${sessionId}`,
          detail: { ...(seconds === undefined ? {} : { seconds }), bytes },
        })
        .catch((error: unknown) => log.error({ err: error, session: sessionId }, 'a viewing could not be audited'));
    },
  });
}
