import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { somebodyIsThere } from '../api/presence.js';
import { openSessionsQuery } from '../api/sessions.js';
import { useText } from '../i18n/provider.js';
import { useModal } from '../ui/dialog.js';
import { Icon, Mark } from '../ui/icon.js';
import type { Place } from './places.js';
import { LanguageSwitch, ThemeSwitch } from './switchers.js';

/** The live page itself reads more often. */
const COUNT_MS = 10_000;

export function Rail({ places, path, onGo }: { places: readonly Place[]; path: string; onGo?: () => void }) {
  const t = useText();
  return (
    <nav className="nav" aria-label={t('frame.main-navigation')}>
      {places.map((place, index) => (
        <div key={place.to} role="presentation">
          {index > 0 && places[index - 1]?.group !== place.group && <div className="sep" />}
          <Link
            to={place.to}
            title={t(place.name)}
            aria-current={place.under.some((under) => path.startsWith(under)) ? 'page' : undefined}
            activeProps={{}}
            {...(onGo && { onClick: onGo })}
          >
            <Icon name={place.icon} />
            <span>{t(place.name)}</span>
            {place.to === '/live' && <Running />}
          </Link>
        </div>
      ))}
    </nav>
  );
}

/** How many sessions run. Whoever sees the place may list them. */
function Running() {
  const t = useText();
  const { data: count = 0 } = useQuery({
    ...openSessionsQuery,
    select: (sessions) => sessions.filter(({ state }) => state !== 'ending').length,
    refetchInterval: () => (somebodyIsThere() ? COUNT_MS : false),
  });
  if (count === 0) return null;
  return (
    <span className="num" title={t('frame.running', { count })}>
      {count}
    </span>
  );
}

/** The rail on a small screen. */
export function Drawer({ places, path, onClose }: { places: readonly Place[]; path: string; onClose(): void }) {
  const t = useText();
  const ref = useModal(onClose);
  return (
    <dialog ref={ref} className="drawer" aria-label={t('frame.menu')}>
      <div className="brand">
        <Mark />
        <span>Sallyport</span>
      </div>
      <Rail places={places} path={path} onGo={onClose} />
      <div className="row foot">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </dialog>
  );
}
