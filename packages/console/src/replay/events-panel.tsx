import type { KeyboardEvent, Ref } from 'react';
import type { ApiProblem } from '../api/client.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import type { IconName } from '../ui/icon-paths.js';
import { ProblemNote } from '../ui/problem.js';
import { eventWords } from './event-words.js';
import type { PlacedEvent } from './placed-events.js';

const ICONS = {
  watched: 'eye',
  'watch-refused': 'eye',
  frozen: 'pause',
  unfrozen: 'play',
  unwatched: 'pause',
  attended: 'play',
  message: 'message',
  denied: 'block',
  resumed: 'refresh',
  unrecorded: 'alert',
  ended: 'stop',
  mark: 'pin',
} as const satisfies Record<PlacedEvent['event']['kind'], IconName>;
const TONES: Partial<Record<PlacedEvent['event']['kind'], string>> = {
  denied: 'c-danger',
  'watch-refused': 'c-danger',
  unrecorded: 'c-danger',
  ended: 'c-danger',
  frozen: 'c-warn',
  unwatched: 'c-warn',
};

/** What others did around the session, in the order of time; each goes to its moment. */
export function EventsPanel(props: {
  events: readonly PlacedEvent[];
  leftOut: boolean;
  problem: ApiProblem | null;
  positionMs: number;
  clock(ms: number): string;
  listRef: Ref<HTMLOListElement>;
  onJump(ms: number): void;
}) {
  const { events, positionMs, clock, listRef, onJump } = props;
  const t = useText();
  const format = useFormat();
  const now = events.findLastIndex(({ atMs }) => atMs <= positionMs);
  return (
    <>
      {props.problem && <ProblemNote problem={props.problem} />}
      {events.length === 0 && !props.problem && <p className="t3">{t('replay.no-events')}</p>}
      {props.leftOut && <p className="meta t3">{t('replay.events-left-out')}</p>}
      <ol className="rnotes revents" aria-label={t('replay.events')} ref={listRef} tabIndex={-1} onKeyDown={step}>
        {events.map((placed, index) => {
          const { kind } = placed.event;
          const { what, said } = eventWords(placed, t, format);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
            <li key={index}>
              <button
                type="button"
                className="rgo"
                aria-current={index === now || undefined}
                onClick={() => onJump(placed.atMs)}
              >
                <span className="t3">{clock(placed.atMs)}</span>
                <span className={TONES[kind] ?? 't3'}>
                  <Icon name={ICONS[kind]} size="s" />
                </span>
                <span className="rwhat">
                  <bdi>{what}</bdi>
                  {said !== undefined && <span className="rtext t2">{said}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** Up and down go from one to the next; Tab does too. */
function step(event: KeyboardEvent<HTMLOListElement>): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (by === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
}
