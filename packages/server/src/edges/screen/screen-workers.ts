/**
 * Screens in worker threads: some for the screens of running sessions, one, of low priority, for replay indexes. Workers
 * are started when they are first needed. One that dies takes its screens with it: what is asked of them then rejects,
 * and a new one is started for new ones.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import type { IndexDraft, PlacedSnapshot, Screen, Screens } from '../../gateway/ports/screens.js';
import type { FromWorker, Question, ToWorker } from './screen-messages.js';

const INDEX_NICE = 10;

export interface ScreenWorkersOptions {
  /** The worker's module, when it does not lie beside this one. */
  readonly worker?: URL;
  /** For live screens. */
  readonly workers?: number;
}

export function createScreenWorkers(options: ScreenWorkersOptions = {}): Screens {
  const worker = options.worker ?? new URL('./screen-worker.js', import.meta.url);
  const count = options.workers ?? Math.max(1, availableParallelism() - 1);
  const live: Bench[] = Array.from({ length: count }, () => new Bench(worker, 0));
  const indexer = new Bench(worker, INDEX_NICE);
  let turn = 0;
  return {
    open(size, { scrollback, offset = 0 } = {}) {
      const bench = live[turn++ % live.length]!;
      const object = bench.make((id) => ({
        kind: 'open',
        object: id,
        size,
        offset,
        ...(scrollback === undefined ? {} : { scrollback }),
      }));
      return screenOn(bench, object);
    },
    reopen(from) {
      const bench = live[turn++ % live.length]!;
      return screenOn(
        bench,
        bench.make((object) => ({ kind: 'reopen', object, from })),
      );
    },
    warm() {
      for (const bench of live) bench.warm();
    },
    index() {
      return draftOn(
        indexer,
        indexer.make((object) => ({ kind: 'index', object })),
      );
    },
    async close() {
      await Promise.all([...live, indexer].map((bench) => bench.close()));
    },
  };
}

function screenOn(bench: Bench, object: number): Screen {
  return {
    write(bytes, offset) {
      bench.wrote(object, bytes.length);
      // Of its own, or all of the pool that it is part of would be sent.
      const own = new Uint8Array(bytes);
      bench.tell({ kind: 'write', object, bytes: own, ...(offset === undefined ? {} : { offset }) }, [own.buffer]);
    },
    resize: (size) => bench.tell({ kind: 'resize', object, size }),
    snapshot: (history = 0) => bench.ask(object, { kind: 'snapshot', history }) as Promise<PlacedSnapshot | undefined>,
    scrolledFull: () => bench.ask(object, { kind: 'scrolledFull' }) as Promise<boolean>,
    picture: (atMs) => bench.ask(object, { kind: 'picture', atMs }) as Promise<Thumbnail>,
    get unparsed() {
      return bench.unparsed(object);
    },
    settled: async () => void (await bench.ask(object, { kind: 'settled' })),
    close: () => bench.drop(object),
  };
}

function draftOn(bench: Bench, object: number): IndexDraft {
  const ask = (question: Question): Promise<unknown> => bench.ask(object, question);
  return {
    add: (bytes) => ask({ kind: 'add', bytes }) as Promise<boolean>,
    cutOff: async () => void (await ask({ kind: 'cutOff' })),
    table: () => ask({ kind: 'table' }) as Promise<Uint8Array | undefined>,
    keyframes: (start, end) => ask({ kind: 'keyframes', start, end }) as Promise<Uint8Array>,
    thumbnail: () => ask({ kind: 'thumbnail' }) as Promise<Thumbnail | undefined>,
    file: (recordingBytes, head) => ask({ kind: 'file', recordingBytes, head }) as Promise<Uint8Array | undefined>,
    close: () => bench.drop(object),
  };
}

/** One worker, its objects, and the questions it owes an answer. */
class Bench {
  private readonly module: URL;
  private readonly nice: number;
  private worker: Worker | undefined;
  private closed = false;
  private nextObject = 1;
  private nextCall = 1;
  private readonly calls = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>();
  private readonly waiting = new Map<number, number>();

  constructor(module: URL, nice: number) {
    this.module = module;
    this.nice = nice;
  }

  make(message: (object: number) => ToWorker): number {
    const object = this.nextObject++;
    this.waiting.set(object, 0);
    this.start();
    this.tell(message(object));
    return object;
  }

  warm(): void {
    this.start();
  }

  drop(object: number): void {
    this.waiting.delete(object);
    this.tell({ kind: 'close', object });
  }

  wrote(object: number, bytes: number): void {
    const before = this.waiting.get(object);
    if (before !== undefined) this.waiting.set(object, before + bytes);
  }

  unparsed(object: number): number {
    return this.waiting.get(object) ?? 0;
  }

  tell(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  ask(object: number, question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.worker || !this.waiting.has(object)) {
        reject(new Error('the screen is closed'));
        return;
      }
      const call = this.nextCall++;
      this.calls.set(call, { resolve, reject });
      this.worker.postMessage({ object, call, ...question } satisfies ToWorker);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    this.fail(new Error('the screens are closed'));
    await worker?.terminate();
  }

  private start(): void {
    if (this.worker || this.closed) return;
    const worker = new Worker(this.module, { workerData: { nice: this.nice } });
    worker.unref(); // nothing waits for a picture
    worker.on('message', (message: FromWorker) => this.hear(message));
    worker.once('error', (cause) => worker === this.worker && this.fail(cause));
    worker.once('exit', () => worker === this.worker && this.fail(new Error('the worker of screens stopped')));
    this.worker = worker;
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'parsed') {
      const before = this.waiting.get(message.object);
      if (before !== undefined) this.waiting.set(message.object, before - message.bytes);
      return;
    }
    const call = this.calls.get(message.call);
    this.calls.delete(message.call);
    if (message.kind === 'answer') call?.resolve(message.value);
    else call?.reject(new Error(message.detail));
  }

  private fail(cause: Error): void {
    this.worker = undefined;
    this.waiting.clear();
    for (const { reject } of this.calls.values()) reject(cause);
    this.calls.clear();
  }
}
