/** `npm start`: installs and builds what is missing or changed, then serves. Arguments go to `sallyport serve`. */
import { join } from 'node:path';
import { ensureBuilt, root } from './workspace.mjs';

await ensureBuilt();
const given = process.argv.slice(2);
const namesData = given.some((argument) => argument === '--data' || argument.startsWith('--data='));
const data = namesData || process.env.SALLYPORT_DATA ? [] : ['--data', join(root, 'data')];
process.argv = [process.execPath, join(root, 'packages/cli/bin/sallyport.js'), 'serve', ...data, ...given];
await import('../packages/cli/bin/sallyport.js');
