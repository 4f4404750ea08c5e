/**
 * What others did around one session, for whoever replays it: rows of the audit log as events. Newest rows first, so that
 * of very many the latest are told. What was refused on its recording while it ran belongs to it too.
 */
import { type EventReader, type SessionEvent, sessionEvents } from '@sallyport/core/evidence/session-events.js';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { roleMay } from '@sallyport/core/model/role.js';
import type { Session } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { AuditLog, AuditQuery } from './ports/audit-log.js';
import type { WatchNotice } from './session-facts.js';

/** Of one kind of target. A wall that is looked at all day makes two rows a look. */
const MAX_ROWS = 2_000;
const PAGE_ROWS = 500;
/** What is written right after the end still belongs to it. */
const AFTER_END_MS = 5_000;

export interface SessionEvents {
  of(
    session: Session,
    reader: Principal,
  ): Promise<{ readonly items: readonly SessionEvent[]; readonly leftOut: boolean }>;
}

export function createSessionEvents(audit: AuditLog, watchNotice: WatchNotice): SessionEvents {
  return {
    async of(session, { role, userId }) {
      const reader: EventReader = {
        readsAudit: roleMay(role, 'audit.read'),
        userId,
        toldOfWatchers: watchNotice === 'always',
      };
      const own = await newest(audit, { target: `session:${session.id}` });
      const refused = await newest(audit, { target: `recording:${session.id}`, action: 'access.denied' });
      const until = (session.endedAt ?? Number.POSITIVE_INFINITY) + AFTER_END_MS;
      // An end of watching may come later, and tells that of a beginning.
      const rows = [...own.rows, ...refused.rows].sort((a, b) => a.seq - b.seq);
      const items = sessionEvents(rows, reader).filter(({ at }) => at <= until);
      return { items, leftOut: own.leftOut || refused.leftOut };
    },
  };
}

async function newest(
  audit: AuditLog,
  query: Omit<AuditQuery, 'limit' | 'before'>,
): Promise<{ readonly rows: readonly AuditEntry[]; readonly leftOut: boolean }> {
  const rows: AuditEntry[] = [];
  for (;;) {
    const before = rows.at(-1)?.seq;
    const page = await audit.list({ ...query, limit: PAGE_ROWS, ...(before === undefined ? {} : { before }) });
    rows.push(...page);
    if (page.length < PAGE_ROWS) return { rows, leftOut: false };
    if (rows.length >= MAX_ROWS) return { rows, leftOut: true };
  }
}
