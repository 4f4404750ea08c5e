import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { hostsQuery } from '../api/hosts.js';
import { meQuery } from '../api/me.js';
import { playable, sessionsQuery } from '../api/sessions.js';
import { fuzzyMatch } from '../connect/fuzzy.js';
import { groupHosts } from '../connect/host-groups.js';
import { readPins } from '../connect/pins.js';
import { useFormat, useText } from '../i18n/provider.js';
import { useModal } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import type { IconName } from '../ui/icon-paths.js';
import type { Place } from './places.js';

interface Entry {
  readonly id: string;
  readonly icon: IconName;
  readonly name: string;
  readonly aside?: string;
  go(): void;
}

const HOSTS_SHOWN = 8;
const RECORDINGS_SHOWN = 5;
const TYPING_MS = 200;

/** Ctrl+K: hosts, recordings and pages by a few letters; what was used last stands first. Focus stays in the box; the list is told by aria-activedescendant. */
export function Palette({ places, onClose }: { places: readonly Place[]; onClose(): void }) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const ref = useModal(onClose);
  const { data: me } = useSuspenseQuery(meQuery);
  const mayConnect = me.may.includes('connect');
  const hosts = useQuery({ ...hostsQuery, enabled: mayConnect || me.may.includes('inventory.read') });
  const [q, setQ] = useState('');
  const recordings = useRecordings(q);
  const [at, setAt] = useState(0);

  const hostEntries = groupHosts(hosts.data ?? [], readPins(), q)
    .flatMap((group) => group.rows)
    .sort((a, b) => b.match.score - a.match.score)
    .slice(0, HOSTS_SHOWN)
    .flatMap(({ host }): Entry[] => {
      if (!mayConnect) {
        const go = () => void navigate({ to: '/inventory/hosts/$id', params: { id: host.id } });
        return [{ id: host.id, icon: 'inventory', name: host.name, aside: host.address, go }];
      }
      const account = host.accounts.find(({ id }) => id === host.lastAccountId) ?? host.accounts[0];
      if (account === undefined) return [];
      const go = () => void navigate({ to: '/terminal', search: { open: [`${host.id}.${account.id}`] } });
      return [{ id: host.id, icon: 'connect', name: host.name, aside: `${account.login} · ${host.address}`, go }];
    });
  const recordingEntries = recordings.map(
    ({ id, userName, hostName, login, createdAt }): Entry => ({
      id,
      icon: 'recordings',
      name: t('frame.recording-of', { user: userName, host: hostName }),
      aside: `${login} · ${format.dateTime(createdAt)}`,
      go: () => void navigate({ to: '/recordings/$id', params: { id } }),
    }),
  );
  const pageEntries = [
    ...places.map(
      (place): Entry => ({
        id: place.key,
        icon: place.icon,
        name: t(place.name),
        go: () => void navigate({ to: place.to }),
      }),
    ),
    { id: 'me', icon: 'user' as const, name: t('frame.profile'), go: () => void navigate({ to: '/me' }) },
  ].filter(({ name }) => q === '' || fuzzyMatch(name, q) !== undefined);
  // Recordings come late and last, so that they never change what Enter opens.
  const entries: readonly Entry[] = [...hostEntries, ...pageEntries, ...recordingEntries];
  const chosen = Math.min(at, entries.length - 1);

  const go = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, entries.length));
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + entries.length) % Math.max(1, entries.length));
    else if (event.key === 'Enter') go(entries[chosen]);
    else return;
    event.preventDefault();
  };
  const section = (title: string, list: readonly Entry[], from: number): ReactNode =>
    list.length > 0 && (
      // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
      <div role="group" aria-label={title}>
        <div className="grp" aria-hidden="true">
          {title}
        </div>
        {list.map((entry, index) => (
          // The keys are the box's: focus never leaves it.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={entry.id}
            id={`pal-${from + index}`}
            className="r"
            role="option"
            aria-selected={from + index === chosen}
            onClick={() => go(entry)}
          >
            <Icon name={entry.icon} />
            <span className="cut">
              <b>{entry.name}</b> {entry.aside !== undefined && <small>{entry.aside}</small>}
            </span>
            {from + index === chosen && <kbd>⏎</kbd>}
          </div>
        ))}
      </div>
    );

  return (
    <dialog ref={ref} className="pal" aria-label={t('frame.find')}>
      <div className="q">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="pal-results"
          aria-activedescendant={entries.length > 0 ? `pal-${chosen}` : undefined}
          aria-label={t('frame.find')}
          placeholder={t('frame.find')}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          spellCheck={false}
          autoComplete="off"
        />
        <kbd>Esc</kbd>
      </div>
      {entries.length > 0 ? (
        <div className="res" id="pal-results" role="listbox" aria-label={t('frame.results')}>
          {section(t('inventory.hosts'), hostEntries, 0)}
          {section(t('frame.pages'), pageEntries, hostEntries.length)}
          {section(t('frame.recordings'), recordingEntries, hostEntries.length + pageEntries.length)}
        </div>
      ) : (
        <p className="none" role="status">
          {t('frame.no-result')}
        </p>
      )}
      <div className="ft">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('connect.hint-choose')}
        </span>
        <span className="push">{t('frame.pinyin-hint')}</span>
      </div>
    </dialog>
  );
}

/** The newest recordings of what is typed, asked of the server when the typing pauses. */
function useRecordings(q: string): readonly SessionAnswer[] {
  const [asked, setAsked] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(q.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [q]);
  const { data } = useInfiniteQuery({
    ...sessionsQuery({ q: asked, sort: '-createdAt', limit: RECORDINGS_SHOWN * 2 }),
    refetchInterval: false,
  });
  const typed = q.trim().toLowerCase();
  // Those of an earlier word stand until the answer comes: only what fits the present one is shown.
  const fits = ({ userName, hostName, login }: SessionAnswer) =>
    [userName, hostName, login].some((name) => name.toLowerCase().includes(typed));
  return (data?.pages[0]?.items ?? []).filter((one) => playable(one) && fits(one)).slice(0, RECORDINGS_SHOWN);
}
