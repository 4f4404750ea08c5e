import { Link, useNavigate } from '@tanstack/react-router';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { AddHost } from './add-host.js';

export function NewHostPage() {
  const t = useText();
  const navigate = useNavigate();
  return (
    <div className="measure">
      <PageTitle
        title={t('inventory.add-host')}
        above={[
          <Link key="inventory" to="/inventory/hosts">
            {t('frame.inventory')}
          </Link>,
        ]}
      />
      <AddHost
        done={t('inventory.open-terminal')}
        onDone={(host, account) => void navigate({ to: '/terminal', search: { open: [`${host.id}.${account.id}`] } })}
      />
    </div>
  );
}
