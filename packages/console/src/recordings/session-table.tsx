import { sessionLengthMs } from '@sallyport/core/model/session-length.js';
import type { MeAnswer, OriginAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Format } from '../i18n/format.js';
import { useFormat, useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { Button, buttonClass } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Table } from '../ui/table.js';
import { CutMiddle, Moment, State, useNow } from '../ui/words.js';
import { EndDialog } from './end-dialog.js';
import { endWords } from './end-reason.js';
import { KeepActions, KeptUntil } from './keep-actions.js';

export function SessionTable(props: { sessions: readonly SessionAnswer[]; me: MeAnswer; search: ListSearch }) {
  const { sessions, me, search } = props;
  const t = useText();
  const [ending, setEnding] = useState<SessionAnswer>();
  return (
    <>
      <Table
        label={t('recordings.sessions')}
        stack
        minWidth={1000}
        columns={[
          { key: 'thumb', head: t('recordings.picture'), hidden: true, width: 104, className: 'hide-s' },
          { key: 'user', head: t('recordings.user'), width: 112 },
          { key: 'host', head: t('recordings.host') },
          { key: 'started', head: t('recordings.started'), width: 124 },
          { key: 'length', head: t('recordings.length'), width: 76, className: 'right' },
          { key: 'size', head: t('recordings.size'), width: 88, className: 'right hide-s' },
          { key: 'end', head: t('recordings.end'), width: '18%' },
          { key: 'kept', head: t('keep.kept'), width: 108, className: 'hide-s' },
          { key: 'act', head: t('inventory.actions'), hidden: true, width: 168 },
        ]}
      >
        {sessions.map((session) => (
          <Row key={session.id} session={session} me={me} search={search} onEnd={() => setEnding(session)} />
        ))}
      </Table>
      {ending !== undefined && (
        <EndDialog session={ending} own={ending.userId === me.user.id} onClose={() => setEnding(undefined)} />
      )}
    </>
  );
}

function Row({ session, me, onEnd }: { session: SessionAnswer; me: MeAnswer; onEnd(): void }) {
  const format = useFormat();
  return (
    <tr>
      <td className="s-line" title={session.userName}>
        <b>{session.userName}</b>
      </td>
      <td className="s-line">
        <span className="row" title={`${session.hostName} ${session.hostAddress}`}>
          <CutMiddle>{session.hostName}</CutMiddle> <span className="t3">{session.login}</span>
        </span>
      </td>
      <td className="t2">
        <Moment at={session.createdAt} />
      </td>
      <td className="right">
        <Length session={session} />
      </td>
      <td className="right t3 hide-s">{format.bytes(session.outputBytes)}</td>
      <td className="s-line">
        <SessionState session={session} />
      </td>
      <td className="hide-s">
        <KeptUntil session={session} />
      </td>
      <td className="act">
        <Acts session={session} me={me} onEnd={onEnd} />
      </td>
    </tr>
  );
}

/** What may be done follows the state: a live one is ended (and played up to now), one that is over is played. */
function Acts({ session, me, onEnd }: { session: SessionAnswer; me: MeAnswer; onEnd(): void }) {
  const t = useText();
  const own = session.userId === me.user.id;
  const open = session.state === 'opening' || session.state === 'live';
  const recorded = session.recording !== undefined && session.recording.state !== 'missing';
  const who = { user: session.userName, host: session.hostName };
  return (
    <span className="row acts">
      {open && (own || me.may.includes('end')) && (
        <Button size="s" kind="danger-quiet" aria-label={t('recordings.end-of', who)} onClick={onEnd}>
          {t('recordings.do-end')}
        </Button>
      )}
      {recorded && (own || me.may.includes('replay')) && (
        <Link
          to="/recordings/$id"
          params={{ id: session.id }}
          className={buttonClass({ size: 's' })}
          aria-label={t('recordings.play-of', who)}
          preload={false}
        >
          <Icon name="play" />
          {t('recordings.play')}
        </Link>
      )}
      <KeepActions session={session} me={me} />
    </span>
  );
}

/** Its title, command and time are the file's own claim: of those only the time is shown, and as a claim. */
function originWords(origin: OriginAnswer, t: Text, format: Format): string {
  const { importedBy, fileName, recordedAt } = origin;
  const by = t('imports.imported-by', { by: importedBy, file: fileName });
  return recordedAt === undefined ? by : `${by} · ${t('imports.says-recorded', { at: format.dateTime(recordedAt) })}`;
}

function SessionState({ session }: { session: SessionAnswer }) {
  const t = useText();
  const format = useFormat();
  switch (session.state) {
    case 'opening':
      return <State dot="idle">{t('recordings.opening')}</State>;
    case 'live':
      return <State dot="live">{t('recordings.live')}</State>;
    case 'ending':
      return <State dot="warn">{t('recordings.ending')}</State>;
    case 'ended':
    case 'failed': {
      const { text, tone } = endWords(session.endReason, t);
      return (
        <span title={session.origin ? originWords(session.origin, t, format) : text}>
          <State dot={tone}>{text}</State>
        </span>
      );
    }
  }
}

const SECOND_MS = 1_000;
function Length({ session }: { session: SessionAnswer }) {
  const format = useFormat();
  const length = sessionLengthMs(session, session.endedAt ?? 0);
  if (length === undefined) return <span className="t3">–</span>;
  return session.endedAt === undefined ? <Running session={session} /> : format.clock(length);
}

function Running({ session }: { session: SessionAnswer }) {
  const format = useFormat();
  return format.clock(sessionLengthMs(session, useNow(SECOND_MS)) ?? 0);
}
