/** Legal holds on all recordings of a user or of a host, where users and hosts are shown. */
import type { MeAnswer } from '@sallyport/core/wire/api-answers.js';
import type { HoldAnswer } from '@sallyport/core/wire/retention-messages.js';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type HeldSubject, holdAll, holdsQuery, releaseAll } from '../api/retention.js';
import { useText } from '../i18n/provider.js';
import { MenuItem } from '../ui/menu.js';
import { ReasonDialog } from './reason-dialog.js';

export type HoldAct = 'hold' | 'release';

/** The holds of one kind by what they cover; none for who may not read them. */
export function useHolds(subject: HeldSubject, me: MeAnswer): ReadonlyMap<string, HoldAnswer> {
  const query = useQuery({ ...holdsQuery, enabled: me.may.includes('retention.read') });
  return new Map(
    (query.data?.items ?? []).flatMap((hold) => (hold.subject === subject ? [[hold.subjectId, hold]] : [])),
  );
}

/** What may be done: nothing, for who may not. */
export function holdActOf(me: MeAnswer, held: boolean): HoldAct | undefined {
  if (!me.may.includes('retention.read')) return undefined;
  const act = held ? 'release' : 'hold';
  return me.may.includes(`recording.${act}`) ? act : undefined;
}

export function HoldItem(props: { act: HoldAct; close(): void; onDo(): void }) {
  const t = useText();
  return (
    <MenuItem close={props.close} onDo={props.onDo}>
      {t(`keep.do-${props.act}-all`)}
    </MenuItem>
  );
}

export function HoldDialog(props: {
  act: HoldAct;
  subject: HeldSubject;
  of: { readonly id: string; readonly name: string };
  onClose(): void;
}) {
  const { act, subject, of, onClose } = props;
  const t = useText();
  const queries = useQueryClient();
  const onSaved = () => {
    for (const key of ['sessions', 'session', 'retention']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <ReasonDialog
      title={t(`keep.title-${act}-${subject}`, { name: of.name })}
      body={t(act === 'hold' ? 'keep.body-hold-all' : 'keep.body-release')}
      submit={t(`keep.do-${act}`)}
      done={t(`keep.done-${act}`)}
      work={(reason) => (act === 'hold' ? holdAll : releaseAll)(subject, of.id, reason)}
      onSaved={onSaved}
      onClose={onClose}
    />
  );
}
