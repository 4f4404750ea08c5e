import type { RecordingVerifyAnswer } from '@sallyport/core/wire/evidence-messages.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import type { Action } from '../ui/use-action.js';
import { Flag } from '../ui/words.js';
import type { ReplaySource } from './source.js';

/**
 * What is known of the recording’s integrity. The page compares only what it reads with its own hashes; the chain of
 * all, the signatures and the ledger are the server’s to verify, when somebody asks.
 */
export function VerifyFlag(props: {
  source: ReplaySource;
  verdict: RecordingVerifyAnswer | undefined;
  action: Action;
  onVerify(): void;
}) {
  const { source, verdict, action, onVerify } = props;
  const t = useText();
  const format = useFormat();
  const damaged = /hash|chain/.test(source.end?.damage?.detail ?? '');
  if (verdict === undefined)
    return (
      <>
        {damaged && (
          <Flag tone="danger" icon="alert">
            {t('replay.chain-broken')}
          </Flag>
        )}
        <Button icon="check" busy={action.busy} onClick={onVerify} title={t('replay.verify-help')}>
          {t(action.busy ? 'replay.verifying' : 'replay.verify')}
        </Button>
      </>
    );
  const { last, count } = verdict.signatures;
  const signed =
    last === undefined
      ? ''
      : t('replay.verified-signed', { count, at: format.dateTimeFull(last.signedAt), key: last.keyId });
  if (!verdict.ok)
    return (
      <Flag tone="danger" icon="alert">
        {t('replay.verified-bad', { count: verdict.findings.length })}
      </Flag>
    );
  return (
    <span title={signed}>
      <Flag tone="ok" icon="check">
        {t(verdict.growing ? 'replay.verified-growing' : 'replay.verified')}
      </Flag>
    </span>
  );
}

/** What a verification found, each with its place. */
export function Findings({ verdict, onJump }: { verdict: RecordingVerifyAnswer; onJump(ms: number): void }) {
  const t = useText();
  const format = useFormat();
  if (verdict.findings.length === 0) return null;
  return (
    <>
      <h3 className="rhead">{t('replay.findings')}</h3>
      <ol className="rnotes" aria-label={t('replay.findings')}>
        {verdict.findings.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the answer does not change
          <li key={index}>
            <button type="button" className="rgo" onClick={() => onJump(finding.fromUs / 1000)}>
              <span className="t3">{format.clock(finding.fromUs / 1000)}</span>
              <span className="rtext">{t(`replay.finding-${finding.kind}`)}</span>
            </button>
            <span className="meta t3">
              {t('replay.finding-bytes', { from: finding.from, to: finding.to })} {finding.detail}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
