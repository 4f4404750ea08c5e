/**
 * Keeping and deleting recordings, for the API and for the sweeper: what holds stand, what the policy says of a
 * recording, what would go now. Who may ask is the access guard's; that nothing held, running or under the floor goes
 * is the deletion store's.
 */
import { type Keep, keepOf, keptRecording } from '@sallyport/core/lifecycle/recording-keep.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { LegalHold, RecordingDeletion, RetentionPolicy } from '@sallyport/core/model/retention.js';
import type { Session } from '@sallyport/core/model/session.js';
import type { Directory } from '../ports/directory.js';
import type { HoldPlace, RetentionStore } from '../ports/retention-store.js';
import type { SessionStore } from '../ports/session-store.js';
import { type PlannedDeletion, planSweep, type SweepTotals } from './plan-sweep.js';
import { createRecordingRemover, type RemovalDeps } from './remove-recording.js';

export interface KeeperDeps extends RemovalDeps {
  readonly retention: RetentionStore;
  readonly sessions: SessionStore;
  readonly directory: Pick<Directory, 'user' | 'host'>;
  readonly random: (bytes: number) => Uint8Array;
  /** Signs the ledger's head after deletions. */
  readonly signHeads: () => Promise<void>;
}
/** Who asks, as audit rows name him. */
export interface Asking {
  readonly actor: string;
  readonly actorId?: string;
  readonly source: string;
}
export interface Kept {
  readonly keep: Keep;
  readonly deletion?: RecordingDeletion;
}
export interface SweepPreview extends SweepTotals {
  readonly items: readonly PlannedDeletion[];
  readonly count: number;
  readonly bytes: number;
}
export interface SweepResult extends SweepTotals {
  readonly deleted: number;
  readonly bytes: number;
  /** The batch is full; there is more to do. */
  readonly more: boolean;
}

export interface RecordingKeeper {
  readonly floorMs: number;
  policy(): Promise<RetentionPolicy>;
  setPolicy(policy: RetentionPolicy, by: Asking): Promise<void>;
  /** What keeps each of these, in three queries for all. */
  keptOf(sessions: readonly Session[]): Promise<ReadonlyMap<string, Kept>>;
  holds(): Promise<readonly LegalHold[]>;
  hold(place: HoldPlace, reason: string, by: Asking): Promise<Result<LegalHold>>;
  release(place: HoldPlace, reason: string, by: Asking): Promise<Result<LegalHold>>;
  /** The refusal says what forbids it. */
  remove(sessionId: string, reason: string, by: Asking): Promise<Result<RecordingDeletion>>;
  /** The deletion of this recording as the problem to answer, when there is one. */
  deleted(sessionId: string): Promise<ReturnType<typeof fail> | undefined>;
  /** What a sweep would do now; the first `limit` by name. */
  preview(limit: number): Promise<SweepPreview>;
  /** One batch; two at a time are one after the other. Aborted it ends after the deletion under way. */
  sweep(by?: Asking, signal?: AbortSignal): Promise<SweepResult>;
  /** Finishes deletions that a crash cut short. */
  recover(): Promise<number>;
}

/** Deletions in one batch: some ten seconds of a disk that syncs slowly. */
export const SWEEP_BATCH = 500;
/** A goal that stays out of reach is told once a day, not at every sweep. */
const TELL_SHORT_MS = 24 * 3_600_000;
const SYSTEM: Asking = { actor: 'system', source: 'local' };

export function createRecordingKeeper(deps: KeeperDeps): RecordingKeeper {
  const { retention, deletions, sessions, audit, clock, floorMs } = deps;
  const remover = createRecordingRemover(deps);
  let sweeping: Promise<unknown> = Promise.resolve();
  let toldShortAt: number | undefined;

  const facts = async () => {
    const [policy, holds] = await Promise.all([retention.policy(), retention.holds()]);
    return { policy, holds, floorMs, now: clock.now() };
  };

  async function nameOf({ subject, subjectId }: HoldPlace): Promise<string | undefined> {
    switch (subject) {
      case 'recording':
        return (await sessions.get(subjectId))?.id;
      case 'user':
        return (await deps.directory.user(subjectId))?.name ?? (await someSession({ userId: subjectId }))?.userName;
      case 'host':
        return (await deps.directory.host(subjectId))?.name ?? (await someSession({ hostId: subjectId }))?.hostName;
    }
  }
  /** Somebody who is gone may still have recordings to hold. */
  const someSession = async (query: { userId?: string; hostId?: string }): Promise<Session | undefined> =>
    (await sessions.list({ ...query, sort: '-createdAt', limit: 1 })).items[0];

  const told = (action: 'recording.hold' | 'recording.release', place: HoldPlace, by: Asking, detail: object) =>
    audit.append({ action, result: 'ok', ...by, target: `${place.subject}:${place.subjectId}`, detail: { ...detail } });

  async function deletedProblem(sessionId: string) {
    const deletion = (await deletions.of([sessionId])).get(sessionId);
    if (deletion === undefined) return undefined;
    const { at, by, rule, reason } = deletion;
    return fail('recording.deleted', {
      at: new Date(at).toISOString(),
      by: rule === undefined ? by : `${by} (${rule})`,
      reason,
    });
  }

  async function refused(session: Session, refusal: string): Promise<Result<never>> {
    const { keep } = (await keptOf([session])).get(session.id) ?? {};
    switch (refusal) {
      case 'running':
        return fail('recording.running');
      case 'held': {
        const [hold] = keep?.holds ?? [];
        return fail('recording.held', { reason: hold?.reason ?? '', by: hold?.by ?? '' });
      }
      case 'floor':
        return fail('recording.young', { until: new Date(keep?.floorUntil ?? 0).toISOString() });
      case 'deleted':
        return (await deletedProblem(session.id)) ?? fail('recording.missing');
      default:
        return fail('recording.missing');
    }
  }

  async function keptOf(all: readonly Session[]): Promise<ReadonlyMap<string, Kept>> {
    const ids = all.map(({ id }) => id);
    const [policy, holds, gone] = await Promise.all([
      retention.policy(),
      retention.holds(all.flatMap(({ id, userId, hostId }) => [id, userId, hostId])),
      deletions.of(ids),
    ]);
    return new Map(
      all.map((session): [string, Kept] => {
        const keep = keepOf(policy, floorMs, holds, keptRecording(session));
        const deletion = gone.get(session.id);
        return [session.id, deletion === undefined ? { keep } : { keep, deletion }];
      }),
    );
  }

  async function sweepNow(by: Asking, signal: AbortSignal | undefined): Promise<SweepResult> {
    await remover.finish();
    const totals: SweepTotals = {};
    const now = await facts();
    let [deleted, bytes, more] = [0, 0, false];
    for await (const planned of planSweep(deps, now, totals)) {
      if (deleted >= SWEEP_BATCH || signal?.aborted === true) {
        more = true;
        break;
      }
      const { session, rule, reason } = planned;
      const outcome = await remover.remove({
        sessionId: session.id,
        by: by.actor,
        ...(by.actorId === undefined ? {} : { byId: by.actorId }),
        source: by.source,
        rule,
        reason,
      });
      if (typeof outcome === 'string') continue; // a hold came in between: the store has the last word
      deleted += 1;
      bytes += outcome.bytes;
    }
    if (deleted > 0) await deps.signHeads();
    await tellShort(totals, by);
    return { deleted, bytes, more, ...totals };
  }

  async function tellShort({ overBytes, goalBytes }: SweepTotals, by: Asking): Promise<void> {
    if (overBytes === undefined) return;
    if (overBytes === 0) toldShortAt = undefined;
    else if (toldShortAt === undefined || clock.monotonic() - toldShortAt >= TELL_SHORT_MS) {
      toldShortAt = clock.monotonic();
      const detail = { over: overBytes, maxBytes: goalBytes ?? 0 };
      await audit.append({ action: 'retention.short', result: 'failed', ...by, detail });
    }
  }

  return {
    floorMs,
    policy: () => retention.policy(),
    async setPolicy(policy, by) {
      await retention.setPolicy(policy);
      const detail = {
        rules: describeRules(policy),
        ...(policy.maxBytes === undefined ? {} : { maxBytes: policy.maxBytes }),
      };
      await audit.append({ action: 'retention.change', result: 'ok', ...by, detail });
    },
    keptOf,
    holds: () => retention.holds(),

    async hold(place, reason, { actor, actorId, source }) {
      const name = await nameOf(place);
      if (name === undefined) return fail('not-found');
      const by = { by: actor, ...(actorId === undefined ? {} : { byId: actorId }) };
      const placed = await retention.placeHold({
        id: idFromBytes(deps.random(16)),
        ...place,
        reason,
        ...by,
        at: clock.now(),
      });
      if (!placed.ok) return (await deletedProblem(place.subjectId)) ?? placed;
      await told(
        'recording.hold',
        place,
        { actor, ...(actorId === undefined ? {} : { actorId }), source },
        { name, reason },
      );
      return placed;
    },

    async release(place, reason, by) {
      const lifted = await retention.liftHold(place, {
        by: by.actor,
        ...(by.actorId === undefined ? {} : { byId: by.actorId }),
        at: clock.now(),
        reason,
      });
      if (!lifted.ok) return lifted;
      await told('recording.release', place, by, { reason, held: lifted.value.reason });
      return lifted;
    },

    async remove(sessionId, reason, by) {
      const session = await sessions.get(sessionId);
      if (session === undefined) return fail('not-found');
      const outcome = await remover.remove({
        sessionId,
        by: by.actor,
        ...(by.actorId === undefined ? {} : { byId: by.actorId }),
        source: by.source,
        reason,
      });
      if (typeof outcome === 'string') return refused(session, outcome);
      await deps.signHeads();
      return ok(outcome);
    },

    deleted: deletedProblem,

    async preview(limit) {
      const totals: SweepTotals = {};
      const items: PlannedDeletion[] = [];
      let [count, bytes] = [0, 0];
      for await (const planned of planSweep(deps, await facts(), totals)) {
        if (items.length < limit) items.push(planned);
        count += 1;
        bytes += planned.bytes;
      }
      return { items, count, bytes, ...totals };
    },

    sweep(by = SYSTEM, signal) {
      const next = sweeping.then(() => sweepNow(by, signal));
      sweeping = next.catch(() => {});
      return next;
    },

    recover: () => remover.finish(),
  };
}

const DETAIL_CHARACTERS = 300;

function describeRules({ rules }: RetentionPolicy): string {
  const words = rules.map(({ name, labels, days, evenWhenFull }) => {
    const fits = Object.entries(labels).map((pair) => pair.join('='));
    const kept = days === undefined ? 'for ever' : `${days} d`;
    return `${name}: ${[...fits, kept, ...(evenWhenFull ? ['even when full'] : [])].join(' ')}`;
  });
  return words.join('; ').slice(0, DETAIL_CHARACTERS) || 'none';
}
