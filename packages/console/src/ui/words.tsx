import { type ReactNode, useEffect, useState } from 'react';
import { useFormat } from '../i18n/provider.js';
import { Icon } from './icon.js';
import type { IconName } from './icon-paths.js';

export function Tag({ children, env }: { children: string; env?: string }) {
  return (
    <span className={env === undefined ? 'tag' : `tag env ${env}`} title={children}>
      <span>{children}</span>
    </span>
  );
}

/** Which edge a label gives a host: `prod` and `staging` by the value of `env` (or a bare label of that name). */
export function envOf(labels: Readonly<Record<string, string>>): string | undefined {
  const value = (labels.env ?? labels.environment ?? '').toLowerCase();
  if (/^prod/.test(value)) return 'prod';
  if (/^(stag|pre)/.test(value)) return 'staging';
  return value === '' ? undefined : 'other';
}

export type Tone = 'ok' | 'live' | 'warn' | 'danger' | 'info' | 'mute';
export function Flag({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`flag ${tone}`}>
      {icon !== undefined && <Icon name={icon} size="s" />}
      {children}
    </span>
  );
}

/** A shape and a word: state is never colour alone. */
export function State({
  dot,
  children,
}: {
  dot: 'live' | 'idle' | 'done' | 'warn' | 'bad' | 'frozen';
  children: ReactNode;
}) {
  const tone = dot === 'warn' ? 'st c-warn' : dot === 'bad' ? 'st c-danger' : dot === 'frozen' ? 'st c-info' : 'st t2';
  return (
    <span className={tone}>
      <i className={dot === 'live' ? 'dot' : `dot ${dot}`} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}

const TAIL = 16;
/** A long machine name cut in the middle: the tail tells hosts apart, so it stays. */
export function CutMiddle({ children: text }: { children: string }) {
  if (text.length <= TAIL * 2) {
    return (
      <span className="cut" title={text}>
        {text}
      </span>
    );
  }
  return (
    <span className="cut-mid" title={text}>
      <span>{text.slice(0, -TAIL)}</span>
      <span>{text.slice(-TAIL)}</span>
    </span>
  );
}

/** The time now, told again every `everyMs`. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function TimeAgo({ at }: { at: number }) {
  const now = useNow();
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTimeFull(at)}>
      {format.ago(at, now)}
    </time>
  );
}

export function Moment({ at }: { at: number }) {
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTimeFull(at)}>
      {format.dateTime(at)}
    </time>
  );
}

/** First character of a name, for the round mark of a person. */
export function Avatar({ name }: { name: string }) {
  const [first = '?'] = new Intl.Segmenter().segment(name);
  return (
    <span className="ava" aria-hidden="true">
      {typeof first === 'string' ? first : first.segment.toUpperCase()}
    </span>
  );
}
