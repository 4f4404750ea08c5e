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
import type { ScreenTrail } from './trail.js';
import type { WatchDesk } from './watch-desk.js';

const EVERY_MS = 500;
/** Scrolled out of sight and back within this is one looking. */
const LINGER_MS = 5_000;
const REFUSED_MS = 30_000;

export interface LiveWall {
  /** Somebody who looks. */
  viewer(principal: Principal, end: TileViewer): WallSeat;
}
interface Drawn {
  readonly trail: ScreenTrail;
  /** With the mark of what each was shown last. */
  readonly viewers: Map<TileViewer, number>;
  last: Tile | undefined;
  /** Of the trail, when `last` was drawn. */
  mark: number;
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
      const { offset, mark } = one.trail;
      if (one.last === undefined || one.mark !== mark) {
        const picture = await one.trail.picture();
        if (picture) {
          one.last = { sessionId, offset, picture };
          one.mark = mark;
        }
      }
      for (const [viewer, shown] of one.viewers) {
        if (one.last === undefined || shown === one.mark || viewer.busy) continue;
        one.viewers.set(viewer, one.mark);
        viewer.tile(one.last);
      }
    } catch {
      // Its worker died, or it is over: the next round sees.
    } finally {
      one.drawing = false;
    }
  }
  function look(sessionId: string, trail: ScreenTrail, viewer: TileViewer): () => void {
    const before = drawn.get(sessionId);
    const fresh = { trail, viewers: new Map(), last: undefined, mark: -1, drawing: false, cancel: () => {} };
    const one: Drawn = before ?? fresh;
    drawn.set(sessionId, one);
    one.viewers.set(viewer, one.last ? one.mark : -1);
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
      /** Being looked up, or refused a moment ago. */
      const asked = new Set<string>();
      const refused = new Set<string>();
      let wanted = new Set<string>();
      let closed = false;

      async function begin(sessionId: string): Promise<void> {
        asked.add(sessionId);
        try {
          const found = await desk.admitted(principal, sessionId);
          if (!found.ok) return refuse(sessionId);
          const { session, room } = found.value;
          if (closed || !wanted.has(sessionId)) return;
          const leave = await desk.attend(principal, session, { wall: true });
          if (closed || session.endReason !== undefined) return leave(); // gone while it was written down
          const stopDrawing = look(sessionId, room.trail, end);
          const forgetEnd = room.onEnd(() => dismiss(sessionId));
          const stop = (): void => {
            stopDrawing();
            forgetEnd();
            leave();
          };
          looking.set(sessionId, { stop, cancel: undefined });
          if (!wanted.has(sessionId)) linger(sessionId);
        } catch (error) {
          log.error({ err: error, session: sessionId }, 'a tile of the live wall failed');
        } finally {
          if (!refused.has(sessionId)) asked.delete(sessionId);
        }
      }
      /** Each refusal is an audit row: it is not asked for again at once. */
      function refuse(sessionId: string): void {
        refused.add(sessionId);
        clock.after(REFUSED_MS, () => {
          refused.delete(sessionId);
          asked.delete(sessionId);
        });
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
