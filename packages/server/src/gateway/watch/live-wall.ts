/**
 * Small pictures of running sessions for those who look at many at once. A session is drawn while somebody has it in sight,
 * when it has changed, at most twice a second, once for all who look. To have it in sight is to watch it: the same right,
 * the same record, the same notice.
 */
import type { Principal } from '@sallyport/core/model/user.js';
import { MAX_TILES, type Tile } from '@sallyport/core/wire/watch-frames.js';
import type { TileViewer, WallSeat } from '../gateway.js';
import type { GatewayLog } from '../gateway-deps.js';
import type { Clock } from '../ports/clock.js';
import type { ScreenTrail } from './screen-trail.js';
import type { WatchDesk } from './watch-desk.js';

const EVERY_MS = 500;
/** Scrolled out of sight and back within this is one looking. */
const LINGER_MS = 5_000;

export interface LiveWall {
  /** Somebody who looks. */
  viewer(principal: Principal, end: TileViewer): WallSeat;
}
interface Drawn {
  readonly trail: ScreenTrail;
  readonly viewers: Set<TileViewer>;
  last: Tile | undefined;
  drawing: boolean;
  cancel(): void;
}
interface Looking {
  readonly stop: () => void;
  cancel: (() => void) | undefined;
}

export function createLiveWall(desk: WatchDesk, clock: Clock, log: GatewayLog): LiveWall {
  const drawn = new Map<string, Drawn>();

  async function draw(sessionId: string, one: Drawn): Promise<void> {
    if (one.drawing || drawn.get(sessionId) !== one) return;
    one.drawing = true;
    try {
      const { offset } = one.trail;
      if (one.last?.offset !== offset) {
        const picture = await one.trail.picture();
        if (picture) {
          one.last = { sessionId, offset, picture };
          for (const viewer of one.viewers) if (!viewer.busy) viewer.tile(one.last);
        }
      }
    } catch {
      // Its worker died, or it is over: the next round sees.
    } finally {
      one.drawing = false;
    }
  }
  function look(sessionId: string, trail: ScreenTrail, viewer: TileViewer): () => void {
    const before = drawn.get(sessionId);
    const one: Drawn = before ?? { trail, viewers: new Set(), last: undefined, drawing: false, cancel: () => {} };
    drawn.set(sessionId, one);
    one.viewers.add(viewer);
    if (one.last) viewer.tile(one.last);
    if (before === undefined) {
      const round = (): void => {
        one.cancel = clock.after(EVERY_MS, round);
        void draw(sessionId, one);
      };
      round();
    }
    return () => {
      one.viewers.delete(viewer);
      if (one.viewers.size > 0) return;
      one.cancel();
      if (drawn.get(sessionId) === one) drawn.delete(sessionId);
    };
  }

  return {
    viewer(principal, end) {
      const looking = new Map<string, Looking>();
      const asked = new Set<string>();
      let wanted = new Set<string>();
      let closed = false;

      async function begin(sessionId: string): Promise<void> {
        asked.add(sessionId);
        try {
          const found = await desk.admitted(principal, sessionId);
          if (!found.ok || closed || !wanted.has(sessionId)) return;
          const leave = await desk.attend(principal, found.value.session, { wall: true });
          const stopDrawing = look(sessionId, found.value.room.trail, end);
          const stop = (): void => {
            stopDrawing();
            leave();
          };
          found.value.room.onEnd(() => dismiss(sessionId));
          if (closed) stop();
          else looking.set(sessionId, { stop, cancel: undefined });
          if (!wanted.has(sessionId)) linger(sessionId);
        } catch (error) {
          log.error({ err: error, session: sessionId }, 'a tile of the live wall failed');
        } finally {
          asked.delete(sessionId);
        }
      }
      function dismiss(sessionId: string): void {
        const one = looking.get(sessionId);
        looking.delete(sessionId);
        one?.cancel?.();
        one?.stop();
      }
      function linger(sessionId: string): void {
        const one = looking.get(sessionId);
        if (one && one.cancel === undefined) one.cancel = clock.after(LINGER_MS, () => dismiss(sessionId));
      }

      return {
        want(sessionIds) {
          wanted = new Set(sessionIds.slice(0, MAX_TILES));
          for (const id of looking.keys()) if (!wanted.has(id)) linger(id);
          for (const id of wanted) {
            const one = looking.get(id);
            if (one) {
              one.cancel?.();
              one.cancel = undefined;
            } else if (!asked.has(id)) void begin(id);
          }
        },
        close() {
          closed = true;
          for (const id of [...looking.keys()]) dismiss(id);
        },
      };
    },
  };
}
