import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  activeTab,
  addTab,
  allPanes,
  EMPTY_LAYOUT,
  focusPane,
  type Layout,
  panesOf,
  removePane,
  setRatio,
  splitPane,
  stepTab,
} from './layout.js';

it('splits, closes and keeps the neighbour', () => {
  let layout = splitPane(splitPane(addTab(EMPTY_LAYOUT, 'a'), 'a', 'row', 'b'), 'b', 'column', 'c');
  expect(panesOf(activeTab(layout)!.tree)).toEqual(['a', 'b', 'c']);
  expect(activeTab(layout)?.focused).toBe('c');
  layout = setRatio(layout, 'c', 5);
  expect(layout.tabs[0]?.tree).toMatchObject({ ratio: 0.5, second: { split: 'column', ratio: 0.85 } });
  layout = removePane(layout, 'b');
  expect(layout.tabs[0]?.tree).toEqual({ split: 'row', ratio: 0.5, first: { pane: 'a' }, second: { pane: 'c' } });
  layout = removePane(removePane(addTab(layout, 'd'), 'c'), 'a');
  expect(layout).toEqual({ tabs: [{ id: 'd', tree: { pane: 'd' }, focused: 'd' }], active: 'd' });
});

it('tabs turn around at both ends', () => {
  const layout = addTab(addTab(addTab(EMPTY_LAYOUT, 'a'), 'b'), 'c');
  expect(stepTab(layout, 1).active).toBe('a');
  expect(stepTab(layout, -1).active).toBe('b');
  expect(stepTab(EMPTY_LAYOUT, 1)).toEqual(EMPTY_LAYOUT);
});

it('law: any walk keeps each pane once, a tab active while there is one, focus inside its tab', () => {
  const step = fc.record({ act: fc.constantFrom('add', 'row', 'column', 'remove', 'focus', 'next'), at: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let layout: Layout = EMPTY_LAYOUT;
      let born = 0;
      for (const { act, at } of steps) {
        const panes = allPanes(layout);
        const pane = panes[at % Math.max(1, panes.length)];
        if (act === 'add') layout = addTab(layout, `p${born++}`);
        else if (act === 'next') layout = stepTab(layout, 1);
        else if (pane === undefined) continue;
        else if (act === 'remove') layout = removePane(layout, pane);
        else if (act === 'focus') layout = focusPane(layout, pane);
        else layout = splitPane(layout, pane, act === 'row' ? 'row' : 'column', `p${born++}`);
        const now = allPanes(layout);
        expect(new Set(now).size).toBe(now.length);
        expect(activeTab(layout) !== undefined).toBe(layout.tabs.length > 0);
        expect(new Set(layout.tabs.map((tab) => tab.id)).size).toBe(layout.tabs.length);
        for (const tab of layout.tabs) expect(panesOf(tab.tree)).toContain(tab.focused);
      }
    }),
  );
});
