import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/client.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Button } from './button.js';
import { Note } from './note.js';
import { PageProblem, problemText } from './problem.js';
import { SkeletonRows } from './skeleton.js';
import { useNow } from './words.js';

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: ApiProblem | null;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

/** The states every list shares: bones, failing whole, failing with the last good data (and its age), data. */
export function QueryState<T>(props: {
  query: Asked<T>;
  /** What could not be read, as a sentence. */
  failed: string;
  skeleton?: ReactNode;
  children(data: T): ReactNode;
}) {
  const { query, failed, skeleton, children } = props;
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.error === null ? (
      (skeleton ?? <SkeletonRows />)
    ) : (
      <PageProblem problem={query.error} what={failed} works={t('common.still-works')} retry={retry} />
    );
  }
  return (
    <>
      {query.error !== null && (
        <Note
          tone="warn"
          action={
            <Button size="s" onClick={retry}>
              {t('common.retry')}
            </Button>
          }
        >
          {t('common.data-from', { what: failed, age: format.ago(query.dataUpdatedAt, now) })}
          <small>
            {problemText(query.error, t).title} <code>{query.error.code}</code>
          </small>
        </Note>
      )}
      {children(query.data)}
    </>
  );
}
