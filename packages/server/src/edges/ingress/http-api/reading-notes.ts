/**
 * What is seen of a recording is an audit row, once: one row for a replay by one sign-in, not one for each of its
 * requests. Every route that shows a screen notes it here.
 */
import type { Principal } from '@sallyport/core/model/user.js';
import type { AuditLog } from '../../../gateway/ports/audit-log.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { ChangedBy } from '../../../gateway/ports/identity.js';

const SAME_READING_MS = 10 * 60_000;
const MAX_NOTED = 10_000;

export interface ReadingNotes {
  replay(principal: Principal, by: ChangedBy, id: string): Promise<void>;
  download(principal: Principal, by: ChangedBy, id: string, format: string): Promise<void>;
  /** The picture in a list. */
  picture(principal: Principal, by: ChangedBy, id: string): Promise<void>;
  /** What is looked for in its output: one row for each text. */
  find(principal: Principal, by: ChangedBy, id: string, text: string): Promise<void>;
}

export function createReadingNotes(audit: AuditLog, clock: Clock): ReadingNotes {
  const noted = new Map<string, number>();
  const isFirst = (key: string): boolean => {
    const now = clock.monotonic();
    const at = noted.get(key);
    if (at !== undefined && now - at < SAME_READING_MS) return false;
    noted.delete(key);
    noted.set(key, now);
    if (noted.size > MAX_NOTED) noted.delete(noted.keys().next().value ?? '');
    return true;
  };
  const note = async (
    action: 'recording.replay' | 'recording.download' | 'recording.find',
    { credentialId }: Principal,
    by: ChangedBy,
    id: string,
    detail?: Record<string, string>,
  ): Promise<void> => {
    const key = `${action} ${credentialId} ${id} ${detail?.format ?? detail?.part ?? detail?.text ?? ''}`;
    if (!isFirst(key)) return;
    try {
      await audit.append({ action, result: 'ok', ...by, target: `recording:${id}`, ...(detail ? { detail } : {}) });
    } catch (error) {
      noted.delete(key); // asked again, it is not passed off as written
      throw error;
    }
  };
  return {
    replay: (principal, by, id) => note('recording.replay', principal, by, id),
    download: (principal, by, id, format) => note('recording.download', principal, by, id, { format }),
    picture: (principal, by, id) => note('recording.replay', principal, by, id, { part: 'thumbnail' }),
    find: (principal, by, id, text) => note('recording.find', principal, by, id, { text }),
  };
}
