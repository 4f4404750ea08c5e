import type { Socket } from 'node:net';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ClientChannel } from 'ssh2';
import type { TargetEnd, TargetEndCause } from '../../../gateway/ports/target-connector.js';
import { openWindow } from './channel-window.js';
import { lossDetail } from './failure.js';
import { createInputQueue } from './input-queue.js';
import { isClosedByHost } from './library-internals.js';
import { paceReads } from './read-pace.js';
import type { SshLink } from './ssh-link.js';

/** Input on its way to the host beyond which the client is told to wait: a few keystrokes' worth of a paste. */
const INPUT_HIGH_BYTES = 256 * 1024;
const INPUT_LOW_BYTES = 64 * 1024;
/** A shell that said its exit status but never closes its channel is over all the same (W10). */
const EXIT_GRACE_MS = 5_000;

/** Between HUP and KILL, when somebody wants the shell gone: a shell hands HUP on to its jobs in a few milliseconds. */
const KILL_AFTER_MS = 100;

type Handlers = Parameters<TargetEnd['start']>[0];

export function createShellEnd(link: SshLink, channel: ClientChannel, socket: Socket): TargetEnd {
  let handlers: Handlers | undefined;
  let exit: { exitCode?: number; signal?: string } | undefined;
  let lost: string | undefined;
  let closing = false;
  let over: TargetEndCause | undefined;
  let full = false;
  let grace: NodeJS.Timeout | undefined;
  let kill: NodeJS.Timeout | undefined;

  const finish = (): void => {
    if (over) return;
    clearTimeout(grace);
    clearTimeout(kill);
    over = exit || (!lost && !closing) ? { kind: 'exit', ...exit } : { kind: 'lost', detail: lost ?? 'closed' };
    handlers?.onEnd(over);
    link.close();
  };
  const unread = (): number => channel.readableLength + channel.stderr.readableLength;
  const waiting = (): number => input.waiting + channel.writableLength + socket.writableLength;
  const checkDrain = (): void => {
    if (!full || waiting() > INPUT_LOW_BYTES) return;
    full = false;
    if (!over && !closing) handlers?.onDrain();
  };
  const afterExit = (): void => {
    clearTimeout(grace);
    grace = setTimeout(() => (unread() > 0 ? afterExit() : finish()), EXIT_GRACE_MS);
    grace.unref();
  };
  /**
   * The library writes each packet in three pieces, each a system call: a key would cost three. It throws once its
   * connection is broken; its failure is told by the link.
   */
  const quietly = (call: () => void): void => {
    socket.cork();
    try {
      call();
    } catch {
      link.destroy();
    } finally {
      socket.uncork();
    }
  };

  const input = createInputQueue(channel, socket, quietly, () => checkDrain());
  const window = openWindow(channel, (bytes) => quietly(() => link.grantWindow(channel, bytes)));
  link.onFailure((error) => {
    // After the host closed the channel the connection may go: that is an exit, not a loss.
    if (!isClosedByHost(channel)) lost = lossDetail(error);
  });
  link.onClosed(() => {
    if (closing) finish();
  });
  paceReads(socket);
  socket.on('drain', () => {
    input.drained();
    checkDrain();
  });
  socket.on('data', () => {
    if (window.isOverrun()) socket.destroy(new Error('the host ignores flow control'));
  });
  channel.on('error', () => link.destroy());
  channel.stderr.on('error', () => link.destroy());
  link.onExit(({ code, signal }) => {
    exit = {
      ...(code === null ? {} : { exitCode: code }),
      ...(signal === undefined ? {} : { signal }),
    };
    afterExit();
  });
  // Comes after the last byte was handed over.
  channel.on('close', finish);

  const hangUp = (): void => {
    quietly(() => channel.close()); // the host's pty goes, its process group gets HUP
    link.close();
  };

  return {
    start(given) {
      handlers = given;
      const banner = link.banner();
      if (banner) given.onOutput(Buffer.from(banner.replace(/\r?\n/g, '\r\n')));
      const onData = (bytes: Buffer): void => {
        if (over || closing) return;
        given.onOutput(bytes);
        window.read(bytes.length);
      };
      channel.on('data', onData);
      channel.stderr.on('data', onData);
      if (over) given.onEnd(over);
    },
    write(bytes) {
      if (over || closing) return true;
      input.push(bytes);
      // Stays full until `onDrain`, also for what was on its way when the client was told to wait.
      full ||= waiting() > INPUT_HIGH_BYTES;
      return !full;
    },
    takeInputBack() {
      const count = input.takeBack();
      checkDrain();
      return count;
    },
    resize({ cols, rows }: TerminalSize) {
      if (!over && !closing) quietly(() => channel.setWindow(rows, cols, 0, 0));
    },
    pause() {
      channel.pause();
      channel.stderr.pause();
    },
    resume() {
      channel.resume();
      channel.stderr.resume();
    },
    close(how) {
      if (over || closing) return;
      closing = true;
      input.takeBack();
      if (how === undefined) return hangUp();
      // Signals go to the shell's own group: it hands HUP on to its jobs, which KILL would not let it. Hosts that take no
      // signals (forced commands, root logins before OpenSSH 9.8) have HUP from the closed channel.
      quietly(() => channel.signal('HUP'));
      channel.resume(); // held back, it would never tell that the shell is gone
      channel.stderr.resume();
      kill = setTimeout(() => {
        quietly(() => channel.signal('KILL'));
        hangUp();
      }, KILL_AFTER_MS);
    },
  };
}
