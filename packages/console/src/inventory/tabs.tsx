import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery } from '../api/me.js';
import { useText } from '../i18n/provider.js';

export function InventoryTabs({ current, count }: { current: 'hosts' | 'users'; count: number | undefined }) {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  const number = (tab: string) => tab === current && count !== undefined && <span className="num">{count}</span>;
  return (
    <nav className="tabs" aria-label={t('frame.inventory')}>
      <Link to="/inventory/hosts" search={{}} aria-current={current === 'hosts' ? 'page' : undefined}>
        {t('inventory.hosts')}
        {number('hosts')}
      </Link>
      {me.may.includes('user.read') && (
        <Link to="/inventory/users" search={{}} aria-current={current === 'users' ? 'page' : undefined}>
          {t('inventory.users')}
          {number('users')}
        </Link>
      )}
    </nav>
  );
}
