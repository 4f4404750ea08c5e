import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/client.js';
import { useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { Button, buttonClass } from './button.js';
import { CopyButton } from './copy.js';
import { GateIcon } from './gate.js';
import { Icon } from './icon.js';
import { Note } from './note.js';

/** The sentence and the next step: the server's, or ours when the answer was not the server's. */
export function problemText(problem: ApiProblem, t: Text): { title: string; next: string } {
  if (problem.code === 'client.unreachable')
    return { title: t('common.unreachable'), next: t('common.unreachable-next') };
  if (problem.code === 'client.not-ours') {
    return { title: t('common.not-ours', { status: problem.status }), next: t('common.not-ours-next') };
  }
  return { title: problem.title, next: problem.next };
}

/** A refusal where it happened: sentence, way on, code. */
export function ProblemNote({ problem, retry }: { problem: ApiProblem; retry?: () => void }) {
  const t = useText();
  const { title, next } = problemText(problem, t);
  return (
    <Note
      tone="danger"
      alert
      action={
        retry && (
          <Button size="s" onClick={retry}>
            {t('common.retry')}
          </Button>
        )
      }
    >
      <b>{title}</b> {next}
      <small>
        <code>{problem.code}</code>
      </small>
    </Note>
  );
}

/** Refused, or not there: asking again gives the same answer. */
const HOPELESS = [403, 404];

/** Nothing of a page could be read: what failed, what still works, retry, the code to quote. */
export function PageProblem(props: { problem: ApiProblem; what: string; works?: ReactNode; retry(): void }) {
  const t = useText();
  const { problem, what, works, retry } = props;
  const { title, next } = problemText(problem, t);
  return (
    <div className="empty" role="alert">
      {problem.status === 403 ? (
        <GateIcon state="no" className="arch c-danger" />
      ) : (
        <span className="c-warn">
          <Icon name="alert" size="l" />
        </span>
      )}
      <h2>{what}</h2>
      <p>
        {title} {next}
      </p>
      {works !== undefined && <p>{works}</p>}
      <div className="acts">
        {HOPELESS.includes(problem.status) ? (
          <Link to="/" className={buttonClass({ kind: 'primary' })}>
            {t('frame.go-home')}
          </Link>
        ) : (
          <Button kind="primary" onClick={retry}>
            {t('common.retry')}
          </Button>
        )}
        <span className="row gap-s t2">
          <code>{problem.code}</code>
          <CopyButton text={problem.code} label={t('common.copy-code')} />
        </span>
      </div>
    </div>
  );
}
