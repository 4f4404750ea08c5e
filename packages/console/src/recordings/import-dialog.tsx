import { lengthText } from '@sallyport/core/model/session-length.js';
import type { ImportAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { ApiProblem } from '../api/client.js';
import { importRecording } from '../api/imports.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox } from '../ui/field.js';
import { Note } from '../ui/note.js';
import { ProblemNote } from '../ui/problem.js';

interface Done {
  readonly name: string;
  readonly answer?: ImportAnswer;
  readonly problem?: ApiProblem;
}

/** Brings recordings from files, one after the other: the gateway takes one at a time. What was refused says why. */
export function ImportDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [keepInput, setKeepInput] = useState(false);
  const { done, running, start } = useImports();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(files, keepInput);
  };
  const finished = done.length > 0 && running === undefined;
  return (
    <Dialog title={t('imports.title')} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {finished || running !== undefined ? null : (
          <Choice onFiles={setFiles} keepInput={keepInput} onKeepInput={setKeepInput} />
        )}
        <div role="status">
          {done.map((one) => (
            <Outcome key={one.name} done={one} />
          ))}
          {running !== undefined && <p>{t('imports.running', { name: running })}</p>}
        </div>
        <footer>
          <Button kind="quiet" onClick={onClose}>
            {running === undefined ? t(finished ? 'imports.close' : 'common.cancel') : t('imports.stop')}
          </Button>
          {!finished && (
            <Button type="submit" kind="primary" busy={running !== undefined} disabled={files.length === 0}>
              {t('imports.start')}
            </Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

function Choice(props: {
  onFiles(files: readonly File[]): void;
  keepInput: boolean;
  onKeepInput(keep: boolean): void;
}) {
  const t = useText();
  const id = useId();
  return (
    <>
      <p>{t('imports.body')}</p>
      <div>
        <label className="lab" htmlFor={id}>
          {t('imports.files')}
        </label>
        <input
          id={id}
          type="file"
          multiple
          accept=".cast,.json,.gz"
          onChange={(event) => props.onFiles([...(event.target.files ?? [])])}
        />
      </div>
      <Checkbox
        label={t('imports.keep-input')}
        help={t('imports.keep-input-help')}
        checked={props.keepInput}
        onChecked={props.onKeepInput}
      />
    </>
  );
}

function Outcome({ done: { name, answer, problem } }: { done: Done }) {
  const t = useText();
  if (problem !== undefined)
    return (
      <>
        <p>
          <b>{name}</b>
        </p>
        <ProblemNote problem={problem} />
      </>
    );
  if (answer === undefined) return null;
  const left = (['input', 'unknown', 'times', 'sizes', 'characters'] as const).filter((key) => answer.left[key] > 0);
  return (
    <Note
      action={
        <Link to="/recordings/$id" params={{ id: answer.sessionId }} className={buttonClass({ size: 's' })}>
          {t('imports.play')}
        </Link>
      }
    >
      {t(answer.truncated ? 'imports.took-cut' : 'imports.took', { name, length: lengthText(answer.durationMs) })}
      {left.map((key) => (
        <span key={key} className="t3">
          {' '}
          {t(`imports.left-${key}`, { count: answer.left[key] })}
        </span>
      ))}
    </Note>
  );
}

/** Closing the dialog stops the import that runs; those done stay. */
function useImports() {
  const queries = useQueryClient();
  const [done, setDone] = useState<readonly Done[]>([]);
  const [running, setRunning] = useState<string>();
  const stop = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => controller.abort();
  }, []);
  const start = async (files: readonly File[], keepInput: boolean) => {
    const { signal } = stop.current;
    for (const file of files) {
      setRunning(file.name);
      try {
        const answer = await importRecording(file, keepInput, signal);
        const one = answer.ok ? { answer: answer.value } : { problem: answer.problem };
        setDone((all) => [...all, { name: file.name, ...one }]);
      } catch (error) {
        if (!signal.aborted) throw error;
        return;
      }
      void queries.invalidateQueries({ queryKey: ['sessions'] });
    }
    setRunning(undefined);
  };
  return { done, running, start };
}
