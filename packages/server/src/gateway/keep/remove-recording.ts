/**
 * Deletes a recording, as an act that is decided, told and then done: the row of the deletion (which no hold, floor or
 * running session lets through), the audit row and the signed ledger, the key, the files. Each step may be the last
 * one before a crash; the next start goes on from the row. From the first step on nobody is shown the recording.
 */
import type { RecordingDeletion } from '@sallyport/core/model/retention.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Clock } from '../ports/clock.js';
import type { DeletionStore } from '../ports/deletion-store.js';
import type { RecordingKeys } from '../ports/recording-keys.js';
import type { RecordingLedger } from '../ports/recording-ledger.js';
import type { RecordingShelf } from '../ports/recording-shelf.js';
import type { RecordingStore } from '../ports/recording-store.js';

export interface RemovalDeps {
  readonly deletions: DeletionStore;
  readonly shelf: RecordingShelf;
  readonly recordings: Pick<RecordingStore, 'describe'>;
  readonly keys: Pick<RecordingKeys, 'destroy'>;
  readonly ledger: Pick<RecordingLedger, 'append'>;
  readonly audit: Pick<AuditLog, 'append' | 'list'>;
  readonly clock: Clock;
  readonly floorMs: number;
  readonly log: { error(fields: object, message: string): void };
}
/** Who wants it, and why. */
export type RemovalOrder = Pick<RecordingDeletion, 'sessionId' | 'by' | 'byId' | 'source' | 'rule' | 'reason'>;

export type RemovalRefusal = 'missing' | 'running' | 'held' | 'floor' | 'deleted';

export interface RecordingRemover {
  /** A refusal is a word; the caller knows what to say of it. */
  remove(order: RemovalOrder): Promise<RecordingDeletion | RemovalRefusal>;
  /** Goes on with what an earlier run decided and did not finish. Answers how many are done now. */
  finish(): Promise<number>;
}

export function createRecordingRemover(deps: RemovalDeps): RecordingRemover {
  const { deletions, shelf, keys, ledger, audit, clock } = deps;
  /** Deletions whose steps are being taken, so that a sweep's finish does not take them a second time. */
  const underWay = new Set<string>();

  async function tell(deletion: RecordingDeletion): Promise<void> {
    const { sessionId, by, byId, source, rule, reason, head, bytes } = deletion;
    const target = `recording:${sessionId}`;
    // The crash may have come after the row: it is not told twice.
    if ((await audit.list({ action: 'recording.delete', target, limit: 1 })).length === 0) {
      await audit.append({
        action: 'recording.delete',
        result: 'ok',
        actor: by,
        ...(byId === undefined ? {} : { actorId: byId }),
        source,
        target,
        detail: { ...(rule === undefined ? {} : { rule }), reason, bytes },
      });
    }
    await ledger.append({
      kind: 'deleted',
      sessionId,
      actor: by,
      ...(byId === undefined ? {} : { actorId: byId }),
      reason,
      ...(rule === undefined ? {} : { rule }),
      ...(head === undefined ? {} : { head }),
      bytes,
    });
    await deletions.advance(sessionId, 'logged');
  }

  /** INVARIANT: nothing is unlinked before audit log and ledger hold that it will be. */
  async function carryOut(deletion: RecordingDeletion): Promise<void> {
    if (underWay.has(deletion.sessionId)) return;
    underWay.add(deletion.sessionId);
    try {
      if (deletion.state === 'marked') await tell(deletion);
      await keys.destroy(deletion.sessionId); // before the file: a copy of it is worthless from here on
      await shelf.remove(deletion.sessionId);
      await deletions.advance(deletion.sessionId, 'done');
    } finally {
      underWay.delete(deletion.sessionId);
    }
  }

  return {
    async remove(order) {
      const files = await shelf.find(order.sessionId);
      if (!files?.recorded) {
        return (await deletions.of([order.sessionId])).has(order.sessionId) ? 'deleted' : 'missing';
      }
      // What is so damaged that it cannot be described may be deleted all the same.
      const found = await deps.recordings.describe(order.sessionId).catch(() => undefined);
      if (found?.state === 'writing') return 'running';
      const now = clock.now();
      const deletion = {
        ...order,
        at: now,
        bytes: files.bytes,
        ...(found?.head === undefined ? {} : { head: found.head }),
      };
      const refusal = await deletions.mark(deletion, now - deps.floorMs);
      if (refusal !== undefined) return refusal === 'unknown' ? 'missing' : refusal;
      await carryOut({ ...deletion, state: 'marked' });
      return { ...deletion, state: 'done' };
    },

    async finish() {
      let done = 0;
      for (const deletion of await deletions.unfinished()) {
        try {
          await carryOut(deletion);
          done += 1;
        } catch (error) {
          deps.log.error({ err: error, session: deletion.sessionId }, 'a deletion could not be finished');
        }
      }
      return done;
    },
  };
}
