import type { HostAnswer, HostKeyAnswer } from '@sallyport/core/wire/api-answers.js';
import { useState } from 'react';
import { approveHostKey, rejectHostKey } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { SureDialog } from '../ui/form-dialog.js';
import { Note } from '../ui/note.js';
import { ProblemNote } from '../ui/problem.js';
import { useAction } from '../ui/use-action.js';
import { Moment, State } from '../ui/words.js';
import { CompareKey, Fingerprint } from './fingerprint-box.js';

const DOT = { approved: 'live', pending: 'warn', rejected: 'done' } as const;

/** The keys a host has shown. A new one beside an approved one is shown with both fingerprints before it is decided. */
export function HostKeysCard(props: { host: HostAnswer; mayWrite: boolean; onChanged(): void }) {
  const { host, mayWrite, onChanged } = props;
  const t = useText();
  const action = useAction();
  const [sure, setSure] = useState<HostKeyAnswer>();
  const [differs, setDiffers] = useState(false);
  const approved = host.hostKeys.filter(({ state }) => state === 'approved');
  const pending = host.hostKeys.filter(({ state }) => state === 'pending');
  const decide = async (work: typeof approveHostKey, key: HostKeyAnswer) => {
    if ((await action.run(() => work(key.id))) === undefined) return;
    setSure(undefined);
    onChanged();
  };
  return (
    <section className="card" aria-labelledby="host-keys">
      <header>
        <h2 id="host-keys">{t('inventory.host-keys')}</h2>
      </header>
      {host.hostKeys.length === 0 && (
        <p className="t2">{t(mayWrite ? 'inventory.no-keys' : 'inventory.no-keys-ask')}</p>
      )}
      {pending.map((key) => (
        <div key={key.id} className="stack pending-key">
          {approved.length > 0 && <Changed approved={approved} />}
          {!mayWrite && <KeyWaits hostKey={key} />}
          {mayWrite && <CompareKey hostKey={key} onDiffers={setDiffers} />}
          {mayWrite && (
            <div className="row row-w">
              <Button
                kind={approved.length > 0 ? 'danger' : 'primary'}
                busy={action.busy}
                disabled={differs}
                onClick={() => (approved.length > 0 ? setSure(key) : void decide(approveHostKey, key))}
              >
                {approved.length > 0 ? t('inventory.trust-new') : t('inventory.trust')}
              </Button>
              <Button kind="quiet" onClick={() => void decide(rejectHostKey, key)}>
                {t('inventory.reject')}
              </Button>
              <span className="meta t3 push">{t('inventory.approval-audited')}</span>
            </div>
          )}
        </div>
      ))}
      {action.problem && sure === undefined && <ProblemNote problem={action.problem} />}
      {host.hostKeys
        .filter(({ state }) => state !== 'pending')
        .map((key) => (
          <div key={key.id} className="known-key">
            <State dot={DOT[key.state]}>
              {t(key.state === 'approved' ? 'inventory.key-approved' : 'inventory.key-rejected')}
            </State>
            <code className="break">{key.fingerprint}</code>
            <small>
              {key.algorithm}
              {key.decidedAt !== undefined && (
                <>
                  {' · '}
                  <Moment at={key.decidedAt} />
                </>
              )}
            </small>
          </div>
        ))}
      {sure !== undefined && (
        <SureDialog
          title={t('inventory.trust-new-title', { name: host.name })}
          body={t('inventory.trust-new-body')}
          confirm={t('inventory.trust-new')}
          action={action}
          onConfirm={() => void decide(approveHostKey, sure)}
          onClose={() => setSure(undefined)}
        />
      )}
    </section>
  );
}

/** For who may not decide: the key as shown, and who decides. */
function KeyWaits({ hostKey }: { hostKey: HostKeyAnswer }) {
  const t = useText();
  return (
    <>
      <p className="t2">{t('inventory.key-waits-ask')}</p>
      <div className="fp-box">
        <p className="meta t3">{t('inventory.key-kind', { algorithm: hostKey.algorithm })}</p>
        <Fingerprint fingerprint={hostKey.fingerprint} />
      </div>
    </>
  );
}

function Changed({ approved }: { approved: readonly HostKeyAnswer[] }) {
  const t = useText();
  return (
    <>
      <Note tone="danger">
        <b>{t('inventory.changed-title')}</b> {t('inventory.changed-body')}
      </Note>
      {approved.map((key) => (
        <div key={key.id} className="fp-box">
          <p className="meta t3">{t('inventory.key-before', { algorithm: key.algorithm })}</p>
          <Fingerprint fingerprint={key.fingerprint} />
        </div>
      ))}
    </>
  );
}
