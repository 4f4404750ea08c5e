/**
 * Who is asking. One adapter (edges/identity) over a SignInStore. Every answer for a failed sign-in is the same, takes
 * the same time and names nothing (V38); failures are slowed per user and per address, so that no stranger can lock a
 * user out (V39).
 */
import type { Problem, Result } from '@sallyport/core/model/problem.js';
import type { Principal, User } from '@sallyport/core/model/user.js';

/** Who changes a credential, for the audit row. Absent: the command line on the data directory. */
export interface ChangedBy {
  readonly actor: string;
  readonly actorId?: string;
  readonly source: string;
}

export interface SignInAttempt {
  readonly name: string;
  readonly password: string;
  readonly code?: string;
  readonly address: string;
  readonly userAgent: string;
}
export interface SignedIn {
  /** The cookie's value: 256 random bits. Only its SHA-256 is stored. */
  readonly token: string;
  readonly csrf: string;
  readonly principal: Principal;
  readonly expiresAt: number;
}
export interface CurrentSignIn {
  readonly principal: Principal;
  readonly user: User;
  readonly csrf: string;
  readonly expiresAt: number;
}

export interface SignIns {
  signIn(attempt: SignInAttempt): Promise<Result<SignedIn>>;
  /**
   * Checks a cookie and slides its 15 minutes (S59). Also refuses inactive users at once. `look`: nobody did anything, it is
   * only looked whether the sign-in still stands; that slides nothing.
   */
  bySignIn(token: string, address: string, how?: 'slide' | 'look'): Promise<Result<CurrentSignIn>>;
  signOut(token: string, by?: ChangedBy): Promise<void>;
  /** Ends all sign-ins and revokes all tokens of a user (switched off, password reset, role changed). */
  revokeUser(userId: string): Promise<void>;
  /** Told once for each revoked user, so that live sockets can be re-checked. Returns the unsubscribe. */
  onRevoked(call: (userId: string) => void): () => void;
  /** Told the credential id of each sign-in ended by itself: signed out, or its user changed the password elsewhere. */
  onSignedOut(call: (credentialId: string) => void): () => void;
}

export interface TokenRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt?: number;
}
export interface Tokens {
  /**
   * API tokens look like `sp_` and 43 characters; only the SHA-256 is stored. A user has a
   * hundred at most (`auth.too-many-tokens`); those expired for a day are removed.
   */
  createToken(
    userId: string,
    name: string,
    days: number,
    by?: ChangedBy,
  ): Promise<Result<{ readonly row: TokenRow; readonly token: string }>>;
  tokens(userId: string): Promise<readonly TokenRow[]>;
  revokeToken(userId: string, id: string, by?: ChangedBy): Promise<boolean>;
  byToken(token: string, address: string): Promise<Result<CurrentSignIn>>;
}

export interface Credentials {
  /** `auth.password-weak` or the hash (argon2id). */
  hashPassword(password: string, userName: string): Promise<Result<string>>;
  /** Ends the user's other sign-ins; `keepToken`, the cookie of the one that asks, lives on. */
  changePassword(
    userId: string,
    current: string,
    next: string,
    keepToken?: string,
    by?: ChangedBy,
  ): Promise<Problem | undefined>;
  beginTotp(userId: string): Promise<Result<{ readonly secret: string; readonly uri: string }>>;
  /** Turns TOTP on; answers ten recovery codes, shown this once. */
  confirmTotp(userId: string, code: string, by?: ChangedBy): Promise<Result<readonly string[]>>;
  removeTotp(userId: string, password: string, by?: ChangedBy): Promise<Problem | undefined>;
  /** Without the password, for an administrator: the user lost the authenticator and the recovery codes. */
  resetTotp(userId: string, by?: ChangedBy): Promise<Problem | undefined>;
}

export interface FirstSetup {
  /** True once any user exists. */
  isSetUp(): Promise<boolean>;
  /** A fresh one-use setup token, 15 minutes; earlier ones die. Ten wrong tries kill it (V2). */
  issueSetupToken(): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Makes the first administrator. `setup.link-invalid`, `setup.done`, `auth.password-weak`. */
  completeSetup(
    token: string,
    name: string,
    displayName: string,
    password: string,
    source?: string,
  ): Promise<Result<User>>;
}

export interface Identity extends SignIns, Tokens, Credentials, FirstSetup {}

/** Somebody whose identity is proved. */
export interface Knocking {
  readonly userId: string;
  readonly address: string;
  readonly how: 'sign-in' | 'web' | 'token';
}
/** What an identity asks of the control engine when it is proved, and at every access after: the refusal, or nothing. */
export type AccessDoor = (who: Knocking) => Problem | undefined | Promise<Problem | undefined>;
