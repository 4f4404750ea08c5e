import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { ApiProblem } from './api/client.js';
import { meQuery, type Operation, statusQuery } from './api/me.js';
import { Failed, NotFound } from './frame/failed.js';
import { Frame } from './frame/frame.js';
import { homeFor } from './frame/places.js';
import type { MessageKey } from './i18n/messages.js';
import { liveSearch } from './live/search.js';
import { listSearch } from './recordings/search.js';
import { replaySearch } from './replay/search.js';
import { parseSearch, stringifySearch, strings } from './search.js';
import { terminalSearch } from './terminal/search.js';

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
  interface StaticDataRouteOption {
    /** The page fills the frame to its edges and scrolls inside itself. */
    flush?: boolean;
    /** The rail shows icons only. */
    narrow?: boolean;
    /** Nothing on the page takes the focus, so the page itself must, to be scrolled by keys. */
    readOnly?: boolean;
    /** The right without which the page would only hold dead buttons: its place is taken by who may use it. */
    right?: Operation;
    /** Keys of this page, for the list behind `?`. */
    keys?: readonly (readonly [keys: string, meaning: MessageKey])[];
  }
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: strings('to', 'ended'),
  component: lazyRouteComponent(() => import('./sign-in/page.js'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup/page.js'), 'SetupPage'),
});

/** Everything behind the sign-in. Who is not signed in is led there and back again. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    const [me] = await Promise.all([
      context.queries.ensureQueryData(meQuery).catch((problem: ApiProblem) => problem),
      context.queries.ensureQueryData(statusQuery),
    ]);
    if ('user' in me) return;
    if (me.status !== 401) return Promise.reject(me);
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { may } = await context.queries.ensureQueryData(meQuery);
    throw redirect({ to: homeFor(may) });
  },
});
const connect = createRoute({
  getParentRoute: () => frame,
  path: '/connect',
  validateSearch: strings('q'),
  staticData: {
    right: 'connect',
    keys: [
      ['↑ ↓', 'connect.key-choose'],
      ['Enter', 'connect.key-open'],
      ['Alt+Enter', 'connect.key-split'],
      ['p', 'connect.key-pin'],
      ['/', 'connect.key-find'],
    ],
  },
  component: lazyRouteComponent(() => import('./connect/page.js'), 'ConnectPage'),
});
const terminal = createRoute({
  getParentRoute: () => frame,
  path: '/terminal',
  validateSearch: terminalSearch,
  staticData: {
    right: 'connect',
    flush: true,
    narrow: true,
    keys: [
      ['Ctrl+Shift+F', 'terminal.key-find'],
      ['Ctrl+Shift+D', 'terminal.key-split-right'],
      ['Ctrl+Shift+E', 'terminal.key-split-down'],
      ['Ctrl+Alt+PgUp Ctrl+Alt+PgDn', 'terminal.key-tabs'],
      ['Ctrl+Shift+C Ctrl+Shift+V', 'terminal.key-copy'],
      ['Ctrl+Shift+K', 'terminal.key-palette'],
      ['Ctrl+F6', 'terminal.key-leave'],
    ],
  },
  component: lazyRouteComponent(() => import('./terminal/page.js'), 'TerminalPage'),
});
const live = createRoute({
  getParentRoute: () => frame,
  path: '/live',
  validateSearch: liveSearch,
  staticData: {
    right: 'session.list',
    keys: [
      ['← ↑ → ↓', 'live.key-move'],
      ['Enter w', 'live.key-watch'],
      ['f', 'live.key-freeze'],
      ['e', 'live.key-end'],
      ['/', 'recordings.key-find'],
    ],
  },
  component: lazyRouteComponent(() => import('./live/page.js'), 'LivePage'),
});
const watch = createRoute({
  getParentRoute: () => frame,
  path: '/live/$id',
  staticData: {
    right: 'watch',
    flush: true,
    narrow: true,
    keys: [
      ['← →', 'watch.key-step'],
      ['End', 'watch.key-live'],
      ['Space', 'replay.key-play'],
      ['f', 'live.key-freeze'],
      ['m', 'watch.key-message'],
      ['e', 'live.key-end'],
      ['s', 'watch.key-link'],
    ],
  },
  component: lazyRouteComponent(() => import('./watch/page.js'), 'WatchPage'),
});
const recordings = createRoute({
  getParentRoute: () => frame,
  path: '/recordings',
  validateSearch: listSearch,
  staticData: {
    keys: [
      ['/', 'recordings.key-find'],
      ['j k', 'recordings.key-row'],
      ['Enter', 'recordings.key-play'],
      ['Space', 'recordings.key-select'],
      ['.', 'recordings.key-more'],
    ],
  },
  component: lazyRouteComponent(() => import('./recordings/page.js'), 'RecordingsPage'),
});
const replay = createRoute({
  getParentRoute: () => frame,
  path: '/recordings/$id',
  validateSearch: replaySearch,
  staticData: {
    flush: true,
    narrow: true,
    keys: [
      ['Space', 'replay.key-play'],
      ['← →', 'replay.key-step'],
      ['0 … 9', 'replay.key-tenths'],
      ['[ ] < >', 'replay.key-speed'],
      ['/', 'replay.key-find'],
      ['n N', 'replay.key-next'],
      ['e', 'replay.key-events'],
      ['m', 'replay.key-note'],
      ['i', 'replay.key-idle'],
      ['t', 'replay.key-clock'],
      ['f', 'replay.key-fullscreen'],
      ['s', 'replay.key-link'],
    ],
  },
  component: lazyRouteComponent(() => import('./replay/page.js'), 'ReplayPage'),
});
const holds = createRoute({
  getParentRoute: () => frame,
  path: '/recordings/holds',
  staticData: { right: 'retention.read', readOnly: true },
  component: lazyRouteComponent(() => import('./recordings/holds-page.js'), 'HoldsPage'),
});
const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  validateSearch: strings('action', 'actor', 'target'),
  staticData: { right: 'audit.read', keys: [['/', 'audit.key-find']] },
  component: lazyRouteComponent(() => import('./audit/page.js'), 'AuditPage'),
});
const hosts = createRoute({
  getParentRoute: () => frame,
  path: '/inventory/hosts',
  validateSearch: strings('q'),
  staticData: { right: 'inventory.read', keys: [['/', 'inventory.key-find']] },
  component: lazyRouteComponent(() => import('./inventory/hosts-page.js'), 'HostsPage'),
});
const newHost = createRoute({
  getParentRoute: () => frame,
  path: '/inventory/hosts/new',
  staticData: { right: 'inventory.write' },
  component: lazyRouteComponent(() => import('./inventory/new-host-page.js'), 'NewHostPage'),
});
const host = createRoute({
  getParentRoute: () => frame,
  path: '/inventory/hosts/$id',
  staticData: { right: 'inventory.read' },
  component: lazyRouteComponent(() => import('./inventory/host-page.js'), 'HostPage'),
});
const users = createRoute({
  getParentRoute: () => frame,
  path: '/inventory/users',
  validateSearch: strings('q'),
  staticData: { right: 'user.read', keys: [['/', 'inventory.key-find']] },
  component: lazyRouteComponent(() => import('./inventory/users-page.js'), 'UsersPage'),
});
const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  staticData: { right: 'settings.read', readOnly: true },
  component: lazyRouteComponent(() => import('./settings/page.js'), 'SettingsPage'),
});
const me = createRoute({
  getParentRoute: () => frame,
  path: '/me',
  component: lazyRouteComponent(() => import('./me/page.js'), 'MePage'),
});

const routes = root.addChildren([
  signIn,
  setup,
  frame.addChildren([
    home,
    connect,
    terminal,
    live,
    watch,
    recordings,
    holds,
    replay,
    audit,
    hosts,
    newHost,
    host,
    users,
    settings,
    me,
  ]),
]);

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: routes,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: Failed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
