import { useFormat, useText } from '../i18n/provider.js';
import { noActivity } from '../replay/activity.js';
import { Strip } from '../replay/strip.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import type { Shifted } from './time-shift.js';

const NOTHING = noActivity();
const NONE: readonly never[] = [];
const STEP_MS = 5_000;

/** The time since the session began, up to now. The right end is live; left of it is its recording. */
export function ShiftBar(props: {
  durationMs: number;
  /** undefined: live. */
  at: number | undefined;
  shifted: Shifted | undefined;
  over: boolean;
  /** What is shown, if no earlier moment is, is the present screen. */
  live: boolean;
  onToggle(): void;
  onSeek(ms: number): void;
  onLive(): void;
}) {
  const { durationMs, at, shifted, over, onSeek, onLive } = props;
  const t = useText();
  const format = useFormat();
  const playing = shifted?.look.view.state === 'playing';
  const position = shifted && shifted.look.view.state !== 'loading' ? shifted.look.view.positionMs : (at ?? durationMs);
  const source = shifted?.replay.source;
  return (
    <div className="tl wtl">
      <Strip
        activity={source?.activity ?? NOTHING}
        durationMs={durationMs}
        positionMs={Math.min(position, durationMs)}
        readings={shifted?.look.readings ?? 0}
        gaps={NONE}
        notes={NONE}
        markers={NONE}
        hits={NONE}
        onSeek={onSeek}
      />
      <div className="ctl">
        <IconButton icon="previous" label={t('replay.back')} onClick={() => onSeek(position - STEP_MS)} />
        {at !== undefined && (
          <>
            <button
              type="button"
              className="btn rplay"
              aria-label={t(playing ? 'replay.pause' : 'replay.play')}
              title={t(playing ? 'replay.pause' : 'replay.play')}
              onClick={props.onToggle}
            >
              <Icon name={playing ? 'pause' : 'play'} />
            </button>
            <IconButton icon="next" label={t('replay.forward')} onClick={() => onSeek(position + STEP_MS)} />
          </>
        )}
        <span className="wclock" aria-live="off">
          <b>{format.clock(position)}</b>{' '}
          <span className="t3">
            {at === undefined
              ? t(over ? 'watch.at-end' : props.live ? 'watch.at-live' : 'watch.at-last')
              : t('watch.behind', { time: format.clock(Math.max(0, durationMs - position)) })}
          </span>
        </span>
        <span className="push meta t3 hide-s">{at === undefined && !over && t('watch.shift-hint')}</span>
        {at !== undefined && (
          <span className="push">
            <Button kind="primary" size="s" onClick={onLive}>
              {t(over ? 'watch.back-to-end' : 'watch.back-to-live')} <kbd>End</kbd>
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}
