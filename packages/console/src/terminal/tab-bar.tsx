import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { useText } from '../i18n/provider.js';
import { Button, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { CutMiddle } from '../ui/words.js';
import type { NameOf } from './host-names.js';
import { activeTab, allPanes, panesOf } from './layout.js';
import { SettingsMenu } from './settings-menu.js';
import type { ShellView } from './shell-state.js';
import { WatchedBy } from './standing-strips.js';
import type { Workspace } from './workspace.js';
import type { WorkspaceLook } from './workspace-look.js';

/** Shape first: round and full lives, hollow opens, a lamp waits, a lozenge failed, a square is over. */
export function dotOf({ state }: ShellView): string {
  switch (state.at) {
    case 'live':
      return 'dot';
    case 'opening':
      return 'dot idle';
    case 'resuming':
    case 'lost':
      return 'dot warn';
    case 'failed':
      return 'dot bad';
    default:
      return 'dot done';
  }
}

export function TabBar(props: {
  bar: Ref<HTMLElement>;
  workspace: Workspace;
  look: WorkspaceLook;
  nameOf: NameOf;
  onFind(): void;
  onClose(tab: string): void;
}) {
  const { workspace, look, nameOf } = props;
  const t = useText();
  const { layout, panes, latencyMs } = look;
  const tab = activeTab(layout);
  const focused = tab?.focused;
  const view = focused === undefined ? undefined : panes.get(focused)?.view;
  const named = (id: string) => {
    const pane = workspace.pane(id);
    return pane && nameOf(pane.target, panes.get(id)?.view);
  };
  return (
    <nav className="tbar" aria-label={t('terminal.tabs')} ref={props.bar}>
      <div className="ttabs">
        {layout.tabs.map((one) => {
          const name = named(one.focused);
          const paneLook = panes.get(one.focused);
          if (!name || !paneLook) return null;
          const count = panesOf(one.tree).length;
          const env = name.env === 'prod' || name.env === 'staging' ? ` ${name.env}` : '';
          return (
            <div key={one.id} className={`ttab${env}${one === tab ? ' on' : ''}`}>
              <button
                type="button"
                className="q"
                aria-current={one === tab ? 'true' : undefined}
                title={paneLook.title || undefined}
                onClick={() => {
                  workspace.choose(one.focused);
                  workspace.pane(one.focused)?.emulator.focus();
                }}
              >
                <i className={dotOf(paneLook.view)} aria-hidden="true" />
                <CutMiddle>{name.host}</CutMiddle>
                <span className="t3">{name.login}</span>
                {count > 1 && <span className="tag">{String(count)}</span>}
              </button>
              <IconButton
                icon="close"
                small
                label={t('terminal.close-tab', { name: name.host })}
                onClick={() => props.onClose(one.id)}
              />
            </div>
          );
        })}
        <Link to="/connect" className="icon" aria-label={t('terminal.new')} title={t('terminal.new')}>
          <Icon name="plus" />
        </Link>
      </div>
      <div className="end">
        {view && <WatchedBy watchers={view.standing.watchers} />}
        {view?.opened && (view.state.at === 'live' || view.state.at === 'resuming') && (
          <span className={view.opened.recorded ? 'rec' : 'rec off'} title={t('terminal.recorded-help')}>
            <span className="hide-s">{view.opened.recorded ? t('terminal.recorded') : t('terminal.unrecorded')}</span>
          </span>
        )}
        {latencyMs !== undefined && (
          <span className="t3 hide-s num" title={t('terminal.latency-help')}>
            {t('terminal.latency', { ms: latencyMs })}
          </span>
        )}
        {focused !== undefined && (
          <>
            <span className="hide-s">
              <Button
                size="s"
                kind="quiet"
                icon="search"
                title={`${t('terminal.find')} (Ctrl+Shift+F)`}
                onClick={props.onFind}
              >
                {t('terminal.find')}
              </Button>
            </span>
            <span className="hide-s">
              <Button
                size="s"
                kind="quiet"
                icon="split"
                title={`${t('terminal.split-right')} (Ctrl+Shift+D)`}
                onClick={() => workspace.split(focused, 'row')}
              >
                {t('terminal.split')}
              </Button>
            </span>
            <SettingsMenu
              onSplitDown={() => workspace.split(focused, 'column')}
              onFind={props.onFind}
              panes={allPanes(layout).flatMap((id) => {
                const name = named(id);
                return name ? [{ id, text: `${name.host} ${name.login}`, current: id === focused }] : [];
              })}
              onPane={workspace.choose}
            />
          </>
        )}
      </div>
    </nav>
  );
}
