/** The sessions this node owns, by id, with the counts the limits need. A place is reserved before the row is written. */
import type { LiveSession } from './live-session.js';

export interface SessionRegistry {
  /** Reserves a place; false when the user or the host has no more. */
  reserve(sessionId: string, userId: string, hostId: string): 'ok' | 'user-full' | 'host-full';
  put(session: LiveSession): void;
  get(sessionId: string): LiveSession | undefined;
  /** Gives the place back. */
  remove(sessionId: string): void;
  all(): IterableIterator<LiveSession>;
  /** Of reserved places too: their rows may exist already. */
  ids(): IterableIterator<string>;
  readonly size: number;
}

export function createSessionRegistry(limits: { readonly perUser: number; readonly perHost: number }): SessionRegistry {
  const places = new Map<string, { readonly userId: string; readonly hostId: string }>();
  const sessions = new Map<string, LiveSession>();

  const count = (key: 'userId' | 'hostId', value: string): number => {
    let n = 0;
    for (const place of places.values()) if (place[key] === value) n++;
    return n;
  };

  return {
    reserve(sessionId, userId, hostId) {
      if (count('userId', userId) >= limits.perUser) return 'user-full';
      if (count('hostId', hostId) >= limits.perHost) return 'host-full';
      places.set(sessionId, { userId, hostId });
      return 'ok';
    },
    put(session) {
      sessions.set(session.row.id, session);
    },
    get: (sessionId) => sessions.get(sessionId),
    remove(sessionId) {
      places.delete(sessionId);
      sessions.delete(sessionId);
    },
    all: () => sessions.values(),
    ids: () => places.keys(),
    get size() {
      return places.size;
    },
  };
}
