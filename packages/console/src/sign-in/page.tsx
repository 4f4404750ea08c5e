import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import type { ApiProblem } from '../api/client.js';
import { meQuery, signIn, statusQuery } from '../api/me.js';
import { Lone } from '../frame/lone.js';
import { useSpeak, useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Mark } from '../ui/icon.js';
import { Note } from '../ui/note.js';
import { ProblemNote, problemText } from '../ui/problem.js';
import { useCountdown } from './countdown.js';
import { insidePath } from './inside-path.js';
import { Vault } from './vault.js';

const route = getRouteApi('/sign-in');

/** The doorway: name and password, then the code where the user has one. */
export function SignInPage() {
  const t = useText();
  const speak = useSpeak();
  const router = useRouter();
  const queries = useQueryClient();
  const { to, ended } = route.useSearch();
  const { data: status } = useQuery(statusQuery);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  const [wait, startWait] = useCountdown();
  const passwordField = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || wait > 0) return;
    setBusy(true);
    setProblem(undefined);
    const answer = await signIn({ name: name.trim(), password, ...(code !== undefined && { code: code.trim() }) });
    if (answer.ok) {
      const me = await queries.fetchQuery({ ...meQuery, staleTime: 0 });
      if (me.user.language !== undefined && me.user.language !== t.language) await speak(me.user.language);
      router.history.push(insidePath(to));
      return;
    }
    setBusy(false);
    if (answer.problem.code === 'auth.totp-required') {
      setCode('');
      return;
    }
    if (answer.problem.code === 'auth.slow-down') startWait(Number(answer.problem.params.seconds));
    if (answer.problem.code === 'auth.failed' && code === undefined) passwordField.current?.select();
    setProblem(answer.problem);
  };

  const wrong = problem?.code === 'auth.failed' ? problemText(problem, t).title : undefined;
  return (
    <Lone door title={t('signIn.title')} footer={<span>{t('signIn.recorded')}</span>}>
      <div className="door">
        <Vault />
        <div className="card">
          <Mark className="mark" />
          <h1>{t('signIn.title')}</h1>
          <p className="t3 meta break">{location.host}</p>
          <form className="form" onSubmit={(event) => void submit(event)}>
            {ended !== undefined && problem === undefined && <Note tone="info">{t('signIn.ended')}</Note>}
            {status?.setUp === false && <Note tone="info">{t('signIn.not-set-up')}</Note>}
            {code === undefined ? (
              <>
                <TextField
                  large
                  label={t('signIn.name')}
                  value={name}
                  onValue={setName}
                  autoComplete="username"
                  autoCapitalize="off"
                  spellCheck={false}
                  autoFocus
                  required
                />
                <TextField
                  large
                  type="password"
                  label={t('signIn.password')}
                  value={password}
                  onValue={setPassword}
                  autoComplete="current-password"
                  inputRef={passwordField}
                  error={wrong}
                  required
                />
              </>
            ) : (
              <TextField
                large
                mono
                key="code"
                label={t('signIn.code')}
                help={t('signIn.code-help')}
                value={code}
                onValue={setCode}
                autoComplete="one-time-code"
                error={wrong}
                autoFocus
                required
              />
            )}
            {wait > 0 && (
              <Note tone="warn" alert>
                {t('signIn.slow-down', { seconds: wait })}
              </Note>
            )}
            {problem !== undefined && wrong === undefined && problem.code !== 'auth.slow-down' && (
              <ProblemNote problem={problem} />
            )}
            <Button type="submit" kind="primary" size="l" wide busy={busy || wait > 0}>
              {wait > 0 ? t('signIn.wait', { seconds: wait }) : t('signIn.continue')}
            </Button>
            {code !== undefined && (
              <Button
                kind="quiet"
                wide
                onClick={() => {
                  setCode(undefined);
                  setProblem(undefined);
                }}
              >
                {t('signIn.other-name')}
              </Button>
            )}
          </form>
        </div>
      </div>
    </Lone>
  );
}
