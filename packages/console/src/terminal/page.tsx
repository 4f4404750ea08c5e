import './terminal.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { meQuery } from '../api/me.js';
import { PageTitle } from '../frame/title.js';
import { useFormat, useText } from '../i18n/provider.js';
import { buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { toast } from '../ui/toast.js';
import { emulatorCode } from './emulator-code.js';
import { FindBar } from './find-bar.js';
import { useNames } from './host-names.js';
import { readOpenList, writeOpen } from './kept-terminals.js';
import { KeyBar } from './key-bar.js';
import { activeTab, allPanes, panesOf } from './layout.js';
import { Panes } from './panes.js';
import { PasteDialog } from './paste-dialog.js';
import { usePreferences } from './preferences.js';
import { stoppedLine } from './shell-words.js';
import { TabBar } from './tab-bar.js';
import { type Workspace, workspaceOf } from './workspace.js';

/** The address is the state: which targets are open. What stands behind them lives in the workspace. */
function useAddress(workspace: Workspace): void {
  const { open = [], split } = useSearch({ from: '/frame/terminal' });
  const navigate = useNavigate();
  const written = useRef<string>(undefined);
  const wanted = open.join(' ');
  useEffect(() => {
    if (written.current === wanted) return;
    workspace.want(readOpenList(wanted === '' ? [] : wanted.split(' ')), split === '1');
  }, [workspace, wanted, split]);
  const layout = useSyncExternalStore(workspace.subscribe, () => workspace.look().layout);
  const standing = allPanes(layout)
    .flatMap((id) => workspace.pane(id)?.target ?? [])
    .map(writeOpen)
    .join(' ');
  useEffect(() => {
    written.current = standing;
    if (standing === wanted && split === undefined) return;
    void navigate({ to: '/terminal', search: standing === '' ? {} : { open: standing.split(' ') }, replace: true });
  }, [standing, wanted, split, navigate]);
}

/** The panes wait for it by themselves; that it cannot be had is for the page to say. */
function useEmulatorCode(): void {
  const [fault, setFault] = useState<unknown>();
  useEffect(() => {
    emulatorCode().catch(setFault);
  }, []);
  if (fault !== undefined) throw fault;
}

export function TerminalPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const workspace = workspaceOf(me.user.id);
  const t = useText();
  const format = useFormat();
  const { nameOf } = useNames();
  const { theme } = usePreferences();
  const [finding, setFinding] = useState<string>();
  const bar = useRef<HTMLElement>(null);
  useEmulatorCode();
  useAddress(workspace);
  const look = useSyncExternalStore(workspace.subscribe, workspace.look);
  const tab = activeTab(look.layout);
  const focused = tab?.focused;
  const pane = focused === undefined ? undefined : workspace.pane(focused);
  const paneLook = focused === undefined ? undefined : look.panes.get(focused);

  const act = useCallback<Parameters<Workspace['tellHooks']>[0]['shortcut']>(
    (id, action) => {
      switch (action) {
        case 'find':
          return setFinding(id);
        case 'split-right':
          return workspace.split(id, 'row');
        case 'split-down':
          return workspace.split(id, 'column');
        case 'next-tab':
          return workspace.step(1);
        case 'previous-tab':
          return workspace.step(-1);
        case 'leave':
          return bar.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
        case 'leave-back':
          return bar.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
      }
    },
    [workspace],
  );
  // The hooks speak the language of the last paint, so they are set after each.
  useEffect(() => {
    workspace.tellHooks({
      stoppedLine: (state) => stoppedLine(state, t, format),
      shortcut: act,
      copied: (ok) => toast(ok ? t('terminal.copied') : t('terminal.copy-failed')),
      careful: (target) => nameOf(target).env === 'prod',
    });
  });
  useEffect(() => {
    if (focused !== undefined && finding === undefined) workspace.pane(focused)?.emulator.focus();
  }, [workspace, focused, finding]);

  const name = pane && nameOf(pane.target, paneLook?.view);
  const above = [
    <Link key="connect" to="/connect">
      {t('frame.connect')}
    </Link>,
  ];
  if (!tab || !pane || !name) {
    return (
      <>
        <PageTitle title={t('terminal.title')} above={above} />
        <EmptyState
          title={t('terminal.none-title')}
          actions={
            <Link to="/connect" className={buttonClass({ kind: 'primary' })}>
              {t('terminal.choose-host')}
            </Link>
          }
        >
          {t('terminal.none-body')}
        </EmptyState>
      </>
    );
  }
  const close = (id: string) => workspace.closeTab(id);
  return (
    <>
      <PageTitle title={name.host} above={above} sub={paneLook?.title || undefined} />
      <TabBar
        bar={bar}
        workspace={workspace}
        look={look}
        nameOf={nameOf}
        onFind={() => setFinding(pane.id)}
        onClose={close}
      />
      <div className="panes" data-theme={theme === 'night' ? 'dark' : undefined}>
        {look.layout.tabs.map((one) => (
          <Panes
            key={panesOf(one.tree)[0]}
            tab={one}
            active={one === tab}
            workspace={workspace}
            look={look}
            nameOf={nameOf}
          />
        ))}
        {finding === pane.id && (
          <FindBar key={pane.id} emulator={pane.emulator} onClose={() => setFinding(undefined)} />
        )}
      </div>
      <KeyBar workspace={workspace} pane={pane} held={look.held} />
      {[...look.panes].map(([id, { paste }]) => {
        const into = workspace.pane(id);
        return (
          paste &&
          into && (
            <PasteDialog
              key={id}
              plan={paste}
              name={nameOf(into.target).host}
              onAnswer={(send) => workspace.answerPaste(id, send)}
            />
          )
        );
      })}
    </>
  );
}
