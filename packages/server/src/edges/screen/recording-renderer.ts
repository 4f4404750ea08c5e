/**
 * Each export is drawn in a thread of its own with a bound on its memory: what a stranger's output does to an emulator
 * stays there. Events are handed over a batch at a time and the next is read when the last is drawn, so that neither side
 * holds more than two.
 */
import { Worker } from 'node:worker_threads';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { lengthText } from '@sallyport/core/model/session-length.js';
import { MAX_SVG_CHARACTERS } from '@sallyport/core/terminal/svg-film.js';
import type { OpenedPart, RecordingRenderer, RenderRequest } from '../../gateway/ports/recording-renderer.js';
import type { RenderOutcome, RenderTask } from './render-job.js';

const BATCH_BYTES = 256 * 1024;
const BATCH_EVENTS = 4_096;
const MAX_AT_ONCE = 2;
const MAX_HEAP_MB = 384;

export interface RecordingRendererOptions {
  /** The worker's module, when it does not lie beside this one. */
  readonly worker?: URL;
}

export function createRecordingRenderer(options: RecordingRendererOptions = {}): RecordingRenderer {
  const module = options.worker ?? new URL('./render-worker.js', import.meta.url);
  const running = new Set<Worker>();

  function begin(kind: RenderTask['kind'], { header, part, signal }: RenderRequest): Drawing | undefined {
    if (running.size >= MAX_AT_ONCE) return undefined;
    const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = part;
    const task: RenderTask = { kind, size: header.size, title: header.title, fromMs, toMs };
    const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB };
    const worker = new Worker(module, { workerData: task, resourceLimits });
    worker.unref();
    running.add(worker);
    const drawing = new Drawing(worker, () => running.delete(worker));
    signal.addEventListener('abort', () => void drawing.end(), { once: true });
    if (signal.aborted) void drawing.end();
    return drawing;
  }
  const busy = (): Result<never> => fail('unavailable', { detail: 'other exports are being drawn' });

  return {
    async text(request) {
      const drawing = begin('text', request);
      if (drawing === undefined) return busy();
      return ok(
        (async function* () {
          try {
            for await (const batch of batches(request.events)) {
              const { text, done } = await drawing.draw(batch);
              if (text !== '') yield text;
              if (done) return;
            }
          } finally {
            await drawing.end();
          }
        })(),
      );
    },

    async svg(request) {
      const drawing = begin('svg', request);
      if (drawing === undefined) return busy();
      try {
        for await (const batch of batches(request.events)) {
          const { text, done, fullAtMs } = await drawing.draw(batch);
          if (fullAtMs !== undefined) {
            const limit = `${MAX_SVG_CHARACTERS / 2 ** 20} MiB`;
            return fail('export.too-long', { limit, reached: lengthText(fullAtMs) });
          }
          if (done) return ok(text);
        }
        return fail('recording.missing');
      } finally {
        await drawing.end();
      }
    },

    async part(request) {
      const drawing = begin('part', request);
      if (drawing === undefined) return busy();
      try {
        const source = batches(request.events)[Symbol.asyncIterator]();
        for (let next = await source.next(); next.done !== true; next = await source.next()) {
          const { opening } = await drawing.draw(next.value);
          if (opening === undefined) continue;
          const rest = next.value.slice(opening.used);
          const { size, bytes } = opening;
          return ok<OpenedPart>({ size, bytes, events: upTo(request.part.toMs, rest, source) });
        }
        return fail('recording.missing');
      } finally {
        await drawing.end();
      }
    },

    async close() {
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}

/** One thread, one batch under way. Rejects when the thread dies, be it of its memory's bound. */
class Drawing {
  private readonly worker: Worker;
  private readonly ended: () => void;

  constructor(worker: Worker, ended: () => void) {
    this.worker = worker;
    this.ended = ended;
    // Told to whoever waits, below; without anybody it is no news.
    worker.on('error', () => {});
    worker.once('exit', ended);
  }

  draw(batch: readonly RecordedEvent[]): Promise<RenderOutcome> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error('the drawing of the recording stopped'));
      worker.once('message', (outcome: RenderOutcome) => {
        worker.removeListener('exit', died);
        resolve(outcome);
      });
      worker.once('exit', died);
      worker.postMessage(batch);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
    this.ended();
  }
}

async function* batches(events: AsyncIterable<RecordedEvent>): AsyncGenerator<readonly RecordedEvent[]> {
  let batch: RecordedEvent[] = [];
  let bytes = 0;
  let last: RecordedEvent | undefined;
  for await (const event of events) {
    last = event;
    batch.push(event);
    bytes += 'bytes' in event ? event.bytes.length : 0;
    if (bytes < BATCH_BYTES && batch.length < BATCH_EVENTS) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  // A recording still being written ends where it stands.
  if (last?.type !== 'end') batch.push({ type: 'end', atMs: last?.atMs ?? 0, offset: last?.offset ?? 0 });
  if (batch.length > 0) yield batch;
}

async function* upTo(
  toMs: number | undefined,
  first: readonly RecordedEvent[],
  rest: AsyncIterator<readonly RecordedEvent[]>,
): AsyncGenerator<RecordedEvent> {
  const limit = toMs ?? Number.POSITIVE_INFINITY;
  try {
    let batch: readonly RecordedEvent[] | undefined = first;
    while (batch !== undefined) {
      for (const event of batch) {
        if (event.atMs > limit) {
          yield { type: 'end', atMs: limit, offset: event.offset };
          return;
        }
        yield event;
      }
      const next: IteratorResult<readonly RecordedEvent[]> = await rest.next();
      batch = next.done === true ? undefined : next.value;
    }
  } finally {
    await rest.return?.();
  }
}
