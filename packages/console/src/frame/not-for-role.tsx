import { ROLES, roleMay } from '@sallyport/core/model/role.js';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { meQuery, type Operation } from '../api/me.js';
import { useFormat, useText } from '../i18n/provider.js';
import { buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { homeFor, PLACES } from './places.js';
import { PageTitle } from './title.js';

/** A page opened by its address that one's role may not use: which roles may, who changes a role, where one can go. */
export function NotForRole({ right }: { right: Operation }) {
  const t = useText();
  const format = useFormat();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: me } = useSuspenseQuery(meQuery);
  const roles = ROLES.filter((one) => roleMay(one, right)).map((one) => t(`inventory.role-${one}`));
  const { role } = me.user;
  const home = homeFor(me.may);
  const place = PLACES.find(({ to }) => to === home);
  const here = PLACES.find(({ under }) => under.some((start) => path.startsWith(start)));
  return (
    <>
      <PageTitle title={t(here?.name ?? 'frame.not-for-role')} />
      <EmptyState
        gate="no"
        title={t('frame.not-for-role')}
        actions={
          <Link to={home} className={buttonClass({ kind: 'primary' })}>
            {t('frame.go-to', { place: t(place?.name ?? 'frame.recordings') })}
          </Link>
        }
        facts={[
          [t('frame.page-for'), format.list(roles)],
          [
            t('frame.your-role'),
            t('frame.role-may', { role: t(`inventory.role-${role}`), may: t(`inventory.role-${role}-may`) }),
          ],
          [t('frame.who-grants'), t('frame.who-grants-role')],
        ]}
      >
        {t('frame.not-for-role-body')}
      </EmptyState>
    </>
  );
}
