import { useEffect, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ALWAYS_ASK_ABOVE_LINES, type PastePlan } from './paste.js';

const SHOWN_LINES = 40;
const SHOWN_COLUMNS = 400;

/** What a paste would type, before it is typed. The button that sends has the focus: Enter goes on, Esc does not. */
export function PasteDialog(props: { plan: PastePlan; name: string; onAnswer(send: boolean): void }) {
  const { plan, name, onAnswer } = props;
  const t = useText();
  const send = useRef<HTMLButtonElement>(null);
  // After the dialog has taken the focus for its first control.
  useEffect(() => send.current?.focus(), []);
  const lines = plan.text.split('\n').slice(0, Math.min(plan.lines, SHOWN_LINES));
  return (
    <Dialog title={t('terminal.paste-title', { lines: plan.lines })} wide onClose={() => onAnswer(false)}>
      <p>
        {plan.lines > ALWAYS_ASK_ABOVE_LINES
          ? t('terminal.paste-why-many', { name })
          : t('terminal.paste-why', { name })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys */}
      <pre className="paste" tabIndex={0}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <span key={index}>{`${line.slice(0, SHOWN_COLUMNS)}${line.length > SHOWN_COLUMNS ? '…' : ''}\n`}</span>
        ))}
        {plan.lines > SHOWN_LINES && (
          <span className="t3">{t('terminal.paste-more', { count: plan.lines - SHOWN_LINES })}</span>
        )}
      </pre>
      {plan.removed > 0 && <p className="c-warn">{t('terminal.paste-removed', { count: plan.removed })}</p>}
      <footer>
        <Button kind="quiet" onClick={() => onAnswer(false)}>
          {t('common.cancel')}
        </Button>
        <Button ref={send} kind="primary" onClick={() => onAnswer(true)}>
          {t('terminal.paste')}
        </Button>
      </footer>
    </Dialog>
  );
}
