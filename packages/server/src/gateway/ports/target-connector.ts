/**
 * Opens shells on targets. One connector per kind of target; ssh2 today, an own engine later (design/ssh-engine.md):
 * nothing of the library shows through here.
 *
 * Traps: output must be handed over as it comes, in order, never after `onEnd`. While paused a connector must hold the
 * target back by its own protocol's window, not by buffering. `close` is idempotent and answers within 2 s.
 */
import type { AccountSecret } from '@sallyport/core/model/host.js';
import type { Problem, Result } from '@sallyport/core/model/problem.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { StepName } from '@sallyport/core/wire/terminal-frames.js';

export interface TargetAddress {
  readonly hostName: string;
  readonly address: string;
  readonly port: number;
  readonly legacyAlgorithms: boolean;
}

/** What a host showed as its key. `publicKey` is the wire form, base64. */
export interface ShownHostKey {
  readonly algorithm: string;
  readonly fingerprint: string;
  readonly publicKey: string;
}

export interface ConnectRequest {
  readonly target: TargetAddress;
  readonly login: string;
  readonly secret: AccountSecret;
  /** Mandatory. Called before anything secret is sent. A problem refuses; the password then never leaves. */
  verifyHostKey(key: ShownHostKey): Promise<Problem | undefined>;
  /** X6: 80x24 unless the client knows better; TERM is xterm-256color. */
  readonly size: TerminalSize;
  onStep(step: StepName, state: 'now' | 'ok' | 'failed', ms?: number, detail?: string): void;
  /** Aborts the opening at any step. */
  readonly signal: AbortSignal;
}

export type TargetEndCause =
  | { readonly kind: 'exit'; readonly exitCode?: number; readonly signal?: string }
  | { readonly kind: 'lost'; readonly detail: string };

export interface TargetEnd {
  /** Exactly one handler each; set before the first output can arrive, in the same turn `connect` resolves. */
  start(handlers: { onOutput(bytes: Buffer): void; onDrain(): void; onEnd(cause: TargetEndCause): void }): void;
  /** False: the way to the target is full, stop reading the client until `onDrain`. Bytes are taken all the same. */
  write(bytes: Uint8Array): boolean;
  /** Takes back input that `write` took and the host was not sent yet; answers how many bytes. What was sent is the host's. */
  takeInputBack(): number;
  resize(size: TerminalSize): void;
  pause(): void;
  resume(): void;
  /**
   * Hangs up: the remote process group gets HUP, and nothing more is handed over from here on. `kill`: a shell that does
   * not mind HUP is killed, as far as the protocol can reach it. Answers at once, whatever the host does.
   */
  close(how?: 'kill'): void;
}

export interface ProbeAnswer {
  readonly banner?: string;
  readonly key?: ShownHostKey;
  readonly networkMs?: number;
  readonly keyMs?: number;
  readonly problem?: Problem;
}

export interface TargetConnector {
  connect(request: ConnectRequest): Promise<Result<TargetEnd>>;
  /** Network and host key only; sends no login. */
  probe(target: TargetAddress, signal: AbortSignal): Promise<ProbeAnswer>;
}

/** Connect timeout of the founding system (X3). */
export const CONNECT_TIMEOUT_MS = 8_000;
