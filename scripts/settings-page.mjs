/** Writes docs/operate/settings.md from the table of settings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './workspace.mjs';

await ensureBuilt();
const { settingsPage } = await import('../packages/server/dist/app/settings-page.js');
mkdirSync(join(root, 'docs/operate'), { recursive: true });
writeFileSync(join(root, 'docs/operate/settings.md'), settingsPage());
