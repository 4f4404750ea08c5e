/** Rows chosen together, and what is done to all of them: holding and deleting. */
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '../api/client.js';
import { deleteRecording, holdRecording } from '../api/retention.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { ReasonDialog } from './reason-dialog.js';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  clear(): void;
}

/** Only what is in the list stays selected: nobody acts on what is out of sight. */
export function useSelection(sessions: readonly SessionAnswer[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NONE);
  return {
    ids: new Set(sessions.flatMap(({ id }) => (chosen.has(id) ? [id] : []))),
    toggle: (id) =>
      setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    clear: () => setChosen(NONE),
  };
}
const NONE: ReadonlySet<string> = new Set();

type Act = 'hold' | 'delete';
const ACTS: readonly Act[] = ['hold', 'delete'];
const WORK = { hold: holdRecording, delete: deleteRecording } as const;

export const maySelect = (me: MeAnswer): boolean => ACTS.some((act) => me.may.includes(`recording.${act}`));

/** One after the other, to the first refusal; what is done is done, and leaves the selection. */
export async function onEach(
  ids: readonly string[],
  work: (id: string) => Promise<Answer<unknown>>,
  done: (id: string) => void,
): Promise<Answer<unknown>> {
  for (const id of ids) {
    const answer = await work(id);
    if (!answer.ok) return answer;
    done(id);
  }
  return { ok: true, value: undefined };
}

/** Nothing while nothing is selected. */
export function SelectionBar({ selection, me }: { selection: Selection; me: MeAnswer }) {
  const t = useText();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Act>();
  const count = selection.ids.size;
  const refresh = () => {
    for (const key of ['sessions', 'session', 'retention']) void queries.invalidateQueries({ queryKey: [key] });
  };
  if (count === 0) return null;
  return (
    <p className="bar">
      <span role="status">{t('recordings.selected', { count })}</span>
      {ACTS.filter((act) => me.may.includes(`recording.${act}`)).map((act) => (
        <Button key={act} size="s" kind={act === 'delete' ? 'danger-quiet' : 'default'} onClick={() => setAsked(act)}>
          {t(act === 'delete' ? 'recordings.delete-selected' : 'keep.do-hold')}
        </Button>
      ))}
      <Button size="s" icon="close" onClick={selection.clear}>
        {t('recordings.select-none')}
      </Button>
      {asked !== undefined && (
        <ReasonDialog
          title={t(`recordings.title-${asked}-selected`, { count })}
          body={t(`keep.body-${asked}`)}
          submit={t(`keep.do-${asked}`)}
          done={t(`keep.done-${asked}`)}
          danger={asked === 'delete'}
          work={async (reason) => {
            const answer = await onEach([...selection.ids], (id) => WORK[asked](id, reason), selection.toggle);
            if (!answer.ok) refresh();
            return answer;
          }}
          onSaved={refresh}
          onClose={() => setAsked(undefined)}
        />
      )}
    </p>
  );
}
