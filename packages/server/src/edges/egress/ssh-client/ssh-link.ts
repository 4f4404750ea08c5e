/**
 * One connection to one host through the library. Everything it reports ends in promises or in one `onFailure`; nothing
 * it throws gets out.
 *
 * The host key is asked about after the exchange, when the host has proved to own it, and sign-in is held until then:
 * the library's own waiting verifier lets a hostile host reach the sign-in before the answer, over a link without keys.
 * INVARIANT: nothing of the login goes out before `signIn` is called (V37).
 */
import type { Socket } from 'node:net';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { type AnyAuthMethod, Client, type ClientChannel } from 'ssh2';
import { offeredAlgorithms } from './algorithms.js';
import { OUR_NAME } from './greeting.js';
import { grantWindow, rekey } from './library-internals.js';
import { readOfferedLists } from './offered-lists.js';
import type { SignIn } from './sign-in.js';

/**
 * What the page sends is UTF-8; a shell in the C locale takes the bytes of 你 for Meta keys. OpenSSH's own client sends
 * its locale too, and servers accept LC_* by default. Only the character type: the language stays the host's.
 */
const SHELL_ENVIRONMENT = { LC_CTYPE: 'C.UTF-8' };

export interface LinkSettings {
  readonly legacyAlgorithms: boolean;
  readonly keepaliveMs: number;
  readonly rekeyBytes: number;
  readonly term: string;
}

export interface ShellExit {
  readonly code: number | null;
  readonly signal: string | undefined;
}

export interface SshLink {
  /** The host's key in wire form, once the exchange is done and signed by it. */
  readonly exchanged: Promise<Buffer>;
  /** Resolves when the host let the login in. Call once. */
  signIn(signIn: SignIn): Promise<void>;
  openShell(size: TerminalSize): Promise<ClientChannel>;
  grantWindow(channel: ClientChannel, bytes: number): void;
  /** What the host wants read before the shell (RFC 4252, 5.4), at most 16 KiB. */
  readonly banner: () => string;
  offered(what: string): string | undefined;
  /** Told at most once, with the first error. */
  onFailure(call: (error: Error) => void): void;
  /** What the shell said of its end, once; told at once when it has been said already. */
  onExit(call: (exit: ShellExit) => void): void;
  onClosed(call: () => void): void;
  /** Says goodbye and lets the socket go within `LINGER_MS`. */
  close(): void;
  destroy(): void;
}

/** Unanswered keep-alives before a host counts as lost: 3 intervals, 45 s (F9). */
const KEEPALIVES_UNANSWERED_MAX = 2;
const BANNER_MAX = 16 * 1024;
/** A goodbye that cannot be written must not hold the socket: below the 2 s the port promises. */
const LINGER_MS = 1_500;
/** More than these and one per 16 KiB is an attack, each costs us a key agreement. OpenSSH may do one per 32 KiB packet. */
const EXCHANGES_FREE = 32;
const EXCHANGE_BYTES_MIN = 16 * 1024;
/** While keys are exchanged our answers wait in memory; a host that goes on talking instead would fill it (V14). */
const EXCHANGE_BYTES_MAX = 16 * 1024 * 1024;
/** A host that asks and asks but does not read the answers would fill it too; a paste stops at a quarter of this. */
const UNSENT_BYTES_MAX = 1024 * 1024;

export function openLink(socket: Socket, settings: LinkSettings): SshLink {
  const client = new Client();
  const lists = readOfferedLists();
  let firstError: Error | undefined;
  let tellFailure: ((error: Error) => void) | undefined;
  let exit: ShellExit | undefined;
  let tellExit: ((exit: ShellExit) => void) | undefined;
  let closed = false;
  const onClosed: (() => void)[] = [];
  let hostKey: Buffer | undefined;
  let exchanges = 0;
  let rekeyAt = settings.rekeyBytes;
  let rekeySince: number | undefined;
  let banner = '';
  let signIn: SignIn | undefined;
  let held: (() => void) | undefined;

  const failed = (error: Error): void => {
    if (firstError) return;
    firstError = error;
    tellFailure?.(error);
  };
  /** Runs a call into the library, which throws after its own fatal errors. */
  const guarded = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      failed(error instanceof Error ? error : new Error('the SSH library failed'));
      socket.destroy();
    }
  };

  const traffic = (): number => socket.bytesRead + socket.bytesWritten;
  const cut = (why: string): void => {
    failed(new Error(why));
    socket.destroy();
  };
  const onTraffic = (): void => {
    const now = traffic();
    if (socket.writableLength > UNSENT_BYTES_MAX) cut('the host does not read');
    if (rekeySince !== undefined && now - rekeySince > EXCHANGE_BYTES_MAX) cut('the host does not exchange keys');
    if (now < rekeyAt) return;
    rekeyAt = now + settings.rekeyBytes;
    rekeySince ??= now;
    guarded(() => rekey(client));
  };

  let resolveExchanged: (key: Buffer) => void;
  const exchanged = new Promise<Buffer>((resolve) => {
    resolveExchanged = resolve;
  });
  let resolveSignedIn: () => void;
  const signedIn = new Promise<void>((resolve) => {
    resolveSignedIn = resolve;
  });

  client
    .on('error', failed)
    .on('handshake', () => {
      exchanges += 1;
      rekeySince = undefined;
      if (exchanges > EXCHANGES_FREE + traffic() / EXCHANGE_BYTES_MIN) cut('the host exchanges keys without end');
      else if (hostKey) resolveExchanged(hostKey);
    })
    .on('banner', (text) => {
      if (banner.length < BANNER_MAX) banner += text.slice(0, BANNER_MAX - banner.length);
    })
    .on('change password', () => {
      failed(Object.assign(new Error('the password has expired'), { level: 'client-authentication' }));
      socket.destroy();
    })
    .on('ready', () => {
      if (signIn) resolveSignedIn();
      else cut('the host let us in before we asked');
    })
    .on('close', () => {
      failed(new Error('the host closed the connection'));
      closed = true;
      for (const call of onClosed) call();
    });

  guarded(() =>
    client.connect({
      sock: socket,
      username: '',
      ident: OUR_NAME,
      algorithms: offeredAlgorithms(settings.legacyAlgorithms),
      readyTimeout: 0, // ours, per step
      keepaliveInterval: settings.keepaliveMs,
      keepaliveCountMax: KEEPALIVES_UNANSWERED_MAX,
      hostVerifier: (key: Buffer): boolean => {
        hostKey ??= Buffer.from(key);
        return hostKey.equals(key); // also asked at each rekey: the key must stay
      },
      authHandler(methodsLeft, _partial, next) {
        const proceed = (): void => guarded(() => next((signIn?.(methodsLeft ?? []) ?? false) as AnyAuthMethod));
        if (signIn) proceed();
        else held = proceed;
      },
    }),
  );
  // After connect, which pauses the socket: no byte flows to us alone.
  socket.on('data', (chunk: Buffer) => {
    if (exchanges === 0) lists.see(chunk);
    onTraffic();
  });

  return {
    exchanged,
    signIn(how) {
      signIn = how;
      held?.();
      return signedIn;
    },
    openShell: ({ cols, rows }) =>
      new Promise((resolve, reject) => {
        try {
          const window = { cols, rows, width: 0, height: 0, term: settings.term };
          client.shell(window, { env: SHELL_ENVIRONMENT }, (error, channel) => {
            if (error) return reject(error);
            // Heard here and now: a shell that ends at once says its status in the same packet as its beginning.
            channel.on('exit', (code: number | null, signal?: string) => {
              exit = { code, signal };
              tellExit?.(exit);
            });
            resolve(channel);
          });
        } catch (error) {
          reject(error instanceof Error ? error : new Error('the SSH library failed'));
        }
      }),
    grantWindow: (channel, bytes) => grantWindow(client, channel, bytes),
    banner: () => banner,
    offered: (what) => lists.list(what),
    onFailure(call) {
      tellFailure = call;
      if (firstError) call(firstError);
    },
    onExit(call) {
      tellExit = call;
      if (exit) call(exit);
    },
    onClosed(call) {
      if (closed) call();
      else onClosed.push(call);
    },
    close() {
      guarded(() => client.end());
      if (closed) return;
      const late = setTimeout(() => socket.destroy(), LINGER_MS);
      late.unref();
      onClosed.push(() => clearTimeout(late));
    },
    destroy() {
      socket.destroy();
    },
  };
}
