/**
 * Replay indexes on durable storage, one beside each recording. Derived data: losing one costs time. It shows what the
 * recording shows, so it is kept as secret as that and goes when it goes.
 */
export interface ReplayIndexFiles {
  /** undefined: there is none. */
  size(sessionId: string): Promise<number | undefined>;
  /** Bytes [start, end); fewer at its end, none when there is no such file. */
  read(sessionId: string, start: number, end: number): Promise<Uint8Array>;
  /** In place of an older one; a reader sees the one or the other. */
  write(sessionId: string, bytes: Uint8Array): Promise<void>;
  /** Also when there is none. */
  remove(sessionId: string): Promise<void>;
}
