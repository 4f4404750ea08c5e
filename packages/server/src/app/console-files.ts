import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Where the built pages lie: the same place beside the sources, the build and the installed package. */
export function consoleDirectory(): string | undefined {
  const directory = fileURLToPath(new URL('../../../console/dist/', import.meta.url));
  return existsSync(`${directory}index.html`) ? directory : undefined;
}

/** The page that goes into evidence bundles. Not among the pages that are served: it runs from disk only. */
export async function evidencePage(): Promise<string | undefined> {
  const file = fileURLToPath(new URL('../../../console/dist-evidence/evidence.html', import.meta.url));
  return existsSync(file) ? await readFile(file, 'utf8') : undefined;
}
