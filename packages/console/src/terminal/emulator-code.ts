import type { createEmulator } from './emulator.js';

let code: Promise<typeof createEmulator> | undefined;

/** The largest part of the terminal, loaded once. A load that failed may be tried again. */
export function emulatorCode(): Promise<typeof createEmulator> {
  code ??= import('./emulator.js').then(
    (module) => module.createEmulator,
    (error: unknown) => {
      code = undefined;
      throw error;
    },
  );
  return code;
}
