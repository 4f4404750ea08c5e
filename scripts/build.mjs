/** `npm run build`: installs what is missing and builds what has changed. */
import { ensureBuilt } from './workspace.mjs';

await ensureBuilt();
