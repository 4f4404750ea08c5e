import { sessionLengthMs } from '@sallyport/core/model/session-length.js';
import type { MeAnswer, OriginAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { playable } from '../api/sessions.js';
import { useControls } from '../control/controls.js';
import { mayDo } from '../control/may-do.js';
import type { Format } from '../i18n/format.js';
import { useFormat, useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { Button, buttonClass } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Table } from '../ui/table.js';
import { CutMiddle, Moment, State, useNow } from '../ui/words.js';
import { endWords } from './end-reason.js';
import { KeepActions, KeptUntil } from './keep-actions.js';
import type { ListSearch } from './search.js';
import { maySelect, type Selection, SelectionBar, useSelection } from './selection.js';
import { Thumbnail, thumbnailQuery } from './thumbnail.js';

export function SessionTable(props: { sessions: readonly SessionAnswer[]; me: MeAnswer; search: ListSearch }) {
  const { sessions, me, search } = props;
  const t = useText();
  const controls = useControls(me);
  const selection = useSelection(sessions);
  const selects = maySelect(me);
  return (
    <>
      <SelectionBar selection={selection} me={me} />
      <Table
        label={t('recordings.sessions')}
        stack
        minWidth={1000}
        columns={[
          ...(selects
            ? [{ key: 'pick', head: t('recordings.pick'), hidden: true, width: 52, className: 'hide-s' }]
            : []),
          { key: 'thumb', head: t('recordings.picture'), hidden: true, width: 104, className: 'hide-s' },
          { key: 'user', head: t('recordings.user'), width: 112 },
          { key: 'host', head: t('recordings.host') },
          { key: 'started', head: t('recordings.started'), width: 124 },
          { key: 'length', head: t('recordings.length'), width: 92, className: 'right' },
          { key: 'end', head: t('recordings.end'), width: '18%' },
          { key: 'kept', head: t('keep.kept'), width: 108, className: 'hide-s' },
          { key: 'act', head: t('inventory.actions'), hidden: true, width: 168 },
        ]}
      >
        {sessions.map((session) => (
          <Row
            key={session.id}
            session={session}
            me={me}
            search={search}
            selection={selects ? selection : undefined}
            onEnd={() => controls.act('end', session)}
          />
        ))}
      </Table>
      {controls.dialogs}
    </>
  );
}

function Row(props: {
  session: SessionAnswer;
  me: MeAnswer;
  search: ListSearch;
  selection: Selection | undefined;
  onEnd(): void;
}) {
  const { session, me, search, selection, onEnd } = props;
  const t = useText();
  const format = useFormat();
  const may = session.userId === me.user.id || me.may.includes('replay');
  return (
    <tr
      data-row
      tabIndex={-1}
      className={selection?.ids.has(session.id) ? 'on' : undefined}
      onKeyDown={(event) => onRowKey(event, () => selection?.toggle(session.id))}
    >
      {selection && (
        <td className="hide-s">
          <label className="chk alone">
            <input
              type="checkbox"
              aria-label={t('recordings.select', { user: session.userName, host: session.hostName })}
              checked={selection.ids.has(session.id)}
              onChange={() => selection.toggle(session.id)}
            />
          </label>
        </td>
      )}
      <td className="hide-s">
        <Thumbnail session={session} may={may} />
      </td>
      <td className="s-line" title={session.userName}>
        <Link
          to="/recordings"
          search={{ ...search, userId: session.userId }}
          className="plain"
          title={t('recordings.only-user', { user: session.userName })}
        >
          <b>{session.userName}</b>
        </Link>
      </td>
      <td className="s-line">
        <span className="row" title={`${session.hostName} ${session.hostAddress}`}>
          {session.hostId === '' ? (
            <CutMiddle>{session.hostName}</CutMiddle>
          ) : (
            <Link
              to="/recordings"
              search={{ ...search, hostId: session.hostId }}
              className="plain"
              title={t('recordings.only-host', { host: session.hostName })}
            >
              <CutMiddle>{session.hostName}</CutMiddle>
            </Link>
          )}{' '}
          <span className="t3">{session.login}</span>
        </span>
      </td>
      <td className="t2">
        <Moment at={session.createdAt} />
      </td>
      <td className="right" title={format.bytes(session.outputBytes)}>
        <Length session={session} />
      </td>
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

/** Enter plays, the full stop opens what else may be done, Space selects. */
function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, select: () => void): void {
  if (event.target !== event.currentTarget) return;
  if (event.key === ' ') {
    event.preventDefault(); // else the page scrolls
    select();
    return;
  }
  const wanted = event.key === 'Enter' ? 'a[data-play]' : event.key === '.' ? '[aria-haspopup="menu"]' : undefined;
  if (wanted === undefined) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>(wanted)?.click();
}

/** What may be done follows the state: a live one is ended (and played up to now), one that is over is played. */
function Acts({ session, me, onEnd }: { session: SessionAnswer; me: MeAnswer; onEnd(): void }) {
  const t = useText();
  const own = session.userId === me.user.id;
  const who = { user: session.userName, host: session.hostName };
  return (
    <span className="row acts">
      {mayDo('watch', session, me) && (
        <Link to="/live/$id" params={{ id: session.id }} className={buttonClass({ size: 's' })} preload={false}>
          <Icon name="eye" />
          {t('control.watch')}
        </Link>
      )}
      {mayDo('end', session, me) && (
        <Button size="s" kind="danger-quiet" aria-label={t('control.of-end', who)} onClick={onEnd}>
          {t('control.do-end')}
        </Button>
      )}
      {playable(session) && (own || me.may.includes('replay')) && (
        <Link
          to="/recordings/$id"
          params={{ id: session.id }}
          className={buttonClass({ size: 's' })}
          data-play
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
  const t = useText();
  const format = useFormat();
  // What the picture brought along; asked for by it alone.
  const active = useQuery({ ...thumbnailQuery(session.id), enabled: false }).data?.thumbnail?.activeMs;
  const length = sessionLengthMs(session, session.endedAt ?? 0);
  if (length === undefined) return <span className="t3">–</span>;
  if (session.endedAt === undefined) return <Running session={session} />;
  return (
    <>
      {format.clock(length)}
      {active !== undefined && (
        <small className="t3 active">{t('recordings.active', { length: format.clock(active) })}</small>
      )}
    </>
  );
}

function Running({ session }: { session: SessionAnswer }) {
  const format = useFormat();
  return format.clock(sessionLengthMs(session, useNow(SECOND_MS)) ?? 0);
}
