/** The thread in which emulators live. One message at a time; those of one object in order. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { IndexJob } from './index-job.js';
import { createLiveScreen, type LiveScreen, reopenLiveScreen } from './live-screen.js';
import type { FromWorker, ToWorker } from './screen-messages.js';

const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const screens = new Map<number, LiveScreen>();
const jobs = new Map<number, { readonly job: IndexJob; last: Promise<unknown> }>();
const { nice } = workerData as { readonly nice: number };
try {
  setPriority(nice); // of this thread alone
} catch {
  // Not allowed here: it then shares the processor evenly.
}

const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

async function ofJob(job: IndexJob, message: ToWorker): Promise<unknown> {
  switch (message.kind) {
    case 'add':
      return job.add(message.bytes);
    case 'cutOff':
      return job.cutOff();
    case 'table':
      return job.table();
    case 'thumbnail':
      return job.thumbnail;
    case 'keyframes':
      return job.keyframes(message.start, message.end);
    case 'file':
      return job.file(message.recordingBytes, message.head);
    default:
      throw new Error(`an index knows no ${message.kind}`);
  }
}
function ofScreen(screen: LiveScreen, message: ToWorker): unknown {
  switch (message.kind) {
    case 'write':
      try {
        screen.write(message.bytes, message.offset);
      } finally {
        post({ kind: 'parsed', object: message.object, bytes: message.bytes.length });
      }
      return undefined;
    case 'resize':
      return screen.resize(message.size);
    case 'snapshot':
      return screen.snapshot(message.history);
    case 'scrolledFull':
      return screen.scrolledFull();
    case 'picture':
      return screen.picture(message.atMs);
    case 'settled':
      return undefined;
    default:
      throw new Error(`a screen knows no ${message.kind}`);
  }
}

port.on('message', (message: ToWorker) => {
  const { object } = message;
  const answer = (value: unknown): void => {
    if ('call' in message) post({ kind: 'answer', call: message.call, value });
  };
  const failed = (error: unknown): void => {
    const detail = error instanceof Error ? error.message : 'failed';
    if ('call' in message) post({ kind: 'failed', call: message.call, detail });
  };
  if (message.kind === 'open') {
    screens.set(object, createLiveScreen(message.size, message.offset, message.scrollback));
  } else if (message.kind === 'reopen') {
    screens.set(object, reopenLiveScreen(message.from));
  } else if (message.kind === 'index') {
    jobs.set(object, { job: new IndexJob(), last: Promise.resolve() });
  } else if (message.kind === 'close') {
    screens.get(object)?.dispose();
    screens.delete(object);
    const work = jobs.get(object);
    jobs.delete(object);
    void work?.last.finally(() => work.job.dispose());
  } else {
    const work = jobs.get(object);
    if (work) {
      work.last = work.last.then(() => ofJob(work.job, message)).then(answer, failed);
      return;
    }
    const screen = screens.get(object);
    try {
      if (screen) answer(ofScreen(screen, message));
      else failed(new Error('it is closed'));
    } catch (error) {
      failed(error);
      // What it shows now is anybody's guess: whoever asks next begins anew.
      if (!('call' in message)) screens.delete(object);
    }
  }
});
