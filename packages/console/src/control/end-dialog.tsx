import { presetWords } from '@sallyport/core/model/end-words.js';
import { END_PRESETS, type EndPreset } from '@sallyport/core/model/session.js';
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endSession } from '../api/controls.js';
import { sessionsQuery } from '../api/sessions.js';
import { apiLanguage } from '../i18n/language.js';
import { useFormat, useText } from '../i18n/provider.js';
import { TextField } from '../ui/field.js';
import { FormDialog, useSave } from '../ui/form-dialog.js';
import { Note } from '../ui/note.js';
import { BlockTerms, type ChosenTerm, useBlockTerm } from './block-terms.js';

/** Ends one session; somebody else's with a reason its user sees, and with a block if wanted. */
export function EndDialog(props: {
  session: SessionAnswer;
  me: MeAnswer;
  /** Opened to block: the shortest block is chosen. */
  block: boolean;
  onSaved(): void;
  onClose(): void;
}) {
  const { session, me, onSaved, onClose } = props;
  const t = useText();
  const own = session.userId === me.user.id;
  const [action, save] = useSave({ onSaved, onClose });
  const [preset, setPreset] = useState<EndPreset>();
  const [reason, setReason] = useState('');
  const chosen = useBlockTerm(props.block ? '15' : 'none');
  const { minutes } = chosen;
  const who = { user: session.userName, host: session.hostName };
  const submit = () =>
    save(
      () =>
        endSession(session.id, {
          ...(preset && { preset }),
          ...(reason.trim() !== '' && { reason: reason.trim() }),
          ...(minutes !== undefined && { blockMinutes: minutes }),
        }),
      t('control.ended', who),
    );
  return (
    <FormDialog
      title={t('control.end-title', who)}
      action={action}
      submit={t(minutes === undefined ? 'control.end-now' : 'control.end-and-block')}
      danger
      beside
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t('control.end-body')}</p>
      {!own && (
        <>
          <Presets user={session.userName} chosen={preset} onChoose={setPreset} />
          <TextField
            label={t('control.details')}
            {...(preset !== 'other' && { aside: t('common.optional') })}
            value={reason}
            onValue={setReason}
            maxLength={500}
            autoComplete="off"
            required={preset === 'other'}
            // Enter in the text never ends a session: only the button does.
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
          {me.may.includes('block.write') && <AlsoBlock session={session} chosen={chosen} />}
        </>
      )}
    </FormDialog>
  );
}

function Presets(props: { user: string; chosen: EndPreset | undefined; onChoose(preset: EndPreset): void }) {
  const t = useText();
  return (
    <fieldset>
      <legend className="lab">
        {t('control.reason')} <span className="o">{t('control.seen-by', { user: props.user })}</span>
      </legend>
      <div className="picks">
        {END_PRESETS.map((preset, index) => (
          <label key={preset} className="pick">
            <input
              type="radio"
              name="preset"
              required
              data-first={index === 0 || undefined}
              checked={props.chosen === preset}
              onChange={() => props.onChoose(preset)}
            />
            <span className="first-capital">{presetWords(preset, apiLanguage(t.language))}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function AlsoBlock({ session, chosen }: { session: SessionAnswer; chosen: ChosenTerm }) {
  const t = useText();
  const format = useFormat();
  const user = session.userName;
  const { minutes, now } = chosen;
  return (
    <>
      <BlockTerms label={t('control.also-block', { user })} chosen={chosen} />
      {minutes !== undefined && (
        <Note tone="warn">
          {t('control.will-block', { user, until: format.dateTime(now + minutes * 60_000) })}
          <OtherSessions session={session} />
        </Note>
      )}
    </>
  );
}

/** What the end of this one leaves running. */
function OtherSessions({ session }: { session: SessionAnswer }) {
  const t = useText();
  const { data } = useInfiniteQuery(sessionsQuery({ state: 'open', userId: session.userId, limit: 100 }));
  const count = (data?.pages[0]?.items ?? []).filter(({ id }) => id !== session.id).length;
  return count === 0 ? null : <> {t('control.others-go-on', { count, user: session.userName })}</>;
}
