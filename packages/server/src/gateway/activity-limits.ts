/**
 * Idle and absolute limits of one session (W20, X45). Typing is activity, output is not: an abandoned root shell that
 * prints is still abandoned. One timer at a time, re-armed when it fires, so a keystroke costs one assignment.
 */
import type { EndReason } from '@sallyport/core/model/session.js';
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Clock } from './ports/clock.js';

/** How long before an end the person is warned. */
const WARNING_MS = 60_000;

export interface ActivityLimits {
  touch(): void;
  stop(): void;
}

export function watchActivity(
  clock: Clock,
  limits: { readonly idleMs: number; readonly absoluteMs: number },
  on: { notice(notice: Notice): void; end(reason: EndReason): void },
): ActivityLimits {
  const startedAt = clock.monotonic();
  let touchedAt = startedAt;
  let warnedIdle = false;
  let warnedTime = false;
  let cancel: () => void = () => {};

  function check(): void {
    const now = clock.monotonic();
    const idleLeft = limits.idleMs - (now - touchedAt);
    const timeLeft = limits.absoluteMs - (now - startedAt);
    if (timeLeft <= 0 || idleLeft <= 0) {
      on.end(
        timeLeft <= 0
          ? { kind: 'time-limit', limitMs: limits.absoluteMs }
          : { kind: 'idle-limit', limitMs: limits.idleMs },
      );
      return;
    }
    if (timeLeft <= WARNING_MS && !warnedTime) {
      warnedTime = true;
      on.notice({ kind: 'time-warning', seconds: Math.ceil(timeLeft / 1000) });
    }
    if (idleLeft <= WARNING_MS && !warnedIdle) {
      warnedIdle = true;
      on.notice({ kind: 'idle-warning', seconds: Math.ceil(idleLeft / 1000) });
    }
    const next = (left: number, warned: boolean): number => (warned ? left : Math.max(1, left - WARNING_MS));
    cancel = clock.after(Math.min(next(idleLeft, warnedIdle), next(timeLeft, warnedTime)), check);
  }
  check();

  return {
    touch() {
      touchedAt = clock.monotonic();
      warnedIdle = false;
    },
    stop: () => cancel(),
  };
}
