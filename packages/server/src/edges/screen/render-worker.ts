/** The thread in which one recording is drawn. It ends with its task. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { createRenderJob, type RenderTask } from './render-job.js';

const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
try {
  setPriority(10); // of this thread alone
} catch {
  // Not allowed here: it then shares the processor evenly.
}
const job = createRenderJob(workerData as RenderTask);
port.on('message', (events: readonly RecordedEvent[]) => port.postMessage(job.events(events)));
