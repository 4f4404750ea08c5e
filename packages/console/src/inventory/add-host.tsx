import type { AccountAnswer, HostAnswer, HostTestAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Answer, ApiProblem } from '../api/client.js';
import {
  approveHostKey,
  createAccount,
  createHost,
  rejectHostKey,
  testHost,
  updateAccount,
  updateHost,
} from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { ProblemNote } from '../ui/problem.js';
import { envOf, Tag } from '../ui/words.js';
import { CompareKey } from './fingerprint-box.js';
import { placeOf } from './host-line.js';
import { type HostDraft, HostLineForm } from './host-line-form.js';
import { HostSteps } from './host-steps.js';
import { EMPTY_SECRET, SecretFields, secretOf } from './secret-fields.js';

/**
 * From a pasted line to a host one can open, gate by gate: reached, its key compared and trusted, an account that signs
 * in. Each press does one thing on the server, so closing the page half way leaves a host that can be finished later.
 */
export function AddHost(props: {
  /** The button at the end, and what it does with the new host and account. */
  done: string;
  onDone(host: HostAnswer, account: AccountAnswer): void;
  /** A host begun earlier. */
  begun?: HostAnswer | undefined;
}) {
  const t = useText();
  const queries = useQueryClient();
  const [host, setHost] = useState(props.begun);
  const [account, setAccount] = useState(props.begun?.accounts[0]);
  const [login, setLogin] = useState(props.begun?.accounts[0]?.login ?? '');
  const [secret, setSecret] = useState(EMPTY_SECRET);
  const [test, setTest] = useState<HostTestAnswer>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  const [changing, setChanging] = useState(false);
  const [differs, setDiffers] = useState(false);

  /** Runs the steps in order; the first refusal stops and is shown. */
  const run = async (work: () => Promise<ApiProblem | undefined>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    setProblem(await work());
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ['hosts'] });
  };
  const tested = (answer: Answer<HostTestAnswer>): ApiProblem | undefined => {
    if (!answer.ok) return answer.problem;
    setTest(answer.value);
    // A refused step is shown by its gate and this sentence; a key that waits is no failure.
    const waits = answer.value.steps.some(({ state }) => state === 'waiting');
    return waits ? undefined : answer.value.problem;
  };

  const reach = ({ login: user, ...body }: HostDraft) =>
    run(async () => {
      if (user !== undefined) setLogin(user);
      setTest(undefined);
      const saved = host === undefined ? await createHost(body) : await updateHost(host.id, body);
      if (!saved.ok) return saved.problem;
      setHost(saved.value);
      setChanging(false);
      return tested(await testHost(saved.value.id));
    });
  const trust = (keyId: string) =>
    run(async () => {
      const approved = await approveHostKey(keyId);
      if (!approved.ok || host === undefined) return approved.ok ? undefined : approved.problem;
      return tested(await testHost(host.id));
    });
  const refuse = (keyId: string) =>
    run(async () => {
      const rejected = await rejectHostKey(keyId);
      if (rejected.ok) setTest(undefined);
      return rejected.ok ? undefined : rejected.problem;
    });
  const keepAccount = (event: FormEvent) => {
    event.preventDefault();
    const body = secretOf(secret);
    if (host === undefined || body === undefined) return;
    void run(async () => {
      const saved =
        account === undefined
          ? await createAccount(host.id, { login: login.trim(), secret: body })
          : await updateAccount(account.id, { login: login.trim(), secret: body });
      if (!saved.ok) return saved.problem;
      setAccount(saved.value);
      return tested(await testHost(host.id, saved.value.id));
    });
  };

  const passed = (step: string) => test?.steps.some((one) => one.step === step && one.state === 'ok') ?? false;
  const keyToTrust =
    test !== undefined && !passed('host-key') && test.hostKey?.state === 'pending' ? test.hostKey : undefined;
  const ready = passed('shell') || (passed('sign-in') && test?.problem === undefined);
  return (
    <div className="stack" style={{ '--gap': '20px' }}>
      {host !== undefined && passed('network') && !changing ? (
        <HostSummary host={host} login={login} onChange={() => setChanging(true)} />
      ) : (
        <HostLineForm host={host} busy={busy} onReach={(draft) => void reach(draft)} />
      )}
      {!changing && <HostSteps test={test} running={busy} />}
      {problem !== undefined && <ProblemNote problem={problem} />}
      {keyToTrust !== undefined && (
        <section className="stack">
          <CompareKey focus hostKey={keyToTrust} onDiffers={setDiffers} />
          <div className="row row-w">
            <Button kind="primary" busy={busy} disabled={differs} onClick={() => void trust(keyToTrust.id)}>
              {t('inventory.trust')}
            </Button>
            <Button kind="quiet" onClick={() => void refuse(keyToTrust.id)}>
              {t('inventory.not-this-host')}
            </Button>
            <span className="meta t3 push">{t('inventory.approval-audited')}</span>
          </div>
        </section>
      )}
      {passed('host-key') && !ready && (
        <form className="form" onSubmit={keepAccount}>
          <h3>{t('inventory.account-title')}</h3>
          <TextField
            mono
            label={t('inventory.login')}
            value={login}
            onValue={setLogin}
            placeholder="root"
            autoComplete="off"
            autoFocus
            required
          />
          <SecretFields draft={secret} onDraft={setSecret} />
          <div className="acts">
            <Button type="submit" kind="primary" busy={busy}>
              {t('inventory.save-and-test')}
            </Button>
          </div>
        </form>
      )}
      {ready && host !== undefined && account !== undefined && (
        <div className="row row-w">
          <Button kind="primary" autoFocus onClick={() => props.onDone(host, account)}>
            {props.done}
          </Button>
          <span className="t2 meta">{t('inventory.ready', { login: account.login, host: host.name })}</span>
        </div>
      )}
    </div>
  );
}

/** What was read and reached, in one line, so that the next gate has the room. */
function HostSummary({ host, login, onChange }: { host: HostAnswer; login: string; onChange(): void }) {
  const t = useText();
  const place = placeOf(host);
  return (
    <div className="row row-w">
      <h3 className="break">{host.name}</h3>
      {Object.entries(host.labels).map(([key, value]) => (
        <Tag key={key} {...(key === 'env' && { env: envOf(host.labels) ?? 'other' })}>{`${key}=${value}`}</Tag>
      ))}
      <span className="t3 meta break">{login === '' ? place : `${login} @ ${place}`}</span>
      <span className="push">
        <Button size="s" kind="quiet" onClick={onChange}>
          {t('inventory.change-host')}
        </Button>
      </span>
    </div>
  );
}
