import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiProblem } from '../api/client.js';
import { meQuery, setUp, signIn, statusQuery } from '../api/me.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { NewPasswordFields, useNewPassword } from '../ui/new-password.js';
import { ProblemNote, problemText } from '../ui/problem.js';

/** The first gate: the first administrator. */
export function AdminForm({ token }: { token: string }) {
  const t = useText();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const fresh = useNewPassword();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const password = fresh.take();
    if (busy || password === undefined) return;
    setBusy(true);
    setProblem(undefined);
    const answer = await setUp({ token, name: name.trim(), password });
    if (!answer.ok) {
      setProblem(answer.problem);
      setBusy(false);
      return;
    }
    // The link is spent: nothing of it stays in the address or the history.
    history.replaceState(history.state, '', location.pathname);
    const known = await queries.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => undefined);
    if (known === undefined) await signIn({ name: name.trim(), password });
    await queries.invalidateQueries({ queryKey: statusQuery.queryKey });
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const weak = problem?.code === 'auth.password-weak' ? problemText(problem, t) : undefined;
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <div>
        <h2>{t('setup.you-title')}</h2>
        <p className="t2 lead">{t('setup.you-lead')}</p>
      </div>
      <TextField
        label={t('setup.name')}
        help={t('setup.name-help')}
        value={name}
        onValue={setName}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        required
      />
      <NewPasswordFields
        label={t('setup.password')}
        error={weak && `${weak.title} ${weak.next}`}
        typed={fresh.typed}
        onTyped={fresh.setTyped}
      />
      {problem !== undefined && weak === undefined && <ProblemNote problem={problem} />}
      <div className="acts">
        <Button type="submit" kind="primary" busy={busy}>
          {t('setup.create')}
        </Button>
      </div>
    </form>
  );
}
