import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built pages lie: the same place beside the sources, the build and the installed package. */
export function consoleDirectory(): string | undefined {
  const directory = fileURLToPath(new URL('../../../console/dist/', import.meta.url));
  return existsSync(`${directory}index.html`) ? directory : undefined;
}
