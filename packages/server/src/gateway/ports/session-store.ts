/** Rows of sessions. Traps: `create` must be durable before it resolves (S12: the row exists before the first byte). */
import type { EndReason, Session, SessionState } from '@sallyport/core/model/session.js';

export interface SessionQuery {
  readonly states?: readonly SessionState[];
  readonly userId?: string;
  readonly hostId?: string;
  readonly text?: string;
  /** Created at or after, and before. */
  readonly from?: number;
  readonly to?: number;
  /** True: imported recordings only. False: sessions of this gateway only. */
  readonly imported?: boolean;
  /** Under a standing legal hold: itself, its user or its host. */
  readonly held?: true;
  readonly sort: '-createdAt' | 'createdAt' | 'userName' | 'hostName';
  readonly limit: number;
  readonly cursor?: string;
}

export interface SessionStore {
  create(session: Session): Promise<void>;
  setLive(id: string, liveAt: number): Promise<void>;
  /**
   * Heartbeat of the sessions named: lease and byte counts. A row the node no longer knows (its end could not be stored)
   * is left to run out (W8).
   */
  renew(nodeId: string, leaseUntil: number, outputBytes: ReadonlyMap<string, number>): Promise<void>;
  /** Idempotent: an `ended` or `failed` row is never changed again. Resolves to false when it already was over. */
  setOver(
    id: string,
    over: { state: 'ended' | 'failed'; reason: EndReason; endedAt: number; outputBytes: number },
  ): Promise<boolean>;
  /** Ends every row not over whose lease has passed or that belongs to `nodeId` (a restart), as `interrupted` (W8, F1). */
  reap(now: number, nodeId: string): Promise<readonly Session[]>;
  get(id: string): Promise<Session | undefined>;
  list(query: SessionQuery): Promise<{ readonly items: readonly Session[]; readonly next?: string }>;
  /** userId -> for each host when it was last opened and as what. */
  lastUsed(userId: string): Promise<ReadonlyMap<string, { readonly at: number; readonly accountId: string }>>;
}
