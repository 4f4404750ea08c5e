import type { OpenStep } from '@sallyport/core/wire/terminal-frames.js';
import type { ReactNode } from 'react';
import { useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy.js';
import { type GateState, type GateStep, Pass } from '../ui/gate.js';
import { STEPS } from './frame-reading.js';
import type { TargetName } from './host-names.js';
import type { ShellState } from './shell-state.js';
import { failureWords } from './shell-words.js';

const GATE: Readonly<Record<OpenStep['state'], GateState>> = { ok: 'ok', now: 'now', failed: 'no' };

function gatesOf(steps: readonly OpenStep[], failed: boolean, t: Text): readonly GateStep[] {
  // Refused before the first step was told: it stopped at the policy.
  const stopped = failed && !steps.some((step) => step.state === 'failed');
  const asking = steps.find((step) => step.state === 'now')?.step ?? STEPS[0];
  return STEPS.map((name) => {
    const step = steps.find((one) => one.step === name);
    const state: GateState =
      stopped && name === asking
        ? 'no'
        : step
          ? GATE[step.state]
          : !failed && steps.length === 0 && name === asking
            ? 'now'
            : 'todo';
    return { key: name, state, title: t(`terminal.step-${name}`), detail: detailOf(step, state, t) };
  });
}

function detailOf(step: OpenStep | undefined, state: GateState, t: Text): string | undefined {
  if (state === 'now') return t('terminal.step-now');
  if (step?.ms === undefined) return step?.detail;
  const ms = Math.round(step.ms);
  return step.detail === undefined
    ? t('terminal.step-ms', { ms })
    : t('terminal.step-detail-ms', { detail: step.detail, ms });
}

const kbd = (children: ReactNode) => <kbd>{children}</kbd>;

/** Opening is the row of gates; a failure stands where it stopped, with what to do and a code to quote. */
export function OpeningGates(props: {
  state: Extract<ShellState, { at: 'opening' | 'failed' }>;
  name: TargetName;
  onRetry(): void;
}) {
  const { state, name, onRetry } = props;
  const t = useText();
  return (
    <div className="opening">
      <div className="phead">
        <b className="cut">{name.host}</b> {name.login}
        <span>{state.at === 'opening' ? t('terminal.opening') : t('terminal.failed')}</span>
        {state.at === 'opening' && <span className="push">{t.rich('terminal.esc-cancels', { k: kbd })}</span>}
      </div>
      <div className="steps">
        <Pass label={t('terminal.steps', { name: name.host })} steps={gatesOf(state.steps, state.at === 'failed', t)} />
        {state.at === 'failed' && <Failed state={state} onRetry={onRetry} />}
      </div>
    </div>
  );
}

export function Failed(props: { state: Extract<ShellState, { at: 'failed' }>; onRetry(): void }) {
  const t = useText();
  const { failure } = props.state;
  const { title, next } = failureWords(failure, t);
  return (
    <div className="failed" role="alert">
      <p>
        <b className="c-danger">{title}</b>
      </p>
      <p className="t2">{next}</p>
      <div className="row row-w">
        <Button kind="primary" size="s" onClick={props.onRetry}>
          {t('terminal.open-again')}
        </Button>
        <kbd>Enter</kbd>
        <span className="row gap-s t2 meta push">
          <code>{failure.code}</code>
          <CopyButton text={failure.code} label={t('common.copy-code')} />
        </span>
      </div>
    </div>
  );
}
