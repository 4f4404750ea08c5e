/**
 * Subject: somebody in whose name an operation is asked, as the control engine knows them. (The `Principal` of the
 * gateway is one sign-in or token of a subject.) Another system's users are subjects too.
 */
import type { Properties } from './properties.js';

/** What a second sign-in does while the first is alive (S55-S57). */
export type ForcedLogin = 'reject' | 'replace' | 'ask';

export interface Subject {
  readonly id: string;
  readonly active: boolean;
  readonly roles: readonly string[];
  readonly props: Properties;
  readonly forcedLogin: ForcedLogin;
  /** Instead of what the roles and the settings say. */
  readonly loginsPerDay?: number;
}

/** A role that exists: grants and checks may name it. */
export interface DeclaredRole {
  readonly name: string;
  /** The largest among a subject's roles counts: a role is given in order to allow. */
  readonly loginsPerDay?: number;
}
