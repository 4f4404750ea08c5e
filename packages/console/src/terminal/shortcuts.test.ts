import { expect, it } from 'vitest';
import { type KeyPress, shortcutOf } from './shortcuts.js';

const press = (combination: string): KeyPress => {
  const parts = combination.split('+');
  const key = parts.at(-1)!;
  return {
    key,
    code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Meta'),
    isComposing: false,
  };
};
const prompt = { selection: false, alternateScreen: false };

it('Ctrl+C copies only with a selection, Ctrl+V pastes only at a prompt', () => {
  expect(shortcutOf(press('Ctrl+c'), prompt)).toBeUndefined();
  expect(shortcutOf(press('Ctrl+c'), { ...prompt, selection: true })).toBe('copy');
  expect(shortcutOf(press('Ctrl+v'), prompt)).toBe('paste-natively');
  expect(shortcutOf(press('Ctrl+v'), { ...prompt, alternateScreen: true })).toBeUndefined();
  expect(shortcutOf(press('Ctrl+Shift+V'), { ...prompt, alternateScreen: true })).toBe('paste-natively');
  expect(shortcutOf(press('Shift+Insert'), { ...prompt, alternateScreen: true })).toBe('paste-natively');
});

it('the page’s own keys, and none while a word is being composed', () => {
  const expected = {
    'Ctrl+Shift+C': 'copy',
    'Ctrl+Shift+F': 'find',
    'Ctrl+Shift+D': 'split-right',
    'Ctrl+Shift+E': 'split-down',
    'Ctrl+Shift+K': 'palette',
    'Ctrl+Alt+PageUp': 'previous-tab',
    'Ctrl+Alt+PageDown': 'next-tab',
    'Ctrl+F6': 'leave',
    'Ctrl+Shift+F6': 'leave-back',
  };
  for (const [keys, action] of Object.entries(expected)) {
    expect(shortcutOf(press(keys), prompt), keys).toBe(action);
    expect(shortcutOf({ ...press(keys), isComposing: true }, prompt)).toBeUndefined();
  }
});

it('everything else reaches the shell', () => {
  for (const keys of [
    'F6',
    'Ctrl+d',
    'Ctrl+r',
    'Alt+b',
    'Ctrl+Alt+c',
    'Meta+c',
    'Tab',
    'Escape',
    'Ctrl+Shift+A',
    'Insert',
  ]) {
    expect(shortcutOf(press(keys), prompt), keys).toBeUndefined();
  }
});
