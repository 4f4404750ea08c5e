/**
 * A host may require that somebody other than its user watches (V26). Until somebody does, and from the moment the last
 * one goes, what is typed is dropped and counted; when nobody comes back within the grace the session is to end. Before the
 * first one comes there is no grace: nothing has been done yet.
 *
 * Apart from a freeze: each holds by itself, and lifting one leaves the other.
 */
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import { createInputHold } from './input-hold.js';
import type { Clock } from './ports/clock.js';

export type WatcherChange = Extract<Notice, { readonly kind: 'unwatched' | 'attended' }>;
type Unwatched = Extract<Notice, { readonly kind: 'unwatched' }>;

export interface FourEyes {
  /** Set while nobody watches who counts. */
  readonly missing: Unwatched | undefined;
  /** False: there is no watcher, and they were dropped and counted. */
  lets(bytes: number): boolean;
  /** Somebody who counts begins to watch; the answer is how to stop. */
  joined(): () => void;
  /** The session is over: nothing more is told of it. */
  stop(): void;
}
export interface FourEyesOf {
  /** Takes typed bytes back that the host was not sent yet; answers how many. */
  takeInputBack(): number;
  changed(change: WatcherChange): void;
  /** Nobody came back in time. */
  expired(): void;
}

export function createFourEyes(graceMs: number, clock: Pick<Clock, 'after' | 'now'>, session: FourEyesOf): FourEyes {
  const input = createInputHold<Unwatched>();
  let watching = 0;
  let over = false;
  let cancelGrace = (): void => {};
  input.hold({ kind: 'unwatched' }, 0);

  function left(): void {
    watching -= 1;
    if (watching > 0 || over) return;
    const missing: Unwatched = { kind: 'unwatched', endsAt: clock.now() + graceMs };
    input.hold(missing, session.takeInputBack());
    cancelGrace = clock.after(graceMs, session.expired);
    session.changed(missing);
  }
  return {
    get missing() {
      return input.why;
    },
    lets: input.lets,
    joined() {
      watching += 1;
      cancelGrace();
      const droppedBytes = input.letGo();
      if (droppedBytes !== undefined && !over) session.changed({ kind: 'attended', droppedBytes });
      let gone = false;
      return () => {
        if (gone) return;
        gone = true;
        left();
      };
    },
    stop() {
      over = true;
      cancelGrace();
    },
  };
}
