import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import type { NameOf } from './host-names.js';
import { type PaneTree, panesOf, RATIO_MAX, RATIO_MIN, type Tab } from './layout.js';
import { PaneView } from './pane.js';
import type { Workspace } from './workspace.js';
import type { WorkspaceLook } from './workspace-look.js';

interface Inside {
  readonly tab: Tab;
  readonly active: boolean;
  readonly workspace: Workspace;
  readonly look: WorkspaceLook;
  readonly nameOf: NameOf;
}

/** The panes of one tab. A tab that is not shown stays mounted, so its screens keep their place. */
export function Panes(inside: Inside) {
  return (
    <div className="tabpane" hidden={!inside.active}>
      <Tree tree={inside.tab.tree} inside={inside} />
    </div>
  );
}

function Tree({ tree, inside }: { tree: PaneTree; inside: Inside }) {
  const { tab, active, workspace, look, nameOf } = inside;
  if ('pane' in tree) {
    const pane = workspace.pane(tree.pane);
    const paneLook = look.panes.get(tree.pane);
    if (!pane || !paneLook) return null;
    return (
      <PaneView
        key={tree.pane}
        pane={pane}
        look={paneLook}
        name={nameOf(pane.target, paneLook.view)}
        focused={tab.focused === tree.pane}
        alone={panesOf(tab.tree).length === 1}
        active={active}
        workspace={workspace}
      />
    );
  }
  const second = panesOf(tree.second)[0] ?? '';
  const share = { '--share': String(tree.ratio) } as React.CSSProperties;
  return (
    <div className="psplit" data-split={tree.split} style={share}>
      <div className="part first">
        <Tree tree={tree.first} inside={inside} />
      </div>
      <Splitter direction={tree.split} ratio={tree.ratio} onRatio={(ratio) => workspace.ratio(second, ratio)} />
      <div className="part">
        <Tree tree={tree.second} inside={inside} />
      </div>
    </div>
  );
}

const STEP = 0.05;

/** Dragged, or moved by arrows when focused (WCAG 2.5.7). */
function Splitter(props: { direction: 'row' | 'column'; ratio: number; onRatio(ratio: number): void }) {
  const { direction, ratio, onRatio } = props;
  const t = useText();
  const ref = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const less = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    const more = event.key === 'ArrowRight' || event.key === 'ArrowDown';
    if (!less && !more) return;
    event.preventDefault();
    onRatio(ratio + (more ? STEP : -STEP));
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = ref.current?.parentElement?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onRatio(direction === 'row' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is a widget, not a rule
    <div
      ref={ref}
      className="splitter"
      role="separator"
      tabIndex={0}
      data-own-keys
      aria-label={t('terminal.splitter')}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(ratio * 100)}
      aria-valuemin={RATIO_MIN * 100}
      aria-valuemax={RATIO_MAX * 100}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
