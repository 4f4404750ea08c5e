/** What keeps a recording, and what may be done about it: pieces for lists and for the replay page. */
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { HoldAnswer } from '@sallyport/core/wire/retention-messages.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteRecording, holdRecording, releaseRecording } from '../api/retention.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { Flag, Moment } from '../ui/words.js';
import { ReasonDialog } from './reason-dialog.js';

/** A date, “for ever”, the hold, or who deleted it; why stands in the title. */
export function KeptUntil({ session }: { session: SessionAnswer }) {
  const t = useText();
  const format = useFormat();
  const { keep, deletion } = session;
  if (deletion !== undefined) {
    const by = deletion.rule ?? deletion.by;
    const why = t('keep.deleted-why', { by, at: format.dateTime(deletion.at), reason: deletion.reason });
    return (
      <span className="t3" title={why}>
        {t('keep.deleted')}
      </span>
    );
  }
  if (keep?.floorUntil === undefined) return <span className="t3">–</span>;
  if (keep.holds.length > 0) return <HoldMark session={session} />;
  const why = keep.rule === undefined ? t('keep.no-rule') : t('keep.by-rule', { rule: keep.rule });
  return (
    <span className="t2" title={why}>
      {keep.until === undefined ? t('keep.for-ever') : <Moment at={Math.max(keep.until, keep.floorUntil)} />}
    </span>
  );
}

/** Nothing when no hold covers it. */
export function HoldMark({ session }: { session: SessionAnswer }) {
  return <HeldFlag holds={session.keep?.holds ?? []} />;
}

export function HeldFlag({ holds }: { holds: readonly HoldAnswer[] }) {
  const t = useText();
  if (holds.length === 0) return null;
  return (
    <span title={holds.map(({ by, reason }) => t('keep.held-why', { by, reason })).join('\n')}>
      <Flag tone="info" icon="lock">
        {t('keep.held')}
      </Flag>
    </span>
  );
}

type Act = 'hold' | 'release' | 'delete';
const WORK = { hold: holdRecording, release: releaseRecording, delete: deleteRecording } as const;

/** Hold, release and delete as a menu; nothing when one may do none of them, or there is no recording. */
export function KeepActions({ session, me }: { session: SessionAnswer; me: MeAnswer }) {
  const t = useText();
  const [asked, setAsked] = useState<Act>();
  const { keep, recording } = session;
  if (keep?.floorUntil === undefined || recording === undefined) return null;
  const held = keep.holds.some(({ subject }) => subject === 'recording');
  const acts: Act[] = [];
  if (!held && me.may.includes('recording.hold')) acts.push('hold');
  if (held && me.may.includes('recording.release')) acts.push('release');
  if (keep.holds.length === 0 && me.may.includes('recording.delete')) acts.push('delete');
  if (acts.length === 0) return null;
  return (
    <>
      <Menu label={t('keep.more-of', { user: session.userName, host: session.hostName })} button={<Icon name="more" />}>
        {(close) =>
          acts.map((act) => (
            <MenuItem key={act} close={close} danger={act === 'delete'} onDo={() => setAsked(act)}>
              {t(`keep.do-${act}`)}
            </MenuItem>
          ))
        }
      </Menu>
      {asked !== undefined && <KeepDialog act={asked} session={session} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function KeepDialog({ act, session, onClose }: { act: Act; session: SessionAnswer; onClose(): void }) {
  const t = useText();
  const queries = useQueryClient();
  const onSaved = () => {
    for (const key of ['sessions', 'session', 'retention']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <ReasonDialog
      title={t(`keep.title-${act}`, { user: session.userName, host: session.hostName })}
      body={t(`keep.body-${act}`)}
      submit={t(`keep.do-${act}`)}
      done={t(`keep.done-${act}`)}
      danger={act === 'delete'}
      work={(reason) => WORK[act](session.id, reason)}
      onSaved={onSaved}
      onClose={onClose}
    />
  );
}
