import type { ImportAnswer } from '@sallyport/core/wire/api-answers.js';
import { ask } from './client.js';

/** The file goes as it is, gzip or plain; nothing of it is read in the page. */
export const importRecording = (file: File, keepInput: boolean, signal: AbortSignal) =>
  ask<ImportAnswer>('POST', 'recordings/import', {
    file,
    signal,
    query: { name: file.name, input: keepInput ? 'keep' : undefined },
  });
