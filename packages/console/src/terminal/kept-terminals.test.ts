import { expect, it } from 'vitest';
import { missingTargets, NOTHING_KEPT, readKept, readOpenList, writeKept } from './kept-terminals.js';
import { addTab, EMPTY_LAYOUT, splitPane } from './layout.js';

it('what is kept comes back the same, and holds ids only', () => {
  const kept = {
    userId: 'u',
    panes: [
      { pane: 'p1', hostId: 'h', accountId: 'a', sessionId: 's' },
      { pane: 'p2', hostId: 'h', accountId: 'b' },
    ],
    layout: splitPane(addTab(EMPTY_LAYOUT, 'p1'), 'p1', 'row', 'p2'),
  };
  expect(readKept(writeKept(kept))).toEqual(kept);
  expect(Object.keys(JSON.parse(writeKept(kept)) as object)).toEqual(['userId', 'panes', 'layout']);
});

it('spoilt storage gives an empty page, never an error', () => {
  for (const stored of [
    null,
    '',
    '{',
    '[]',
    '{"panes":1}',
    '{"userId":"u","panes":[],"layout":{"tabs":[{"id":"x","tree":{"pane":"x"},"focused":"x"}]}}',
  ]) {
    expect(readKept(stored)).toEqual(NOTHING_KEPT);
  }
});

it('the address names targets; two of a kind need two panes', () => {
  const list = readOpenList(['h1.a1', 'bad', '../x.y', 'h1.a1', 'h2.a2']);
  expect(list.map((target) => target.hostId)).toEqual(['h1', 'h1', 'h2']);
  expect(missingTargets(list, [{ hostId: 'h1', accountId: 'a1' }])).toEqual([list[1], list[2]]);
  expect(missingTargets(list, list)).toEqual([]);
});
