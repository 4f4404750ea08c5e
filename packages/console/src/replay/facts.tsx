import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { ReactNode } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { endWords } from '../recordings/end-reason.js';
import { CopyButton } from '../ui/copy.js';
import { Moment } from '../ui/words.js';
import type { ReplaySource } from './source.js';

/** The session's end in the words of the list. */
export const endReasonWords = ({ endReason }: SessionAnswer, t: Text): string | undefined =>
  endReason && endWords(endReason, t).text;

export function Facts(props: { session: SessionAnswer; source: ReplaySource | undefined; durationMs: number }) {
  const { session, source, durationMs } = props;
  const t = useText();
  const format = useFormat();
  const { recording } = session;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('replay.user'), session.userName],
    [t('replay.host'), session.hostName],
    [t('replay.address'), session.hostAddress],
    [t('replay.login'), session.login],
    [t('replay.source'), session.sourceAddress],
    [t('replay.began'), <Moment key="began" at={session.liveAt ?? session.createdAt} />],
    ...(session.endedAt === undefined
      ? []
      : [[t('replay.ended'), <Moment key="ended" at={session.endedAt} />] as const]),
    [
      t('replay.length'),
      source && source.activity.totalIdleMs > 0
        ? t('replay.length-active', {
            length: format.clock(durationMs),
            active: format.clock(source.activity.activeMs),
          })
        : format.clock(durationMs),
    ],
    [t('replay.reason'), endReasonWords(session, t) ?? t('replay.state-live')],
    ...(source?.end?.exitCode === undefined ? [] : [[t('replay.exit-code'), String(source.end.exitCode)] as const]),
    [
      t('replay.screen-size'),
      `${session.cols} × ${session.rows}, ${t('replay.resizes', { count: source?.activity.resizes.length ?? 0 })}`,
    ],
    [t('replay.output'), format.bytes(recording?.outputBytes ?? session.outputBytes)],
    ...(recording
      ? ([
          [t('replay.size'), format.bytes(recording.sizeBytes)],
          [
            t('replay.state'),
            t(recording.state === 'writing' ? 'replay.state-live' : `replay.state-${recording.state}`),
          ],
        ] as const)
      : []),
  ];
  const long: readonly (readonly [string, string])[] = [
    [t('replay.session'), session.id],
    ...(recording?.head === undefined ? [] : [[t('replay.chain'), recording.head] as const]),
  ];
  return (
    <dl className="rfacts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="break">{value}</dd>
        </div>
      ))}
      {long.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="row">
            <code className="break">{value}</code>
            <CopyButton text={value} label={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
