/**
 * Tabs and the panes inside them, as plain values. A tab is a tree of splits whose leaves are panes; closing the last
 * pane closes the tab. Pure, so the URL, the stored state and the picture always agree.
 */
export type Split = 'row' | 'column';
export type PaneTree =
  | { readonly pane: string }
  | { readonly split: Split; readonly ratio: number; readonly first: PaneTree; readonly second: PaneTree };
export interface Tab {
  readonly id: string;
  readonly tree: PaneTree;
  /** The pane with the keyboard, or that had it last. */
  readonly focused: string;
}
export interface Layout {
  readonly tabs: readonly Tab[];
  readonly active: string | undefined;
}
export const EMPTY_LAYOUT: Layout = { tabs: [], active: undefined };
export const RATIO_MIN = 0.15;
export const RATIO_MAX = 0.85;

export const panesOf = (tree: PaneTree): readonly string[] =>
  'pane' in tree ? [tree.pane] : [...panesOf(tree.first), ...panesOf(tree.second)];
export const allPanes = (layout: Layout): readonly string[] => layout.tabs.flatMap((tab) => panesOf(tab.tree));
export const activeTab = (layout: Layout): Tab | undefined => layout.tabs.find((tab) => tab.id === layout.active);
export const tabOfPane = (layout: Layout, pane: string): Tab | undefined =>
  layout.tabs.find((tab) => panesOf(tab.tree).includes(pane));

/** A tab's id is its first pane's: no second set of names. */
export function addTab(layout: Layout, pane: string): Layout {
  return { tabs: [...layout.tabs, { id: pane, tree: { pane }, focused: pane }], active: pane };
}

function replace(tree: PaneTree, pane: string, by: (leaf: PaneTree) => PaneTree | undefined): PaneTree | undefined {
  if ('pane' in tree) return tree.pane === pane ? by(tree) : tree;
  const first = replace(tree.first, pane, by);
  const second = replace(tree.second, pane, by);
  if (!first || !second) return first ?? second;
  return first === tree.first && second === tree.second ? tree : { ...tree, first, second };
}

export function splitPane(layout: Layout, pane: string, split: Split, added: string): Layout {
  return {
    ...layout,
    tabs: layout.tabs.map((tab) => {
      const tree = replace(tab.tree, pane, (leaf) => ({ split, ratio: 0.5, first: leaf, second: { pane: added } }));
      return !tree || tree === tab.tree ? tab : { ...tab, tree, focused: added };
    }),
  };
}

export function removePane(layout: Layout, pane: string): Layout {
  const at = layout.tabs.findIndex((tab) => panesOf(tab.tree).includes(pane));
  const tab = layout.tabs[at];
  if (!tab) return layout;
  const tree = replace(tab.tree, pane, () => undefined);
  if (!tree) {
    const tabs = layout.tabs.filter((other) => other !== tab);
    const neighbour = tabs[Math.min(at, tabs.length - 1)]?.id;
    return { tabs, active: layout.active === tab.id ? neighbour : layout.active };
  }
  const focused = tab.focused === pane ? (panesOf(tree)[0] ?? '') : tab.focused;
  const id = tab.id === pane ? focused : tab.id;
  return {
    tabs: layout.tabs.map((other) => (other === tab ? { id, tree, focused } : other)),
    active: layout.active === tab.id ? id : layout.active,
  };
}

export function focusPane(layout: Layout, pane: string): Layout {
  const tab = tabOfPane(layout, pane);
  if (!tab || (tab.focused === pane && layout.active === tab.id)) return layout;
  return {
    tabs: layout.tabs.map((other) => (other === tab ? { ...tab, focused: pane } : other)),
    active: tab.id,
  };
}

export function stepTab(layout: Layout, by: 1 | -1): Layout {
  const at = layout.tabs.findIndex((tab) => tab.id === layout.active);
  const next = layout.tabs[(at + by + layout.tabs.length) % layout.tabs.length];
  return next ? { ...layout, active: next.id } : layout;
}

/** The split whose second part begins with `pane` (each split has exactly one such pane). */
export function setRatio(layout: Layout, pane: string, ratio: number): Layout {
  const held = Math.min(RATIO_MAX, Math.max(RATIO_MIN, ratio));
  const inside = (tree: PaneTree): PaneTree => {
    if ('pane' in tree) return tree;
    if (panesOf(tree.second)[0] === pane) return { ...tree, ratio: held, first: tree.first };
    return { ...tree, first: inside(tree.first), second: inside(tree.second) };
  };
  return { ...layout, tabs: layout.tabs.map((tab) => ({ ...tab, tree: inside(tab.tree) })) };
}
