/**
 * May this recording be deleted, and what says so? One pure function decides for the sweeper, for an administrator's
 * wish and for what lists show, so that the three never disagree. The order is the law: a running session, then a legal
 * hold, then the floor, and only then rules. Rival: deciding in the sweeper's query; it cannot explain itself.
 */
import type { KeptRecording, LegalHold, RetentionPolicy, RetentionRule } from '../model/retention.js';
import type { Session } from '../model/session.js';

export const DAY_MS = 86_400_000;

export interface Keep {
  /** Absent: kept for ever, or the session runs. */
  readonly until?: number;
  /** The rule that says so; absent when none fits. */
  readonly rule?: string;
  /** Nobody deletes it before. Absent while the session runs. */
  readonly floorUntil?: number;
  /** The size goal does not touch it before; Infinity: never. */
  readonly guardedUntil: number;
  readonly holds: readonly LegalHold[];
}

export type Verdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'held'; readonly holds: readonly LegalHold[] }
  | { readonly kind: 'floor'; readonly until: number }
  /** `spare`: the size goal may take it. */
  | { readonly kind: 'kept'; readonly until?: number; readonly rule?: string; readonly spare: boolean }
  | { readonly kind: 'expired'; readonly rule: string; readonly at: number };

/** When the recording was complete here: an old session imported today is as young as its import. */
export function keptRecording(session: Session): KeptRecording {
  const { id: sessionId, userId, hostId, hostLabels: labels = {} } = session;
  const over = session.state === 'ended' || session.state === 'failed';
  const since = over ? { since: Math.max(session.endedAt ?? 0, session.createdAt) } : {};
  return { sessionId, userId, hostId, labels, ...since };
}

export const holdCovers = ({ subject, subjectId }: LegalHold, recording: KeptRecording): boolean => {
  switch (subject) {
    case 'recording':
      return subjectId === recording.sessionId;
    case 'user':
      return subjectId === recording.userId;
    case 'host':
      return subjectId === recording.hostId;
  }
};

export const ruleFits = (rule: RetentionRule, labels: KeptRecording['labels']): boolean =>
  Object.entries(rule.labels).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);

/** `holds`: all that stand; those that do not cover the recording are passed over. */
export function keepOf(
  policy: RetentionPolicy,
  floorMs: number,
  holds: readonly LegalHold[],
  recording: KeptRecording,
): Keep {
  const held = holds.filter((hold) => hold.lifted === undefined && holdCovers(hold, recording));
  const { since } = recording;
  if (since === undefined) return { guardedUntil: Number.POSITIVE_INFINITY, holds: held };
  const endOf = ({ days }: RetentionRule): number =>
    days === undefined ? Number.POSITIVE_INFINITY : since + days * DAY_MS;
  const fitting = policy.rules.filter((rule) => ruleFits(rule, recording.labels));
  const longest = fitting.reduce<RetentionRule | undefined>(
    (best, rule) => (best === undefined || endOf(rule) > endOf(best) ? rule : best),
    undefined,
  );
  const until = longest === undefined ? Number.POSITIVE_INFINITY : endOf(longest);
  const guards = fitting.filter(({ evenWhenFull }) => evenWhenFull).map(endOf);
  return {
    ...(Number.isFinite(until) ? { until } : {}),
    ...(longest === undefined ? {} : { rule: longest.name }),
    floorUntil: since + floorMs,
    guardedUntil: Math.max(since, ...guards),
    holds: held,
  };
}

export function verdictOf(keep: Keep, now: number): Verdict {
  if (keep.floorUntil === undefined) return { kind: 'running' };
  if (keep.holds.length > 0) return { kind: 'held', holds: keep.holds };
  if (!(now >= keep.floorUntil)) return { kind: 'floor', until: keep.floorUntil };
  const { until, rule } = keep;
  if (until !== undefined && rule !== undefined && now >= until) return { kind: 'expired', rule, at: until };
  return {
    kind: 'kept',
    ...(until === undefined ? {} : { until }),
    ...(rule === undefined ? {} : { rule }),
    spare: now >= keep.guardedUntil,
  };
}
