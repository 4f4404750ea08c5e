import { useText } from '../i18n/provider.js';
import { Button } from './button.js';

/** The rest of a long list, when somebody asks for it. */
export function MoreButton({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}) {
  const t = useText();
  if (!query.hasNextPage) return null;
  return (
    <p className="more">
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('recordings.more')}
      </Button>
    </p>
  );
}
