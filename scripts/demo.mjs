/** `npm run demo`: as `npm start`, with throw-away data, sample users and a demo target. */
import { join } from 'node:path';
import { ensureBuilt, root } from './workspace.mjs';

await ensureBuilt();
process.argv = [process.execPath, join(root, 'packages/cli/bin/sallyport.js'), 'demo', ...process.argv.slice(2)];
await import('../packages/cli/bin/sallyport.js');
