import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { useContext } from 'react';
import type { ApiProblem } from '../api/client.js';
import { useText } from '../i18n/provider.js';
import { buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { PageProblem } from '../ui/problem.js';
import { Lone } from './lone.js';
import { PageTitle, TitleSlot } from './title.js';

/** A page that could not be shown: the server's own refusal, or a fault of ours. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const t = useText();
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <PageProblem problem={asProblem(error)} what={t('frame.page-failed')} retry={retry} />;
}

function asProblem(error: unknown): ApiProblem {
  if (typeof error === 'object' && error !== null && 'code' in error && 'title' in error) return error as ApiProblem;
  const title = error instanceof Error ? error.message : String(error);
  return { code: 'client.fault', status: 0, title, next: '', params: {} };
}

export function NotFound() {
  const t = useText();
  const framed = useContext(TitleSlot) !== null;
  const body = (
    <EmptyState
      title={t('frame.not-found')}
      actions={
        <Link to="/" className={buttonClass({ kind: 'primary' })}>
          {t('frame.go-home')}
        </Link>
      }
    >
      {t('frame.not-found-body')}
    </EmptyState>
  );
  if (framed) {
    return (
      <>
        <PageTitle title={t('frame.not-found')} />
        {body}
      </>
    );
  }
  return (
    <Lone brand title={t('frame.not-found')}>
      <h1 className="sr">{t('frame.not-found')}</h1>
      {body}
    </Lone>
  );
}
