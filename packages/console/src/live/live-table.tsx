import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { memo, type ReactNode } from 'react';
import type { Controls } from '../control/controls.js';
import { useFormat, useText } from '../i18n/provider.js';
import { endWords } from '../recordings/end-reason.js';
import { Table } from '../ui/table.js';
import { CutMiddle, envOf, State, Tag, useNow } from '../ui/words.js';
import { Acts } from './acts.js';
import type { Labels } from './live-order.js';
import { onSessionKey } from './row-keys.js';
import type { LiveListProps } from './use-live-sessions.js';

export function LiveTable({ sessions, labelsOf, me, controls }: LiveListProps) {
  const t = useText();
  return (
    <Table
      label={t('live.sessions')}
      stack
      minWidth={880}
      columns={[
        { key: 'state', head: t('live.state'), width: '24%' },
        { key: 'user', head: t('recordings.user'), width: 128 },
        { key: 'host', head: t('live.host') },
        { key: 'as', head: t('live.as'), width: 112 },
        { key: 'age', head: t('live.age'), width: 88, className: 'right' },
        { key: 'from', head: t('live.source'), width: 136, className: 'hide-s' },
        { key: 'act', head: t('inventory.actions'), hidden: true, width: 104 },
      ]}
    >
      {sessions.map((session, at) => (
        <Row
          key={session.id}
          session={session}
          labels={labelsOf(session.hostId)}
          me={me}
          controls={controls}
          first={at === 0}
        />
      ))}
    </Table>
  );
}

const Row = memo(function Row(props: {
  session: SessionAnswer;
  labels: Labels;
  me: MeAnswer;
  controls: Pick<Controls, 'act'>;
  first: boolean;
}) {
  const { session, labels, me, controls, first } = props;
  const env = envOf(labels);
  return (
    <tr data-session={session.id} tabIndex={first ? 0 : -1} onKeyDown={onSessionKey}>
      <td className="s-line">
        <LiveState session={session} />
      </td>
      <td title={session.userName}>
        <b>{session.userName}</b>
      </td>
      <td title={`${session.hostName} ${session.hostAddress}`}>
        <CutMiddle>{session.hostName}</CutMiddle>
      </td>
      <td>
        <Tag {...(env !== undefined && { env })}>{session.login}</Tag>
      </td>
      <td className="right">
        <Age session={session} />
      </td>
      <td className="t2 hide-s">{session.sourceAddress}</td>
      <td className="act">
        <Acts session={session} me={me} controls={controls} icons />
      </td>
    </tr>
  );
});

function LiveState({ session }: { session: SessionAnswer }): ReactNode {
  const t = useText();
  const format = useFormat();
  const { state, frozen, unwatched, watchers = [] } = session;
  switch (state) {
    case 'opening':
      return <State dot="idle">{t('recordings.opening')}</State>;
    case 'ending':
      return <State dot="warn">{t('recordings.ending')}</State>;
    case 'live': {
      if (frozen) return <State dot="frozen">{t('live.state-frozen', { by: frozen.by })}</State>;
      if (unwatched) return <State dot="frozen">{t('live.unwatched')}</State>;
      const names = [...new Set(watchers)];
      if (names.length === 0) return <State dot="live">{t('recordings.live')}</State>;
      return (
        <span title={format.list(names)}>
          <State dot="live">{t('live.state-watched', { count: names.length })}</State>
        </span>
      );
    }
    case 'ended':
    case 'failed': {
      const { text, tone } = endWords(session.endReason, t);
      return (
        <span title={text}>
          <State dot={tone}>{text}</State>
        </span>
      );
    }
  }
}

function Age({ session }: { session: SessionAnswer }) {
  const format = useFormat();
  const now = useNow(10_000);
  return format.clock((session.endedAt ?? now) - (session.liveAt ?? session.createdAt));
}
