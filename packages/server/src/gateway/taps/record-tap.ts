/**
 * The tap that records: hands output and resizes to the recording writer with the session's own monotonic time, before
 * the client sees them. Typed input is never handed over (X17). When the writer fails the session's policy decides.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { Clock } from '../ports/clock.js';
import type { RecordingWriter } from '../ports/recording-store.js';

export interface RecordTap {
  output(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** What was done to the session from outside, at this moment. */
  mark(label: string): void;
  readonly pressure: boolean;
  /** Nothing is recorded any more; the host's policy lets the session go on. */
  readonly failed: boolean;
  flush(): Promise<void>;
  seal(exitCode?: number): Promise<void>;
}

export function createRecordTap(
  writer: RecordingWriter,
  clock: Clock,
  on: { relief(): void; failure(detail: string): void },
): RecordTap {
  const startedAt = clock.monotonic();
  const at = (): number => clock.monotonic() - startedAt;
  let failed = false;
  writer.onRelief(on.relief);
  writer.onFailure((detail) => {
    failed = true;
    on.failure(detail);
  });
  return {
    output(bytes) {
      if (!failed) writer.output(at(), bytes);
    },
    resize(size) {
      if (!failed) writer.resize(at(), size);
    },
    mark(label) {
      if (!failed) writer.marker(at(), label);
    },
    get pressure() {
      return !failed && writer.pressure;
    },
    get failed() {
      return failed;
    },
    flush: () => writer.flush(),
    seal: (exitCode) => writer.seal(at(), exitCode),
  };
}
