import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useEffect, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import { ScreenView } from '../replay/screen-view.js';
import { type Replay, type ReplayLook, useReplay } from '../replay/use-replay.js';
import { ProblemNote } from '../ui/problem.js';

export interface Shifted {
  readonly replay: Replay;
  readonly look: ReplayLook;
}

/**
 * An earlier moment of the running session, from its recording, over the live screen that goes on underneath. Loaded
 * when it is first asked for: who only watches reads no recording.
 */
export function TimeShift(props: {
  session: SessionAnswer;
  /** Where to; another object for each time it is asked. */
  to: { readonly ms: number };
  onLook(shifted: Shifted | undefined): void;
  onWheel(by: -1 | 1): void;
}) {
  const { session, to, onLook } = props;
  const t = useText();
  const { replay, look } = useReplay(session, Math.max(1, to.ms), 'now');
  const asked = useRef(to);
  useEffect(() => {
    // As it was, neither faster nor without its pauses: one looks for what just happened.
    replay?.player.setPace({ speed: 1, skipIdle: false });
  }, [replay]);
  useEffect(() => {
    if (replay === undefined || asked.current === to) return;
    asked.current = to;
    replay.player.pause();
    void replay.player.seek(Math.max(1, to.ms));
  }, [replay, to]);
  const { state, positionMs } = look.view;
  const { readings } = look;
  const read = useRef(readings);
  useEffect(() => {
    // What has come meanwhile may belong before the moment that is shown.
    if (read.current === readings || state !== 'paused') return;
    read.current = readings;
    void replay?.player.seek(positionMs);
  }, [replay, readings, state, positionMs]);
  useEffect(() => onLook(replay && { replay, look }), [replay, look, onLook]);
  useEffect(() => () => onLook(undefined), [onLook]);
  return (
    // Wheel: as over a longer scroll-back.
    <div className="wshift" onWheel={({ deltaY }) => deltaY !== 0 && props.onWheel(deltaY < 0 ? -1 : 1)}>
      {look.problem && (
        <div className="rnote">
          <ProblemNote problem={look.problem} />
        </div>
      )}
      {replay && (
        <ScreenView
          shown={replay}
          label={t('watch.screen-earlier')}
          help={t('replay.screen-help')}
          dim={state === 'seeking' || state === 'loading'}
        />
      )}
    </div>
  );
}
