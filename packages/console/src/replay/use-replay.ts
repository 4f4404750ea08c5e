import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ApiProblem } from '../api/client.js';
import { pageClock } from '../terminal/page-clock.js';
import { makeTerminal } from '../terminal/xterm-options.js';
import { browserTools } from './browser-tools.js';
import { replayReader } from './content.js';
import { keptPace } from './pace.js';
import { createPlayer, type Player, type PlayerView } from './player.js';
import { createReplayScreen } from './replay-screen.js';
import type { ShownTerminal } from './screen-view.js';
import { createReplaySource, type ReplaySource } from './source.js';

export interface Replay extends ShownTerminal {
  readonly source: ReplaySource;
  readonly player: Player;
}
export interface ReplayLook {
  readonly view: PlayerView;
  /** Grows with each piece read. */
  readonly readings: number;
  readonly problem: ApiProblem | undefined;
}

/** Builds source, screen and player for one session, and takes them down again. */
export function useReplay(
  { id }: Pick<SessionAnswer, 'id'>,
  startMs: number,
  ahead: 'wait' | 'now' = 'wait',
): { replay: Replay | undefined; look: ReplayLook } {
  const [replay, setReplay] = useState<Replay>();
  const [look, setLook] = useState<ReplayLook>({
    view: { state: 'loading', positionMs: startMs, ...keptPace() },
    readings: 0,
    problem: undefined,
  });
  const first = useRef({ startMs });
  useEffect(() => {
    const { startMs: begin } = first.current;
    const terminal = makeTerminal({
      disableStdin: true,
      cursorBlink: false,
      cursorInactiveStyle: 'block',
      // Inert: a link in a recording goes nowhere.
      linkHandler: { activate: () => undefined },
    });
    const abort = new AbortController();
    const source = createReplaySource({ reader: replayReader(id), tools: browserTools(), clock: pageClock });
    const made: { onSize: Replay['onSize'] } = { onSize: undefined };
    const screen = createReplayScreen(terminal, ({ cols, rows }) => made.onSize?.(cols, rows));
    const failed = (cause: unknown): void => {
      if (!abort.signal.aborted) setLook((before) => ({ ...before, problem: asProblem(cause) }));
    };
    const player = createPlayer({
      source,
      screen,
      clock: pageClock,
      pace: keptPace(),
      ahead,
      changed: (view) => setLook((before) => ({ ...before, view })),
      failed,
    });
    const unwatch = source.watch(() => setLook((before) => ({ ...before, readings: before.readings + 1 })));
    source.load(abort.signal).catch(failed);
    setReplay(Object.assign(made, { terminal, source, player }));
    void player.seek(begin).then(() => {
      // A link to a moment shows that moment; otherwise it plays.
      if (begin === 0 && !abort.signal.aborted) player.play();
    });
    return () => {
      abort.abort();
      unwatch();
      player.stop();
      terminal.dispose();
      setReplay(undefined);
    };
  }, [id, ahead]);
  return useMemo(() => ({ replay, look }), [replay, look]);
}

const asProblem = (cause: unknown): ApiProblem =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' && 'title' in cause
    ? (cause as ApiProblem)
    : { code: 'client.not-ours', status: 0, title: '', next: '', params: {} };
