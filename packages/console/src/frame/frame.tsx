import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useMatches, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { meQuery, signOut, statusQuery } from '../api/me.js';
import { useText } from '../i18n/provider.js';
import { Icon, Mark } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { Toasts } from '../ui/toast.js';
import { Avatar } from '../ui/words.js';
import { KeyList } from './key-list.js';
import { useSingleKeys } from './keys.js';
import { NotForRole } from './not-for-role.js';
import { homeFor, placesFor } from './places.js';
import { Drawer, Rail } from './rail.js';
import { LanguageSwitch, ThemeSwitch } from './switchers.js';
import { TitleSlot } from './title.js';

const Palette = lazy(async () => ({ default: (await import('./palette.js')).Palette }));

/** Rail, top bar, page: what stays round every page after sign-in. */
export function Frame() {
  const t = useText();
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: status } = useSuspenseQuery(statusQuery);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState<'palette' | 'keys' | 'drawer'>();
  const look = useMatches({ select: (matches) => matches.at(-1)?.staticData ?? {} });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const places = placesFor(me.may);
  // What the role may not use is not begun: its page would ask the server for what is refused.
  const barred = look.right !== undefined && !me.may.includes(look.right) ? look.right : undefined;

  useSingleKeys({
    '?': () => setOpen('keys'),
    ...Object.fromEntries(places.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])),
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      // Inside a terminal Ctrl+K belongs to the shell; Ctrl+Shift+K is ours there.
      const inTerminal = event.target instanceof Element && event.target.closest('.xterm') !== null;
      if (inTerminal !== event.shiftKey) return;
      event.preventDefault();
      setOpen('palette');
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  const close = () => setOpen(undefined);
  return (
    <div className={look.narrow && !barred ? 'app narrow' : 'app'}>
      <a className="skip" href="#main">
        {t('frame.skip')}
      </a>
      <aside className="rail">
        <Link className="brand" to={homeFor(me.may)} aria-label="Sallyport">
          <Mark />
          <span>Sallyport</span>
        </Link>
        <Rail places={places} path={path} />
        <div className="foot">
          <span>{status.demo ? t('frame.demo') : t('frame.version', { version: status.version })}</span>
        </div>
      </aside>
      <header className="top">
        <button type="button" className="icon only-s" aria-label={t('frame.menu')} onClick={() => setOpen('drawer')}>
          <Icon name="menu" size="l" />
        </button>
        <div className="crumb" ref={setSlot} />
        <button type="button" className="ck" title={t('frame.find')} onClick={() => setOpen('palette')}>
          <Icon name="search" />
          <span>{t('frame.find-short')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <span className="row hide-s">
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
        <Profile name={me.user.displayName || me.user.name} login={me.user.name} onKeys={() => setOpen('keys')} />
      </header>
      <main id="main" tabIndex={look.readOnly ? 0 : -1} className={look.flush && !barred ? 'main flush' : 'main'}>
        <TitleSlot value={slot}>
          <Suspense>{barred ? <NotForRole right={barred} /> : <Outlet />}</Suspense>
        </TitleSlot>
      </main>
      {open === 'drawer' && <Drawer places={places} path={path} onClose={close} />}
      {open === 'keys' && <KeyList places={places} onClose={close} />}
      {open === 'palette' && (
        <Suspense>
          <Palette places={places} onClose={close} />
        </Suspense>
      )}
      <Toasts />
    </div>
  );
}

function Profile({ name, login, onKeys }: { name: string; login: string; onKeys(): void }) {
  const t = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = async () => {
    await signOut();
    queries.clear();
    await navigate({ to: '/sign-in', search: {} });
  };
  return (
    <Menu label={t('frame.profile-of', { name })} button={<Avatar name={name} />}>
      {(close) => (
        <>
          <div className="who" role="presentation">
            <b>{name}</b>
            {name !== login && <small>{login}</small>}
          </div>
          <Link to="/me" role="menuitem" onClick={close}>
            <Icon name="user" />
            {t('frame.profile')}
          </Link>
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              close();
              onKeys();
            }}
          >
            <Icon name="keyboard" />
            {t('frame.keys')}
          </button>
          <button type="button" role="menuitem" onClick={() => void leave()}>
            <Icon name="out" />
            {t('frame.sign-out')}
          </button>
        </>
      )}
    </Menu>
  );
}
