/** What ingresses may ask of the gateway: its entry functions as one value, made in app/compose.ts. */
import type { Block } from '@sallyport/core/model/block.js';
import type { Problem, Result } from '@sallyport/core/model/problem.js';
import type { EndPreset, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { Freeze, Tile } from '@sallyport/core/wire/watch-frames.js';
import type { AccessGuard } from './access-guard.js';
import type { ClientEnd } from './ports/client-end.js';
import type { ProbeAnswer } from './ports/target-connector.js';
import type { WatcherEnd } from './ports/watcher-end.js';

export interface Ticket {
  /** 256 random bits, base64url; single use, 60 s, bound to user, host, account and source address (V4). */
  readonly ticket: string;
  readonly expiresAt: number;
}

export interface HostTest {
  readonly probe: ProbeAnswer;
  /** Present when an account was tried: ms per step that passed, and the problem that stopped it. */
  readonly signIn?: { readonly ms: number; readonly shellMs?: number; readonly problem?: Problem };
  /** Key as stored after this test (seen keys are written down as pending). */
  readonly hostKeyId?: string;
}

export interface EndRequest {
  readonly preset?: EndPreset | undefined;
  readonly reason?: string | undefined;
  /** Also blocks the user for this long. */
  readonly blockMinutes?: number | undefined;
}

/** What others do to a running session. Whoever may not is answered `not-found`; one that is over, `session.over`. */
export interface SessionControl {
  /**
   * Ends a live session; answers when its target is closed and everybody told. Idempotent for who ended it. The target is
   * closed before anything is waited for; the recording is sealed and the row stored after the answer.
   */
  end(principal: Principal, sessionId: string, request: EndRequest): Promise<Result<void>>;
  /** Holds what its user types; again: with another reason. */
  freeze(principal: Principal, sessionId: string, reason: string): Promise<Result<void>>;
  /** Idempotent. */
  unfreeze(principal: Principal, sessionId: string): Promise<Result<void>>;
  /** Says something to its user, beside the terminal's bytes. */
  message(principal: Principal, sessionId: string, text: string): Promise<Result<void>>;
  /**
   * Keeps a user out for so long: what runs of them ends at once, and nothing more is let in. `block.self`,
   * `block.last-admin`.
   */
  block(principal: Principal, userId: string, minutes: number, reason: string): Promise<Result<Block>>;
  /** It refuses nothing from now on, and stays as history. Once; then `not-found`. */
  liftBlock(principal: Principal, id: string, reason: string): Promise<Result<void>>;
  /** The newest first. */
  standingBlocks(): readonly Block[];
  /** Names of who watches a running session, for lists. */
  watchersOf(sessionId: string): readonly string[];
  frozen(sessionId: string): Freeze | undefined;
  /** Its host requires a watcher, there is none, and its user's input is held. */
  unwatched(sessionId: string): boolean;
  /** It is over, and its row may not say so yet. */
  ending(sessionId: string): boolean;
}

export interface TileViewer {
  tile(tile: Tile): void;
  /** It has not taken what it was sent: it is left out until it has. */
  readonly busy: boolean;
}
export interface WallSeat {
  /** In sight from now on; those that are over or not theirs to see are left out. */
  want(sessionIds: readonly string[]): void;
  close(): void;
}

/** Looking at running sessions. Whoever may not is answered `not-found`; one that is over, `session.over`. */
export interface SessionWatching {
  issueWatchTicket(principal: Principal, sessionId: string): Promise<Result<Ticket>>;
  /** Redeems a ticket and lets the watcher end in; everything after is told through it. */
  watch(principal: Principal, ticket: string, end: WatcherEnd): Promise<Result<void>>;
  /** Writes down that a watching page sent what only an operator may, where it watches nothing. */
  watchRefused(principal: Principal, what: 'input' | 'resize'): void;
  /** A seat before the live wall. */
  wall(principal: Principal, viewer: TileViewer): WallSeat;
}

export interface Gateway extends SessionControl, SessionWatching {
  readonly guard: AccessGuard;
  /** Ticket for a new session. `host.unknown`, `account.unknown`, limits, or the guard's refusal. */
  issueTicket(principal: Principal, hostId: string, accountId: string): Promise<Result<Ticket>>;
  /** Ticket to take one's own detached or attached session over. `not-found`, `session.over`. */
  issueResumeTicket(principal: Principal, sessionId: string): Promise<Result<Ticket>>;
  /**
   * Redeems a ticket and joins the client end to a new or resumed session. Refusals before a row exists are answered as
   * a problem; from then on everything is told through the client end and the row.
   */
  open(
    principal: Principal,
    ticket: string,
    client: ClientEnd,
    size: TerminalSize,
    from: number | undefined,
  ): Promise<Result<{ readonly sessionId: string }>>;
  /** The asking user could resume it now. */
  resumable(sessionId: string): boolean;
  /** Output bytes of a live session, for lists. */
  outputBytes(sessionId: string): number | undefined;
  /** Network, host key and, with an account, sign-in and shell; writes a new key down as pending. */
  testHost(
    principal: Principal,
    hostId: string,
    accountId: string | undefined,
    signal: AbortSignal,
  ): Promise<Result<HostTest>>;
  liveCount(): number;
  /** Ends every session with `shutdown`, seals recordings. */
  shutdown(): Promise<void>;
}
