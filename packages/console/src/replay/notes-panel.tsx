import { MAX_NOTE_LENGTH } from '@sallyport/core/model/recording-note.js';
import type { MeAnswer } from '@sallyport/core/wire/api-answers.js';
import type { NoteAnswer } from '@sallyport/core/wire/note-messages.js';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, type Ref, useState } from 'react';
import { addNote, notesQuery, removeNote } from '../api/notes.js';
import { useText } from '../i18n/provider.js';
import { Button, IconButton } from '../ui/button.js';
import { SureDialog } from '../ui/form-dialog.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { Moment } from '../ui/words.js';
import type { Mark } from './mark.js';

/** Notes at moments: the form at the moment shown, the list, and what markers an imported file brought. */
export function NotesPanel(props: {
  sessionId: string;
  me: MeAnswer;
  notes: readonly NoteAnswer[];
  markers: readonly Mark[];
  positionMs: number;
  clock(ms: number): string;
  inputRef: Ref<HTMLTextAreaElement>;
  onJump(ms: number): void;
}) {
  const { sessionId, me, notes, markers, positionMs, clock, inputRef, onJump } = props;
  const t = useText();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<NoteAnswer>();
  const again = () => queries.invalidateQueries({ queryKey: notesQuery(sessionId).queryKey });
  const mayRemove = ({ authorId }: NoteAnswer): boolean =>
    authorId === me.user.id || me.may.includes('recording.delete');
  return (
    <>
      <NoteForm sessionId={sessionId} atMs={positionMs} clock={clock} inputRef={inputRef} onWritten={again} />
      {notes.length === 0 && <p className="t3">{t('replay.no-notes')}</p>}
      <ol className="rnotes" aria-label={t('replay.notes')}>
        {notes.map((note) => (
          <li key={note.id}>
            <button type="button" className="rgo" onClick={() => onJump(note.atMs)}>
              <span className="t3">{clock(note.atMs)}</span>
              <span className="rtext">{note.text}</span>
            </button>
            <span className="meta t3">
              <bdi>{note.author}</bdi>, <Moment at={note.createdAt} />
            </span>
            {mayRemove(note) && (
              <IconButton
                small
                icon="trash"
                label={t('replay.note-remove', { at: clock(note.atMs) })}
                onClick={() => setRemoving(note)}
              />
            )}
          </li>
        ))}
      </ol>
      {markers.length > 0 && (
        <>
          <h3 className="rhead">{t('replay.markers')}</h3>
          <ol className="rnotes" aria-label={t('replay.markers')}>
            {markers.map(({ atMs, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
              <li key={index}>
                <button type="button" className="rgo" onClick={() => onJump(atMs)}>
                  <span className="t3">{clock(atMs)}</span>
                  <span className="rtext">{text}</span>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
      {removing !== undefined && (
        <RemoveNote note={removing} onRemoved={again} onClose={() => setRemoving(undefined)} />
      )}
    </>
  );
}

function RemoveNote({ note, onRemoved, onClose }: { note: NoteAnswer; onRemoved(): unknown; onClose(): void }) {
  const t = useText();
  const action = useAction();
  const remove = async () => {
    if ((await action.run(() => removeNote(note))) === undefined) return;
    toast(t('replay.note-removed'));
    void onRemoved();
    onClose();
  };
  return (
    <SureDialog
      title={t('replay.note-remove-title')}
      body={<p className="rtext">{note.text}</p>}
      confirm={t('replay.note-remove-do')}
      action={action}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}

function NoteForm(props: {
  sessionId: string;
  atMs: number;
  clock(ms: number): string;
  inputRef: Ref<HTMLTextAreaElement>;
  onWritten(): unknown;
}) {
  const { sessionId, clock, inputRef, onWritten } = props;
  const t = useText();
  const action = useAction();
  const [text, setText] = useState('');
  /** Where the note began: it stays there while the replay goes on. */
  const [begunAt, setBegunAt] = useState<number>();
  const atMs = Math.round(begunAt ?? props.atMs);
  const write = async () => {
    if (text.trim() === '') return;
    if ((await action.run(() => addNote(sessionId, { atMs, text: text.trim() }))) === undefined) return;
    setText('');
    setBegunAt(undefined);
    toast(t('replay.note-written'));
    void onWritten();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void write();
    else if (event.key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      className="rwrite"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void write();
      }}
    >
      <textarea
        ref={inputRef}
        className="field"
        rows={2}
        maxLength={MAX_NOTE_LENGTH}
        aria-label={t('replay.note-at', { at: clock(atMs) })}
        placeholder={t('replay.note-at', { at: clock(atMs) })}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setBegunAt(event.target.value === '' ? undefined : (begunAt ?? props.atMs));
        }}
        onKeyDown={onKeyDown}
      />
      {action.problem && <ProblemNote problem={action.problem} />}
      <Button type="submit" size="s" busy={action.busy} disabled={text.trim() === ''}>
        {t('replay.note-write', { at: clock(atMs) })}
      </Button>
    </form>
  );
}
