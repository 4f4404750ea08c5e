import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTING_KEYS, SETTINGS } from './settings.js';
import { settingsPage } from './settings-page.js';

test('docs/operate/settings.md is the table of settings; `npm run settings-page` writes it anew', () => {
  const page = readFileSync(new URL('../../../../docs/operate/settings.md', import.meta.url), 'utf8');
  expect(page).toBe(settingsPage());
});

test('the page names every setting with its variable and flag', () => {
  const page = settingsPage();
  for (const key of SETTING_KEYS)
    for (const text of [key, SETTINGS[key].env, SETTINGS[key].flag]) expect(page).toContain(text);
});
