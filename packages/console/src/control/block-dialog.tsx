/** A user kept out for a time, where users are shown: blocked without ending a session, and let in again. */
import type { MeAnswer, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BlockAnswer } from '@sallyport/core/wire/control-messages.js';
import { MAX_WORDS } from '@sallyport/core/wire/read-notice.js';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { blocksQuery, blockUser, liftBlock } from '../api/controls.js';
import { useFormat, useText } from '../i18n/provider.js';
import { TextField } from '../ui/field.js';
import { FormDialog, useSave } from '../ui/form-dialog.js';
import { Note } from '../ui/note.js';
import { State } from '../ui/words.js';
import { BlockTerms, useBlockTerm } from './block-terms.js';

export type BlockAct = 'block' | 'lift';

/** The block of each user that stands longest; none for who may not read them. */
export function useBlocks(me: MeAnswer): ReadonlyMap<string, BlockAnswer> {
  const { data = [] } = useQuery({ ...blocksQuery, enabled: me.may.includes('block.read') });
  return new Map([...data].sort((a, b) => a.until - b.until).map((block) => [block.userId, block]));
}

/** Nobody blocks themselves. */
export function blockActOf(me: MeAnswer, user: UserAnswer, blocked: boolean): BlockAct | undefined {
  if (!me.may.includes('block.write')) return undefined;
  if (blocked) return 'lift';
  return user.id === me.user.id ? undefined : 'block';
}

export function BlockedFlag({ block }: { block: BlockAnswer | undefined }) {
  const t = useText();
  const format = useFormat();
  if (block === undefined) return null;
  return (
    <span title={t('control.blocked-why', { by: block.by, reason: block.reason })}>
      <State dot="warn">{t('control.blocked-until', { until: format.dateTime(block.until) })}</State>
    </span>
  );
}

interface Props {
  readonly user: UserAnswer;
  onClose(): void;
}
function useBlockSave(onClose: () => void) {
  const queries = useQueryClient();
  return useSave({ onSaved: () => void queries.invalidateQueries({ queryKey: blocksQuery.queryKey }), onClose });
}

export function BlockDialog({ user, onClose }: Props) {
  const t = useText();
  const format = useFormat();
  const [action, save] = useBlockSave(onClose);
  const [reason, setReason] = useState('');
  const chosen = useBlockTerm('60');
  const { minutes } = chosen;
  const until = minutes === undefined ? undefined : format.dateTime(chosen.now + minutes * 60_000);
  return (
    <FormDialog
      title={t('control.block-title', { user: user.name })}
      action={action}
      submit={t('control.block')}
      danger
      onSubmit={() => {
        if (minutes === undefined || until === undefined || reason.trim() === '') return;
        const body = { userId: user.id, minutes, reason: reason.trim() };
        save(() => blockUser(body), t('control.blocked', { user: user.name, until }));
      }}
      onClose={onClose}
    >
      <BlockTerms label={t('control.block-for')} chosen={chosen} needed />
      <TextField
        label={t('control.reason')}
        value={reason}
        onValue={setReason}
        maxLength={MAX_WORDS}
        pattern=".*\S.*"
        autoComplete="off"
        required
      />
      {until !== undefined && <Note tone="warn">{t('control.block-body', { user: user.name, until })}</Note>}
    </FormDialog>
  );
}

export function LiftDialog({ user, block, onClose }: Props & { readonly block: BlockAnswer }) {
  const t = useText();
  const format = useFormat();
  const [action, save] = useBlockSave(onClose);
  return (
    <FormDialog
      title={t('control.lift-title', { user: user.name })}
      action={action}
      submit={t('control.lift')}
      onSubmit={() => save(() => liftBlock(block.id), t('control.lifted', { user: user.name }))}
      onClose={onClose}
    >
      <p>{t('control.blocked-until', { until: format.dateTime(block.until) })}</p>
      <p className="t2">{t('control.blocked-why', { by: block.by, reason: block.reason })}</p>
    </FormDialog>
  );
}
