import { useEffect, useRef } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { IconButton } from '../ui/button.js';
import { EndDock } from './end-dock.js';
import type { TargetName } from './host-names.js';
import { NoticeStrip } from './notice-strip.js';
import { OpeningGates } from './opening-gates.js';
import type { ShellState } from './shell-state.js';
import { failureWords } from './shell-words.js';
import { StandingStrips, WatchedBy } from './standing-strips.js';
import { dotOf } from './tab-bar.js';
import type { Workspace } from './workspace.js';
import type { Pane, PaneLook } from './workspace-look.js';

const stateWords = (state: ShellState, t: Text): string => {
  switch (state.at) {
    case 'opening':
      return t('terminal.opening');
    case 'resuming':
      return t('terminal.resuming-state');
    case 'failed':
      return t('terminal.failed');
    case 'lost':
      return t('terminal.lost-state');
    case 'over':
      return t('terminal.over-state');
    default:
      return '';
  }
};

export function PaneView(props: {
  pane: Pane;
  look: PaneLook;
  name: TargetName;
  focused: boolean;
  alone: boolean;
  active: boolean;
  workspace: Workspace;
}) {
  const { pane, look, name, focused, alone, active, workspace } = props;
  const { view, kept } = look;
  const { state } = view;
  const t = useText();
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const wasShown = useRef(false);
  if (active) wasShown.current = true;
  const shown = wasShown.current;
  useEffect(() => {
    if (!shown || !place.current) {
      // Behind another tab: it begins with the size of the one in front, once that is known.
      const timer = setTimeout(() => workspace.begin(pane.id));
      return () => clearTimeout(timer);
    }
    const detach = pane.emulator.attach(place.current);
    workspace.begin(pane.id);
    return detach;
  }, [pane, shown, workspace]);
  const label = t('terminal.label', { name: name.host });
  useEffect(() => pane.emulator.label(label), [pane, label]);

  const fresh = state.at === 'opening' || state.at === 'failed';
  const words = stateWords(state, t);
  return (
    <section
      className={`pane${focused && !alone ? ' on' : ''}${focused ? ' chosen' : ''}`}
      aria-label={`${name.host} ${name.login}`}
    >
      {!alone && (
        <div className="phead">
          <i className={dotOf(view)} aria-hidden="true" />
          <b className="cut">{name.host}</b> {name.login}
          <span className="push">{words}</span>
          <WatchedBy watchers={view.standing.watchers} />
          <IconButton icon="close" small label={t('terminal.close-pane')} onClick={() => workspace.close(pane.id)} />
        </div>
      )}
      <div className="pbody">
        <div ref={place} className="place" />
        {fresh && !kept && <OpeningGates state={state} name={name} onRetry={() => workspace.restart(pane.id)} />}
        <StandingStrips standing={view.standing} onClose={(message) => pane.shell.closeMessage(message)} />
        <NoticeStrip view={view} onClose={() => pane.shell.dismissNotice()} />
      </div>
      {(state.at === 'over' || state.at === 'lost' || (fresh && kept)) && (
        <EndDock state={state} name={name} onOpen={() => workspace.restart(pane.id)} />
      )}
      <span className="sr" role="status">
        {state.at === 'failed'
          ? t('terminal.failed-live', { name: name.host, title: failureWords(state.failure, t).title })
          : words && `${name.host}: ${words}${state.at === 'lost' ? ` ${format.time(state.when)}` : ''}`}
      </span>
    </section>
  );
}
