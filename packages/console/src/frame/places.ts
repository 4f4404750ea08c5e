import type { Operation } from '../api/me.js';
import type { MessageKey } from '../i18n/messages.js';
import type { IconName } from '../ui/icon-paths.js';

/** The rail: where one can go, by which right, with which key after `g`. */
export interface Place {
  readonly to: '/connect' | '/terminal' | '/live' | '/recordings' | '/audit' | '/inventory/hosts' | '/settings';
  /** Current for every address below these. */
  readonly under: readonly string[];
  readonly icon: IconName;
  readonly name: MessageKey;
  readonly key: string;
  /** Any of these rights opens it; none needed when empty. */
  readonly rights: readonly Operation[];
  readonly group: 1 | 2;
}

export const PLACES: readonly Place[] = [
  {
    to: '/connect',
    under: ['/connect', '/terminal'],
    icon: 'connect',
    name: 'frame.connect',
    key: 'c',
    rights: ['connect'],
    group: 1,
  },
  {
    to: '/live',
    under: ['/live'],
    icon: 'live',
    name: 'frame.live',
    key: 'l',
    rights: ['session.list'],
    group: 1,
  },
  {
    to: '/recordings',
    under: ['/recordings'],
    icon: 'recordings',
    name: 'frame.recordings',
    key: 'r',
    rights: [],
    group: 1,
  },
  { to: '/audit', under: ['/audit'], icon: 'audit', name: 'frame.audit', key: 'a', rights: ['audit.read'], group: 1 },
  {
    to: '/inventory/hosts',
    under: ['/inventory'],
    icon: 'inventory',
    name: 'frame.inventory',
    key: 'i',
    rights: ['inventory.write', 'user.read'],
    group: 2,
  },
  {
    to: '/settings',
    under: ['/settings'],
    icon: 'settings',
    name: 'frame.settings',
    key: 's',
    rights: ['settings.read'],
    group: 2,
  },
];

export const placesFor = (may: readonly Operation[]): readonly Place[] =>
  PLACES.filter(({ rights }) => rights.length === 0 || rights.some((right) => may.includes(right)));

/** Home by role: who may connect starts there, an auditor at the audit log. */
export function homeFor(may: readonly Operation[]): Place['to'] {
  if (may.includes('connect')) return '/connect';
  return may.includes('audit.read') ? '/audit' : '/recordings';
}
