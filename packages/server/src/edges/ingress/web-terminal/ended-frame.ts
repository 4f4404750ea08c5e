/** Why a session is over, as its pages are told: the operator's and those that watch read the same. */
import type { EndReason } from '@sallyport/core/model/session.js';
import type { Ended } from '@sallyport/core/wire/terminal-frames.js';

export function endedFrame(reason: EndReason): Ended {
  switch (reason.kind) {
    case 'remote-exit':
      return {
        reason: reason.kind,
        ...(reason.exitCode === undefined ? {} : { exitCode: reason.exitCode }),
        ...(reason.signal === undefined ? {} : { signal: reason.signal }),
      };
    case 'failed':
    case 'ended-by-policy':
      return { reason: reason.kind, code: reason.code, params: reason.params ?? {} };
    case 'ended-by-admin':
      return {
        reason: reason.kind,
        params: {
          by: reason.by,
          reason: reason.reason,
          ...(reason.preset === undefined ? {} : { preset: reason.preset }),
        },
      };
    case 'idle-limit':
    case 'time-limit':
      return { reason: reason.kind, params: { minutes: String(Math.round(reason.limitMs / 60_000)) } };
    case 'target-lost':
      return { reason: reason.kind, params: { detail: reason.detail ?? '' } };
    case 'recording-failed':
      return { reason: reason.kind, code: 'recording.failed', params: { detail: reason.detail } };
    case 'closed-by-user':
    case 'client-lost':
    case 'unwatched':
    case 'interrupted':
    case 'shutdown':
    case 'imported':
      return { reason: reason.kind };
  }
}
