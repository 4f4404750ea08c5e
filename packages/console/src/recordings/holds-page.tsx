import type { HeldAnswer } from '@sallyport/core/wire/retention-messages.js';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery } from '../api/me.js';
import { holdsQuery, releaseAll, releaseRecording } from '../api/retention.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { QueryState } from '../ui/query-state.js';
import { Table } from '../ui/table.js';
import { Flag, Moment } from '../ui/words.js';
import { ReasonDialog } from './reason-dialog.js';

/** All legal holds that stand: on what, since when, by whom, why; also of users and hosts that are gone. */
export function HoldsPage() {
  const t = useText();
  const query = useQuery(holdsQuery);
  const above = [
    <Link key="recordings" to="/recordings">
      {t('frame.recordings')}
    </Link>,
  ];
  return (
    <>
      <PageTitle title={t('keep.holds')} sub={t('keep.holds-sub')} above={above} />
      <QueryState query={query} failed={t('keep.holds-failed')}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('keep.holds-none')}>{t('keep.holds-none-body')}</EmptyState>
          ) : (
            <Holds holds={items} />
          )
        }
      </QueryState>
    </>
  );
}

function Holds({ holds }: { holds: readonly HeldAnswer[] }) {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  const [lifting, setLifting] = useState<HeldAnswer>();
  const mayLift = me.may.includes('recording.release');
  return (
    <>
      <Table
        label={t('keep.holds')}
        stack
        columns={[
          { key: 'what', head: t('keep.hold-on') },
          { key: 'reason', head: t('keep.reason') },
          { key: 'by', head: t('keep.hold-by'), width: 140 },
          { key: 'since', head: t('keep.hold-since'), width: 136 },
          ...(mayLift ? [{ key: 'act', head: t('keep.hold-lift'), hidden: true, width: 96 }] : []),
        ]}
      >
        {holds.map((hold) => (
          <tr key={`${hold.subject} ${hold.subjectId}`}>
            <td className="s-line">
              <HeldWhat hold={hold} />
            </td>
            <td className="s-line break">
              <bdi>{hold.reason}</bdi>
            </td>
            <td className="break">
              <bdi>{hold.by}</bdi>
            </td>
            <td className="t2">
              <Moment at={hold.at} />
            </td>
            {mayLift && (
              <td className="right">
                <Button
                  size="s"
                  aria-label={t('keep.hold-lift-of', { what: whatOf(hold, t) })}
                  onClick={() => setLifting(hold)}
                >
                  {t('keep.hold-lift')}
                </Button>
              </td>
            )}
          </tr>
        ))}
      </Table>
      {lifting !== undefined && <LiftDialog hold={lifting} onClose={() => setLifting(undefined)} />}
    </>
  );
}

/** What it covers, in words. Of somebody whose sessions are gone too only the id is known. */
function whatOf({ subject, subjectId, name, recording }: HeldAnswer, t: Text): string {
  if (subject === 'recording')
    return t('keep.hold-recording', { user: recording?.userName ?? subjectId, host: recording?.hostName ?? '' });
  return t(`keep.hold-${subject}`, { name: name ?? subjectId });
}

function HeldWhat({ hold }: { hold: HeldAnswer }) {
  const t = useText();
  const { subject, subjectId, gone } = hold;
  const what = whatOf(hold, t);
  return (
    <span className="row gap-s break">
      {subject === 'recording' ? (
        <Link to="/recordings/$id" params={{ id: subjectId }} search={{}}>
          {what}
        </Link>
      ) : (
        <Link to="/recordings" search={subject === 'user' ? { userId: subjectId } : { hostId: subjectId }}>
          {what}
        </Link>
      )}
      {gone && <Flag tone="mute">{t(`keep.hold-gone-${subject === 'host' ? 'host' : 'user'}`)}</Flag>}
    </span>
  );
}

function LiftDialog({ hold, onClose }: { hold: HeldAnswer; onClose(): void }) {
  const t = useText();
  const queries = useQueryClient();
  const onSaved = () => {
    for (const key of ['sessions', 'session', 'retention']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const { subject, subjectId } = hold;
  return (
    <ReasonDialog
      title={t('keep.hold-lift-of', { what: whatOf(hold, t) })}
      body={t('keep.body-release')}
      submit={t('keep.do-release')}
      done={t('keep.done-release')}
      work={(reason) =>
        subject === 'recording' ? releaseRecording(subjectId, reason) : releaseAll(subject, subjectId, reason)
      }
      onSaved={onSaved}
      onClose={onClose}
    />
  );
}
