/**
 * What others did around a session, read from its audit rows: who watched and how long, who held the input, what was said,
 * who asked for what he may not. Pure: rows in, events out, so that the replay page and the evidence bundle tell the same.
 *
 * Times are those of the audit log, by the gateway's clock. A row that had to wait for its database says when it should
 * have been written, and that time counts.
 *
 * Rival: reading the recording's own marks. Those are words for people, and watching and refusals are not among them.
 */
import type { AuditEntry } from '../model/audit.js';

export const SESSION_EVENT_KINDS = [
  'watched',
  'watch-refused',
  'frozen',
  'unfrozen',
  'unwatched',
  'attended',
  'message',
  'denied',
  'resumed',
  'unrecorded',
  'ended',
] as const;
export type SessionEventKind = (typeof SESSION_EVENT_KINDS)[number];

export interface SessionEvent {
  readonly kind: SessionEventKind;
  /** UTC ms. */
  readonly at: number;
  readonly by: string;
  /** Of watching: when it ended; absent: it goes on, or its end was never written. */
  readonly until?: number;
  /** Of watching: one tile of the wall. */
  readonly wall?: boolean;
  /** The reason of a freeze or an end, the words of a message, what was asked for. */
  readonly text?: string;
  /** Typed bytes that were dropped while the input was held, by somebody or for want of a watcher. */
  readonly droppedBytes?: number;
}

/** Whom the events are for. */
export interface EventReader {
  /** Whoever reads the audit log anyway. */
  readonly readsAudit: boolean;
  readonly userId: string;
  /** Whether a session's own user is told who watches it. */
  readonly toldOfWatchers: boolean;
}

/** `rows` oldest first, all of one session; what is no event is passed over. */
export function sessionEvents(rows: readonly AuditEntry[], reader: EventReader): readonly SessionEvent[] {
  const mine = rows.filter((row) => mayRead(row, reader));
  const ends = watchEnds(mine);
  return mine
    .flatMap((row) => {
      const event = eventOf(row, ends.get(row.seq));
      return event === undefined ? [] : [event];
    })
    .sort((a, b) => a.at - b.at);
}

/** INVARIANT: the user of a session learns here nothing that its page did not tell while it ran. */
function mayRead({ action, actorId }: AuditEntry, { readsAudit, userId, toldOfWatchers }: EventReader): boolean {
  if (readsAudit) return true;
  switch (action) {
    case 'session.watch':
    case 'session.watch-end':
      return toldOfWatchers;
    case 'session.watch-refused':
      return false;
    case 'access.denied':
      return actorId === userId;
    default:
      return true;
  }
}

function eventOf(row: AuditEntry, until: number | undefined): SessionEvent | undefined {
  const { action, actor: by, detail = {} } = row;
  const at = happenedAt(row);
  const words = (value: unknown): { readonly text?: string } =>
    typeof value === 'string' && value !== '' ? { text: value } : {};
  switch (action) {
    case 'session.watch':
      return {
        kind: 'watched',
        at,
        by,
        ...(until === undefined ? {} : { until }),
        ...(detail.wall === true ? { wall: true } : {}),
      };
    case 'session.watch-refused':
      return { kind: 'watch-refused', at, by, ...words(detail.what) };
    case 'session.freeze':
      return { kind: 'frozen', at, by, ...words(detail.reason) };
    case 'session.unfreeze': {
      const { droppedBytes } = detail;
      return { kind: 'unfrozen', at, by, ...(typeof droppedBytes === 'number' ? { droppedBytes } : {}) };
    }
    case 'session.watcher-missing':
      return { kind: 'unwatched', at, by };
    case 'session.watcher-back': {
      const { droppedBytes } = detail;
      return { kind: 'attended', at, by, ...(typeof droppedBytes === 'number' ? { droppedBytes } : {}) };
    }
    case 'session.message':
      return { kind: 'message', at, by, ...words(detail.text) };
    case 'access.denied':
      return { kind: 'denied', at, by, ...words(detail.operation) };
    case 'session.resume':
      return { kind: 'resumed', at, by };
    case 'recording.failed':
      return { kind: 'unrecorded', at, by };
    case 'session.end':
      // Any other end is a fact of the session, and nobody's deed.
      return detail.reason === 'ended-by-admin'
        ? { kind: 'ended', at, by: typeof detail.by === 'string' ? detail.by : by, ...words(detail.text) }
        : undefined;
    default:
      return undefined;
  }
}

function happenedAt({ at, detail }: AuditEntry): number {
  const since = typeof detail?.since === 'string' ? Date.parse(detail.since) : Number.NaN;
  return Number.isNaN(since) ? at : since;
}

/**
 * When each watching ended, by the number of the row that began it. One person may watch on two pages at once: an end is
 * that of the watching, still open and of the same kind, whose beginning fits its length best.
 */
function watchEnds(rows: readonly AuditEntry[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: AuditEntry[] = [];
  for (const row of rows) {
    if (row.action === 'session.watch') open.push(row);
    if (row.action !== 'session.watch-end') continue;
    const end = happenedAt(row);
    const seconds = typeof row.detail?.seconds === 'number' ? row.detail.seconds : 0;
    const off = ({ at }: AuditEntry): number => Math.abs(at - (end - seconds * 1_000));
    const same = open.filter((one) => watcherOf(one) === watcherOf(row));
    const [first] = same.sort((a, b) => off(a) - off(b));
    if (first === undefined) continue;
    ends.set(first.seq, end);
    open.splice(open.indexOf(first), 1);
  }
  return ends;
}

const watcherOf = ({ actor, actorId, detail }: AuditEntry): string =>
  `${actorId ?? ''} ${actor} ${detail?.wall === true ? 'wall' : 'page'}`;
