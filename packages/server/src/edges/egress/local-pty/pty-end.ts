import { readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { spawn } from '@lydell/node-pty';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { TargetEnd, TargetEndCause } from '../../../gateway/ports/target-connector.js';

/** What is read ahead while paused; beyond it the terminal itself is left unread and the program waits. */
const READ_AHEAD_BYTES = 256 * 1024;
/** Unsent input beyond which the client is told to wait. */
const INPUT_HIGH_BYTES = 64 * 1024;
/** A full terminal tells nobody when it has room again. */
const RETRY_MS = 10;
/** The library throws a paused terminal's last bytes away 200 ms after its program exits: look more often. */
const EXIT_WATCH_MS = 50;
/** After HUP; a program that ignores it is killed. */
const KILL_AFTER_MS = 1_000;
/** Somebody wants it gone: the time in which a shell hands HUP on to its jobs. */
const KILL_AT_ONCE_MS = 100;

/** The library's terminal as it is with raw bytes; its types tell of text and hide the descriptor. */
interface RawPty {
  readonly pid: number;
  readonly fd: number;
  on(event: 'data', call: (bytes: Buffer) => void): void;
  on(event: 'error', call: (error: Error) => void): void;
  on(event: 'end', call: () => void): void;
  on(event: 'exit', call: (code: number, signal: number) => void): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

export function spawnPty(
  shell: string,
  args: readonly string[],
  { cols, rows }: TerminalSize,
  env: Record<string, string | undefined>,
  cwd: string,
): RawPty {
  return spawn(shell, [...args], { name: 'xterm-256color', cols, rows, cwd, env, encoding: null }) as unknown as RawPty;
}

export function createPtyEnd(pty: RawPty): TargetEnd {
  let handlers: Parameters<TargetEnd['start']>[0] | undefined;
  let paused = true; // until start
  let unread: Buffer[] = [];
  let unreadBytes = 0;
  let held = false; // the terminal itself is not being read
  let unsent: Uint8Array[] = [];
  let unsentBytes = 0;
  let full = false;
  let retry: NodeJS.Timeout | undefined;
  let exitWatch: NodeJS.Timeout | undefined;
  let kill: NodeJS.Timeout | undefined;
  let broken = false; // the descriptor may belong to somebody else by now
  let closing = false;
  let cause: TargetEndCause | undefined;
  let told = false;

  const isAlive = (): boolean => {
    try {
      process.kill(pty.pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pty.pid, signal);
    } catch {
      // gone already
    }
  };
  const letGo = (): void => {
    clearInterval(exitWatch);
    if (!held) return;
    held = false;
    pty.resume();
  };
  const hold = (): void => {
    if (held || !isAlive()) return;
    held = true;
    pty.pause();
    exitWatch = setInterval(() => {
      if (!isAlive()) letGo();
    }, EXIT_WATCH_MS);
    exitWatch.unref();
  };
  const deliver = (): void => {
    while (!paused && unread.length > 0) {
      const bytes = unread.shift();
      if (!bytes) break;
      unreadBytes -= bytes.length;
      if (!closing) handlers?.onOutput(bytes);
    }
    if (unread.length === 0 && !paused) letGo();
    if (cause && handlers && !told && (closing || (unread.length === 0 && !paused))) {
      told = true;
      handlers.onEnd(cause);
    }
  };
  const flush = (): void => {
    retry = undefined;
    while (unsent.length > 0 && !broken) {
      const [bytes] = unsent;
      if (!bytes) break;
      let written: number;
      try {
        written = writeSync(pty.fd, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') broken = true;
        else retry = setTimeout(flush, RETRY_MS);
        break;
      }
      unsentBytes -= written;
      if (written < bytes.length) unsent[0] = bytes.subarray(written);
      else unsent.shift();
    }
    if (broken) unsent = [];
    if (full && (broken || unsent.length === 0)) {
      full = false;
      if (!cause && !closing) handlers?.onDrain();
    }
  };

  const take = (bytes: Buffer): void => {
    unread.push(bytes);
    unreadBytes += bytes.length;
    deliver();
    if (unreadBytes > READ_AHEAD_BYTES) hold();
  };

  pty.on('data', take);
  // The event loop calls a terminal ended at its hang-up, with up to 64 KiB still in the kernel: read them here.
  pty.on('end', () => {
    for (const bytes of remainder(pty.fd)) take(bytes);
  });
  // Input/output errors are how a terminal ends; without a listener of ours the library throws others.
  pty.on('error', () => {
    broken = true;
  });
  pty.on('exit', (exitCode, signal) => {
    broken = true;
    for (const timer of [retry, kill]) clearTimeout(timer);
    clearInterval(exitWatch);
    cause = signal ? { kind: 'exit', signal: signalName(signal) } : { kind: 'exit', exitCode };
    deliver();
  });

  return {
    start(given) {
      handlers = given;
      paused = false;
      deliver();
    },
    write(bytes) {
      if (broken || closing) return true;
      // The library's own write blocks the whole process while the terminal is full.
      unsent.push(bytes);
      unsentBytes += bytes.length;
      if (!retry) flush();
      full ||= unsentBytes > INPUT_HIGH_BYTES;
      return !full;
    },
    takeInputBack() {
      const count = unsentBytes;
      unsent = [];
      unsentBytes = 0;
      clearTimeout(retry);
      flush();
      return count;
    },
    resize({ cols, rows }) {
      if (broken || closing) return;
      try {
        pty.resize(cols, rows);
      } catch {
        broken = true;
      }
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      deliver();
    },
    close(how) {
      if (closing || cause) return;
      closing = true;
      broken = true;
      clearTimeout(retry);
      unread = [];
      unreadBytes = 0;
      letGo();
      signalGroup('SIGHUP');
      pty.destroy(); // the kernel tells whatever runs in the foreground
      kill = setTimeout(() => signalGroup('SIGKILL'), how === 'kill' ? KILL_AT_ONCE_MS : KILL_AFTER_MS);
    },
  };
}

/** Nobody holds the other side any more, so this ends; the descriptor never blocks. */
function* remainder(fd: number): Generator<Buffer> {
  for (;;) {
    const bytes = Buffer.alloc(64 * 1024);
    let length: number;
    try {
      length = readSync(fd, bytes);
    } catch {
      return; // EIO: the end of a terminal; EAGAIN: nothing there
    }
    if (length === 0) return;
    yield bytes.subarray(0, length);
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found ? found[0] : `signal ${number}`;
}
