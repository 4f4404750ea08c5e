import { useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { STRIP_MARKS, type StripLegend } from './legend.js';
import { SPEEDS } from './pace.js';
import type { PlayerView } from './player.js';

export function Controls(props: {
  view: PlayerView;
  position: string;
  total: string;
  saved: string | undefined;
  wallClock: boolean;
  /** What of the strip there is to be explained. */
  legend: StripLegend;
  onToggle(): void;
  onStep(by: 1 | -1): void;
  onSpeed(speed: number): void;
  onSkipIdle(skip: boolean): void;
  onWallClock(): void;
  onFullscreen(): void;
}) {
  const { view, saved } = props;
  const t = useText();
  const playing = view.state === 'playing';
  const name = playing ? t('replay.pause') : view.state === 'ended' ? t('replay.again') : t('replay.play');
  return (
    <div className="ctl">
      <IconButton icon="previous" label={t('replay.back')} onClick={() => props.onStep(-1)} />
      <button type="button" className="btn p rplay" aria-label={name} title={name} onClick={props.onToggle}>
        <Icon name={playing ? 'pause' : view.state === 'ended' ? 'refresh' : 'play'} />
      </button>
      <IconButton icon="next" label={t('replay.forward')} onClick={() => props.onStep(1)} />
      <button
        type="button"
        className="rclock"
        title={props.wallClock ? t('replay.elapsed') : t('replay.wall-clock')}
        onClick={props.onWallClock}
      >
        <b>{props.position}</b> <span className="t3">/ {props.total}</span>
      </button>
      <Select
        small
        label={t('replay.speed')}
        value={String(view.speed)}
        choices={SPEEDS.map((speed) => ({ value: String(speed), text: `${speed}×` }))}
        onValue={(value) => props.onSpeed(Number(value))}
      />
      <label className="row rskip">
        <input
          type="checkbox"
          role="switch"
          aria-checked={view.skipIdle}
          className="sw"
          checked={view.skipIdle}
          onChange={(event) => props.onSkipIdle(event.target.checked)}
        />
        <span>
          {t('replay.skip-idle')}{' '}
          {saved !== undefined && <span className="t3">{t('replay.saves', { time: saved })}</span>}
        </span>
      </label>
      <IconButton icon="ext" label={t('replay.fullscreen')} onClick={props.onFullscreen} />
      <span className="row gap-l meta t3 push hide-s" aria-hidden="true">
        <span className="row gap-s">
          <i className="lg out" />
          {t('replay.legend-output')}
        </span>
        <span className="row gap-s">
          <i className="lg idle" />
          {t('replay.legend-idle')}
        </span>
        {STRIP_MARKS.filter((mark) => props.legend[mark]).map((mark) => (
          <span key={mark} className="row gap-s">
            <i className={`lg ${mark}`} />
            {t(`replay.legend-${mark}`)}
          </span>
        ))}
      </span>
    </div>
  );
}
